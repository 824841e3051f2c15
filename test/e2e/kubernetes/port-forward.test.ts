import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connectKubernetes, type KubernetesApi } from '../../../src/kubernetes/api.ts';
import { loadKubeConfig } from '../../../src/kubernetes/kubeconfig.ts';
import { decodePod, type Pod } from '../../../src/objects/pod.ts';
import { makeNamespace, type TestNamespace } from '../../support/namespace.ts';

const fieldManager = 'test-manager';
const signal = AbortSignal.timeout(2 * 60_000);
let namespace: TestNamespace;
let api: KubernetesApi;
let server: Pod;

function pod(name: string, image: string, imagePullPolicy = 'IfNotPresent') {
  const readinessProbe = { tcpSocket: { port: 4222 }, periodSeconds: 1 };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: namespace.name },
    spec: {
      terminationGracePeriodSeconds: 1,
      // Ready must mean that the port listens: without a probe it only means that the program was started.
      containers: [{ name: 'nats', image, imagePullPolicy, args: ['-p', '4222'], readinessProbe }],
    },
  };
}

/** Watches the pod until `reached`. */
async function podThat(name: string, reached: (state: Pod) => boolean): Promise<Pod> {
  const selection = { namespace: namespace.name, fieldSelector: `metadata.name=${name}` };
  for await (const event of api.follow('Pod', selection, signal)) {
    const objects = event.kind === 'listed' ? event.objects : [event.object];
    const found = objects.map(decodePod).find(reached);
    if (found !== undefined) return found;
  }
  throw new Error('the watch ended');
}

beforeAll(async () => {
  namespace = await makeNamespace('port-forward');
  api = connectKubernetes(loadKubeConfig(undefined, undefined, process.env));
  await api.apply(pod('server', 'nats:2.15.2'), { fieldManager }, signal);
  server = await podThat('server', ({ ready }) => ready);
});

afterAll(async () => {
  await api?.close();
  await namespace?.remove();
});

async function open(port = 4222): Promise<Duplex> {
  return await api.portForward(namespace.name, 'server', port, signal);
}

/** Waits for the error of a stream. The kubelet may have reported it before the caller could listen to the stream. */
async function errorOf(stream: Duplex): Promise<unknown> {
  if (stream.errored !== null) return stream.errored;
  const [error] = await once(stream, 'error');
  return error;
}

/** Reads bytes until `enough`; fails when the stream ends before. */
async function read(stream: Duplex, enough: (bytes: number, tail: string) => boolean): Promise<string> {
  let total = 0;
  let tail = '';
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    const bytes = Buffer.from(chunk);
    total += bytes.length;
    tail = (tail + bytes.toString('latin1')).slice(-200_000);
    if (enough(total, tail)) return tail;
  }
  throw new Error(`the stream ended after ${total} bytes`);
}

async function collected(stream: Duplex): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('latin1');
}

describe('port-forward', () => {
  test('delivers the greeting of the pod first', async () => {
    const stream = await open();
    expect(await read(stream, (_, text) => text.includes('\r\n'))).toMatch(/^INFO \{.*\}/);
    stream.resume().end(); // As with any socket, only a reader sees the end.
    await once(stream, 'close');
  });

  test('returns 32 MiB complete and in order to a reader that is slow at first', async () => {
    const stream = await open();
    await read(stream, (_, text) => text.includes('\r\n'));
    const payload = Buffer.alloc(1024 * 512, 'nats');
    const count = 64;
    const frames = Array.from(
      { length: count },
      (_, index) => `PUB echo ${payload.length + 4}\r\n${String(index).padStart(4, '0')}`,
    );
    stream.write('CONNECT {"verbose":false,"echo":true}\r\nSUB echo 1\r\nPING\r\n');
    await read(stream, (_, text) => text.includes('PONG'));
    const half = count / 2;
    const echoes = async (): Promise<readonly Buffer[]> => {
      const bodies: Buffer[] = [];
      let rest = Buffer.alloc(0);
      for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
        rest = Buffer.concat([rest, Buffer.from(chunk)]);
        for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
          const size = Number(/^MSG echo 1 (\d+)$/.exec(rest.subarray(0, end).toString('latin1'))?.[1] ?? -2); // PING
          if (rest.length < end + 4 + size) break;
          if (size >= 0) bodies.push(rest.subarray(end + 2, end + 2 + size));
          rest = rest.subarray(end + 4 + size);
        }
        if (bodies.length === count) break;
      }
      return bodies;
    };
    const write = async (some: readonly string[]): Promise<void> => {
      for (const frame of some) {
        stream.write(frame);
        stream.write(payload);
        if (!stream.write('\r\n')) await once(stream, 'drain');
      }
    };
    await write(frames.slice(0, half)); // The stream has no reader yet: answers must wait and must not be lost.
    const [bodies] = await Promise.all([echoes(), write(frames.slice(half))]);
    const heads = bodies.map((body) => body.subarray(0, 4).toString('latin1'));
    const received = bodies.filter((body) => body.subarray(4).equals(payload)).length * payload.length;
    expect(received).toBe(32 * 1024 * 1024);
    expect(heads).toEqual([...heads].sort());
    stream.destroy();
  });

  test('keeps many streams to one pod apart', async () => {
    const streams = await Promise.all(Array.from({ length: 8 }, async () => await open()));
    const greetings = await Promise.all(
      streams.map(async (stream) => await read(stream, (_, text) => text.includes('\r\n'))),
    );
    const clients = greetings.map((text) => /"client_id":(\d+)/.exec(text)?.[1]);
    expect(new Set(clients).size).toBe(8);
    for (const stream of streams) stream.destroy();
  });

  test('ends a stream that the server ends', async () => {
    const stream = await open();
    stream.write('THIS IS NO NATS\r\n'); // The server answers with -ERR and closes.
    const [text] = await Promise.all([collected(stream), once(stream, 'close')]);
    expect(text).toContain('-ERR');
  });

  test('fails with the words of the kubelet if no program listens on the port', async () => {
    const stream = await open(4999);
    stream.resume();
    const error = await errorOf(stream);
    expect(error).toMatchObject({ code: 'CLUSTER_UNREACHABLE', reason: 'PortForward' });
    expect(String(error)).toMatch(/refused/);
  });

  test('opens a connection of its own for each stream of one request', async () => {
    const streams = await api.portForwards(namespace.name, 'server', [4222, 4999, 4222], signal);
    const [first, nobody, second] = streams;
    if (first === undefined || nobody === undefined || second === undefined) throw new Error('three were asked for');
    const isLine = (_: number, tail: string): boolean => tail.endsWith('\r\n');
    nobody.resume();
    const [refused, infos] = await Promise.all([
      errorOf(nobody),
      Promise.all([first, second].map(async (stream) => await read(stream, isLine))),
    ]);
    expect(String(refused)).toMatch(/:4999 ended: .*refused/);
    const ids = infos.map((info) => /"client_id":(\d+)/.exec(info)?.[1]);
    expect(new Set(ids).size).toBe(2);
    expect(ids).not.toContain(undefined);
    first.destroy();
    second.write('PING\r\n');
    expect(await read(second, isLine)).toContain('PONG');
    second.destroy();
  });

  test('ends an open stream when it is aborted', async () => {
    const stop = new AbortController();
    const stream = await api.portForward(namespace.name, 'server', 4222, stop.signal);
    const closed = once(stream, 'close').catch((error: unknown) => error);
    stop.abort(new Error('enough'));
    await closed;
    expect(stream.destroyed).toBe(true);
  });

  test('reports a pod that does not exist', async () => {
    await expect(api.portForward(namespace.name, 'nobody', 4222, signal)).rejects.toMatchObject({
      code: 'APPLY_REJECTED',
      reason: 'NotFound',
    });
  });
});

describe('the client for pods', () => {
  test('reads the last lines of a log, and none of a container that never ran', async () => {
    const ref = { namespace: namespace.name, pod: 'server', container: 'nats' };
    expect(await api.podLog(ref, { tailLines: 100 }, signal)).toContain('Server is ready');
    expect((await api.podLog(ref, { tailLines: 1 }, signal))?.trimEnd().split('\n')).toHaveLength(1);
    expect(await api.podLog(ref, { tailLines: 1, previous: true }, signal)).toBeUndefined();
    expect(await api.podLog({ ...ref, pod: 'nobody' }, { tailLines: 1 }, signal)).toBeUndefined();
  });

  test('decodes a running pod with node, address and running container', () => {
    expect(server).toMatchObject({ phase: 'Running', ready: true, terminating: false, controllerRevision: undefined });
    expect(server.nodeName).toBeDefined();
    expect(server.containers).toMatchObject([{ name: 'nats', ready: true, state: { kind: 'running' } }]);
  });

  test('reports a missing image as the reason for which the container waits', async () => {
    await api.apply(pod('unpullable', 'registry.invalid/none:1', 'Never'), { fieldManager }, signal);
    const stuck = await podThat('unpullable', ({ containers }) =>
      containers.some(({ state }) => state.kind === 'waiting' && state.reason === 'ErrImageNeverPull'),
    );
    expect(stuck.ready).toBe(false);
  });
});
