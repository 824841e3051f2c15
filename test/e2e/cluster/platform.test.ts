import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { PassThrough, type Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Exec, Log, PortForward, type V1Pod, type V1Status } from '@kubernetes/client-node';
import { DEFAULT_NATS_SERVER_VERSION, NATS_SERVER_VERSIONS } from '../../cluster/versions.ts';
import { eventually } from '../../support/eventually.ts';
import { makeNamespace, type TestNamespace } from '../../support/namespace.ts';
import { MERGE } from '../../support/objects.ts';

const IMAGE = `nats:${DEFAULT_NATS_SERVER_VERSION}`;

describe('the Kubernetes cluster under test', () => {
  let space: TestNamespace;

  beforeAll(async () => {
    space = await makeNamespace('platform');
    await space.core.createNamespacedService({
      namespace: space.name,
      body: { metadata: { name: 'server' }, spec: { selector: { app: 'server' }, ports: [{ port: 4222 }] } },
    });
    await space.core.createNamespacedSecret({
      namespace: space.name,
      body: { metadata: { name: 'settings' }, stringData: { 'server.conf': configuration('first') } },
    });
    await createPod(space, 'server', { volume: true });
    await ready(space, 'server');
  });

  afterAll(async () => {
    await space.remove();
  });

  test.each(NATS_SERVER_VERSIONS)('has the image of nats-server %s on its nodes', async (version) => {
    const name = `release-${version.replaceAll('.', '-')}`;
    await createPod(space, name, { image: `nats:${version}` });
    await ready(space, name);
    await eventually('its first log line', 10, async () => {
      const log = await space.core.readNamespacedPodLog({ name, namespace: space.name });
      return log.includes(version) || undefined;
    });
  });

  test('runs a program in a pod and returns its exit code', async () => {
    const { output, status } = await execute(space, 'server', ['/nats-server', '--version']);
    expect(output).toContain(DEFAULT_NATS_SERVER_VERSION);
    expect(status.status).toBe('Success');
    const failed = await execute(space, 'server', ['/nats-server', '-t', '-c', '/absent']);
    expect(failed.status.status).toBe('Failure');
  });

  test('reaches a pod by port-forward', async () => {
    const forward = new PortForward(space.config);
    const listener = createServer((socket: Socket) => {
      void forward.portForward(space.name, 'server', [4222], socket, new PassThrough(), socket);
    });
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const address = listener.address();
    if (address === null || typeof address === 'string') {
      throw new Error('no port to listen on');
    }
    const client = connect(address.port, '127.0.0.1');
    const [greeting]: Buffer[] = await once(client, 'data');
    expect(greeting?.toString()).toMatch(/^INFO \{"server_id"/);
    client.destroy();
    listener.close();
  });

  test('streams a log until the pod ends', async () => {
    await createPod(space, 'followed', {});
    await ready(space, 'followed');
    const log = new PassThrough();
    let written = '';
    log.on('data', (chunk: Buffer) => {
      written += chunk.toString();
    });
    await new Log(space.config).log(space.name, 'followed', 'server', log, { follow: true });
    const wrote = async (text: string): Promise<true> =>
      await eventually(text, 30, async () => written.includes(text) || undefined);
    await wrote('Server is ready');
    await execute(space, 'followed', ['/nats-server', '--signal', 'reload=1']);
    await wrote('reload server configuration');
    const ended = once(log, 'end');
    await space.core.deleteNamespacedPod({ name: 'followed', namespace: space.name });
    await ended;
  });

  test('resolves a Service to an address that leads to the pod', async () => {
    await createPod(space, 'client', {
      args: ['--routes', 'nats://server:4222', '--cluster_name', 'any', '--cluster', 'nats://0.0.0.0:6222', '-D'],
    });
    await ready(space, 'client');
    // nats-server dials the Service by name. A client port answers a route with a protocol error, which shows that the
    // dial arrived.
    const service = await space.core.readNamespacedService({ name: 'server', namespace: space.name });
    const log = await eventually('the dialled address', 60, async () => {
      const text = await space.core.readNamespacedPodLog({ name: 'client', namespace: space.name });
      return text.includes(`${service.spec?.clusterIP}:4222`) ? text : undefined;
    });
    expect(log).toContain('server:4222');
  });

  test('updates the Secret volume of a running pod at once when the pod gets an annotation', async () => {
    await space.core.replaceNamespacedSecret({
      name: 'settings',
      namespace: space.name,
      body: { metadata: { name: 'settings' }, stringData: { 'server.conf': 'port: not-a-port' } },
    });
    await space.core.patchNamespacedPod(
      { name: 'server', namespace: space.name, body: { metadata: { annotations: { looked: 'now' } } } },
      MERGE,
    );
    await eventually('the new content in the volume', 120, async () => {
      const { status } = await execute(space, 'server', ['/nats-server', '-t', '-c', '/settings/server.conf']);
      return status.status === 'Failure' ? true : undefined;
    });
  });
});

function configuration(name: string): string {
  return `server_name: ${name}\n`;
}

type PodOptions = { readonly image?: string; readonly args?: readonly string[]; readonly volume?: boolean };

async function createPod(space: TestNamespace, name: string, options: PodOptions): Promise<void> {
  const settings = options.volume === true;
  const pod: V1Pod = {
    metadata: { name, labels: { app: name } },
    spec: {
      terminationGracePeriodSeconds: 0,
      containers: [
        {
          name: 'server',
          image: options.image ?? IMAGE,
          readinessProbe: { tcpSocket: { port: 4222 }, periodSeconds: 1 },
          args: [...(options.args ?? (settings ? ['-c', '/settings/server.conf'] : ['-p', '4222']))],
          ...(settings ? { volumeMounts: [{ name: 'settings', mountPath: '/settings' }] } : {}),
        },
      ],
      ...(settings ? { volumes: [{ name: 'settings', secret: { secretName: 'settings' } }] } : {}),
    },
  };
  await space.core.createNamespacedPod({ namespace: space.name, body: pod });
}

async function ready(space: TestNamespace, name: string): Promise<void> {
  await eventually(`pod ${name} Ready`, 60, async () => {
    const pod = await space.core.readNamespacedPod({ name, namespace: space.name });
    return pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') || undefined;
  });
}

async function execute(
  space: TestNamespace,
  pod: string,
  command: readonly string[],
): Promise<{ readonly output: string; readonly status: V1Status }> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const output = Promise.all([text(stdout), text(stderr)]);
  const status = await new Promise<V1Status>((resolve, reject) => {
    new Exec(space.config)
      .exec(space.name, pod, 'server', [...command], stdout, stderr, null, false, resolve)
      .catch(reject);
  });
  stdout.end();
  stderr.end();
  return { output: (await output).join(''), status };
}

async function text(stream: Readable): Promise<string> {
  let all = '';
  for await (const chunk of stream) {
    all += String(chunk);
  }
  return all;
}
