import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PortForward, type V1EnvVar, type V1Pod } from '@kubernetes/client-node';
import { NATS_BOX_VERSION } from '../../cluster/versions.ts';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';
import { eventually } from '../../support/eventually.ts';
import { readSecret } from '../../support/live-cluster.ts';
import type { TestNamespace } from '../../support/namespace.ts';

const SECRET = 'nats-client';
const CA = '/ca/ca.crt';

/** The configuration of an application: only the Secret, with the trust bundle as a file. */
const FROM_SECRET: readonly V1EnvVar[] = [
  fromSecret('NATS_URL', 'url'),
  fromSecret('NATS_USER', 'username'),
  fromSecret('NATS_PASSWORD', 'password'),
  { name: 'NATS_CA', value: CA },
];

/**
 * The arguments of a client that answers every request, and of a client that sends a request and waits for the answer.
 */
const REPLY = ['reply', 'greetings', 'pong'];
const REQUEST = ['request', 'greetings', 'ping', '--raw'];

describe('a client pod', () => {
  let deployment: TestDeployment;

  beforeAll(async () => {
    deployment = await makeDeployment('clients');
    await deployment.requireRun({ replicas: '2' });
    await createClient(deployment.space, 'replier', REPLY, FROM_SECRET);
    await eventually('the replier has subscribed', 60, async () => {
      const log = await logOf(deployment.space, 'replier');
      return log.includes('Listening on "greetings"') || undefined;
    });
  });

  afterAll(async () => {
    await deployment.remove();
  });

  const outcome = async (name: string, environment: readonly V1EnvVar[], argv = REQUEST): Promise<Outcome> => {
    await createClient(deployment.space, name, argv, environment);
    return await awaitEnd(deployment.space, name);
  };
  const replacing = (replacement: V1EnvVar): readonly V1EnvVar[] =>
    FROM_SECRET.map((variable) => (variable.name === replacement.name ? replacement : variable));

  test('publishes and subscribes with the client Secret alone', async () => {
    expect(await outcome('client', FROM_SECRET)).toEqual({ exitCode: 0, log: expect.stringMatching(/^pong\s*$/) });
  });

  test.each([
    ['tls://nats:4222', 'short'],
    ['nats://nats:4222', 'scheme'],
    ['tls://nats-1:4222', 'server'],
  ])('connects with %s too', async (url, name) => {
    const environment = replacing({ name: 'NATS_URL', value: url });
    expect(await outcome(`by-${name}`, environment)).toEqual({ exitCode: 0, log: expect.stringMatching(/^pong\s*$/) });
  });

  test('is refused with a wrong password', async () => {
    const { exitCode, log } = await outcome('guesser', replacing({ name: 'NATS_PASSWORD', value: 'guessed' }));
    expect(exitCode).not.toBe(0);
    expect(log).toMatch(/authorization violation/i);
  });

  test('refuses the server without the CA bundle', async () => {
    const { exitCode, log } = await outcome(
      'distrustful',
      FROM_SECRET.filter(({ name }) => name !== 'NATS_CA'),
    );
    expect(exitCode).not.toBe(0);
    expect(log).toMatch(/certificate signed by unknown authority/);
  });

  // Client libraries change to TLS when the server asks for it, so this test writes the protocol itself, with the right
  // password.
  test('is refused without TLS', async () => {
    const { username = '', password = '' } = await readSecret(deployment.space, SECRET);
    const sign = JSON.stringify({ user: username, pass: password, verbose: true, tls_required: false });
    const answer = await plaintext(deployment.space, `CONNECT ${sign}\r\nPING\r\n`);
    expect(answer).toMatch(/^INFO .*"tls_required":true/);
    expect(answer).not.toMatch(/\+OK|PONG/);
  });
});

function fromSecret(name: string, key: string): V1EnvVar {
  return { name, valueFrom: { secretKeyRef: { name: SECRET, key } } };
}

type Outcome = { readonly exitCode: number; readonly log: string };

/** Creates a pod with one program of the client image under restricted PodSecurity, which the namespace enforces. */
async function createClient(
  space: TestNamespace,
  name: string,
  argv: readonly string[],
  environment: readonly V1EnvVar[],
): Promise<void> {
  const body: V1Pod = {
    metadata: { name },
    spec: {
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 0,
      automountServiceAccountToken: false,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 1000,
        fsGroup: 1000,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      containers: [
        {
          name: 'client',
          image: `docker.io/natsio/nats-box:${NATS_BOX_VERSION}`,
          command: ['nats', ...argv],
          // The program looks for its own settings in the home folder of a named user.
          env: [...environment, { name: 'HOME', value: '/home/client' }, { name: 'USER', value: 'client' }],
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
          volumeMounts: [
            { name: 'ca', mountPath: '/ca', readOnly: true },
            { name: 'home', mountPath: '/home/client' },
          ],
        },
      ],
      volumes: [
        { name: 'ca', secret: { secretName: SECRET, items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
        { name: 'home', emptyDir: {} },
      ],
    },
  };
  await space.core.createNamespacedPod({ namespace: space.name, body });
}

async function awaitEnd(space: TestNamespace, name: string): Promise<Outcome> {
  const own = { name, namespace: space.name };
  const exitCode = await eventually(`the end of pod ${name}`, 60, async () => {
    const { status } = await space.core.readNamespacedPod(own);
    return status?.containerStatuses?.[0]?.state?.terminated?.exitCode;
  });
  return { exitCode, log: await logOf(space, name) };
}

/** Reads the log; empty until the container runs. */
async function logOf({ core, name: namespace }: TestNamespace, name: string): Promise<string> {
  const { status } = await core.readNamespacedPod({ name, namespace });
  const { running, terminated } = status?.containerStatuses?.[0]?.state ?? {};
  return running === undefined && terminated === undefined ? '' : await core.readNamespacedPodLog({ name, namespace });
}

/** Sends these bytes to a server. Returns everything that the server answers until it closes the connection. */
async function plaintext(space: TestNamespace, bytes: string): Promise<string> {
  const [toServer, fromServer, trouble] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const chunks: Buffer[] = [];
  fromServer.on('data', (chunk: Buffer) => chunks.push(chunk));
  const forward = new PortForward(space.config);
  const opened = await forward.portForward(space.name, 'nats-0', [4222], fromServer, trouble, toServer);
  const socket = typeof opened === 'function' ? opened() : opened;
  if (socket === null) {
    throw new Error('the port-forward did not open');
  }
  const closed = new Promise<void>((resolve) => {
    socket.onclose = () => resolve();
  });
  toServer.write(bytes);
  await closed;
  return Buffer.concat(chunks).toString();
}
