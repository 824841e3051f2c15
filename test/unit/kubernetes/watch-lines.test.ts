import { expect, test } from '@jest/globals';
import type { KubernetesApi } from '../../../src/kubernetes/api.ts';
import { useFakeApiServer } from '../../integration/kubernetes/connection.ts';
import { type FakeApiServer } from '../../integration/kubernetes/fake-api-server.ts';

const MAX_CHARS = 16 * 1024 * 1024;
let server: FakeApiServer;
let api: KubernetesApi;
useFakeApiServer((started, connected) => {
  [server, api] = [started, connected];
});

const lineOf = (name: string): string =>
  JSON.stringify({ type: 'ADDED', object: { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'n' } } });

/** Watches pods at an API server that sends these chunks. Returns the names of the first pods. */
async function watch(count: number, ...chunks: readonly (string | Buffer)[]) {
  server.answerWith((_request, response) => {
    const send = async (): Promise<void> => {
      response.writeHead(200);
      for (const chunk of chunks) {
        await new Promise((resolve) => response.write(chunk, resolve));
        if (chunks.length > 1) await new Promise((resolve) => setTimeout(resolve, 5));
      }
      response.end();
    };
    void send();
  });
  const names: string[] = [];
  const known = { objects: [], resourceVersion: '5' };
  for await (const event of api.follow('Pod', {}, AbortSignal.timeout(60_000), known)) {
    if (event.kind === 'added') names.push(event.object.metadata.name);
    if (names.length === count) break;
  }
  return names;
}

test('the events of a watch may be cut anywhere, even within a character, and empty lines are skipped', async () => {
  const bytes = Buffer.from(`${lineOf('a')}\n\n \n${lineOf('é')}\n`);
  const at = bytes.indexOf(Buffer.from('é')) + 1;
  const names = await watch(3, bytes.subarray(0, 9), bytes.subarray(9, at), bytes.subarray(at), `${lineOf('c')}\n`);
  expect(names).toEqual(['a', 'é', 'c']);
});

test('an event of a watch has at most 16 MiB', async () => {
  const line = (chars: number): string => lineOf('a').padEnd(chars, ' ');
  expect(await watch(2, `${lineOf('b')}\n${line(MAX_CHARS)}\n`)).toEqual(['b', 'a']);
  await expect(watch(1, `${line(MAX_CHARS + 1)}\n`)).rejects.toMatchObject({ reason: 'InvalidResponse' });
});
