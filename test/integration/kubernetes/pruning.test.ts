import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { FIELD_MANAGER } from '../../../src/cluster/names.ts';
import type { Preview, PruneRule } from '../../../src/cluster/preview.ts';
import { Waiting } from '../../../src/commands/context/waiting.ts';
import { Diagnoser } from '../../../src/commands/diagnosis/diagnoser.ts';
import { readPreviews } from '../../../src/commands/live/preview-record.ts';
import { type Pruning, prunePreviews } from '../../../src/commands/previews/pruning.ts';
import { ActionError } from '../../../src/errors/action-error.ts';
import { readers } from '../../../src/inputs/inputs.ts';
import type { KubernetesApi } from '../../../src/kubernetes/api.ts';
import { buildPreviewLease } from '../../../src/manifests/leases.ts';
import { type JsonRecord, recordOf, textOf } from '../../../src/objects/json.ts';
import { createRunner } from '../../../src/runner/runner.ts';
import { connectTo } from './connection.ts';
import { type FakeApiServer, startFakeApiServer } from './fake-api-server.ts';

const TERMS: PruneRule = { keep: undefined, now: new Date('2026-03-02T00:00:00Z') };
const EXPIRED = new Date('2026-03-01T00:00:00Z');
const RENEWED = new Date('2026-03-05T00:00:00Z');

let server: FakeApiServer;
let api: KubernetesApi;
/** The Leases of previews and locks, by name; the server has no other objects. */
let leases: Map<string, JsonRecord>;
/** The functions to run before a request of this method and name is answered. */
let before: Map<string, () => void>;
let refused: string | undefined;

beforeEach(async () => {
  [leases, before, refused] = [new Map(), new Map(), undefined];
  server = await startFakeApiServer();
  server.answerWith(answer);
  api = connectTo(server);
});

afterEach(async () => {
  await api.close();
  await server.close();
});

function put(name: string, object: JsonRecord): JsonRecord {
  const managedFields = [{ manager: FIELD_MANAGER, operation: 'Update' }];
  const uid = `uid-of-${name}`;
  const stored = { ...object, metadata: { ...recordOf(object['metadata']), uid, resourceVersion: '1', managedFields } };
  leases.set(name, stored);
  return stored;
}

function preview(name: string, expires = EXPIRED): void {
  put(`${name}-preview`, buildPreviewLease(name, 'n', { expires, holder: 'deploy' }));
}

function reply(method: string, name: string, body: JsonRecord): { readonly code: number; readonly body: unknown } {
  const found = leases.get(name);
  if (method === 'DELETE' && refused === name) {
    const message = 'leases is forbidden: User "u" cannot delete resource "leases" in API group "coordination.k8s.io"';
    return { code: 403, body: { kind: 'Status', reason: 'Forbidden', message } };
  }
  if (method === 'POST' || method === 'PUT') return { code: 200, body: put(name, body) };
  if (found === undefined) return { code: 404, body: { kind: 'Status', reason: 'NotFound' } };
  if (method === 'DELETE') leases.delete(name);
  return { code: 200, body: found };
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  const { pathname } = new URL(request.url ?? '', 'https://x');
  const [, kind = '', named = ''] = /\/namespaces\/n\/(\w+)(?:\/(.+))?$/.exec(pathname) ?? [];
  let text = '';
  request.on('data', (bytes: Buffer) => {
    text += bytes.toString();
  });
  request.on('end', () => {
    const method = request.method ?? '';
    const body = recordOf(text === '' ? {} : JSON.parse(text));
    const name = named === '' ? (textOf(recordOf(body['metadata'])['name']) ?? '') : named;
    before.get(`${method} ${name}`)?.();
    const items = kind === 'leases' ? [...leases.values()] : [];
    const list = { code: 200, body: { kind: 'List', metadata: { resourceVersion: '1' }, items } };
    const result = method === 'GET' && named === '' ? list : reply(method, name, body);
    response.writeHead(result.code, { 'content-type': 'application/json' }).end(JSON.stringify(result.body));
  });
}

async function prune(previews: readonly Preview[], stop = new AbortController().signal): Promise<Pruning> {
  const runner = { ...createRunner({}, stop), info: () => {} };
  const signal = AbortSignal.any([stop, AbortSignal.timeout(30_000)]);
  const inputs = readers.prune((row) => row.absent);
  const waiting = new Waiting(runner, () => 0, 30_000);
  const run = { api, inputs, runner, waiting, diagnoser: new Diagnoser((text) => text), signal, stop };
  return await prunePreviews(run, previews, TERMS);
}

async function listPreviews(): Promise<readonly Preview[]> {
  return await readPreviews(api, 'n', AbortSignal.timeout(30_000));
}

describe('pruning', () => {
  test('deletes an expired preview and its lock', async () => {
    preview('a');
    expect(await prune(await listPreviews())).toMatchObject({
      pruned: [{ preview: { name: 'a' } }],
      staying: [],
      failed: [],
    });
    expect([...leases.keys()]).toEqual([]);
  });

  test.each([
    ['renewed', () => preview('a', RENEWED), ['a-preview']],
    ['deleted', () => leases.delete('a-preview'), []],
  ])('keeps a preview that was %s after the list and before the lock', async (_, happens, there) => {
    preview('a');
    const previews = await listPreviews();
    before.set('POST a-deploy', happens);
    expect(await prune(previews)).toMatchObject({
      pruned: [],
      staying: [{ why: expect.stringContaining('in the meantime') }],
      failed: [],
    });
    expect([...leases.keys()]).toEqual(there);
  });

  test('continues after a preview that cannot be deleted, and reports that preview', async () => {
    ['a', 'b', 'c'].forEach((name) => preview(name));
    refused = 'b-preview';
    const { pruned, failed } = await prune(await listPreviews());
    expect(pruned.map(({ preview: { name } }) => name).toSorted()).toEqual(['a', 'c']);
    expect(failed).toMatchObject([{ preview: { name: 'b' }, error: { code: 'FORBIDDEN' } }]);
    expect([...leases.keys()]).toEqual(['b-preview']);
  });

  test('stops when it is cancelled, and starts no further deletion', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `p${index}`);
    names.forEach((name) => preview(name));
    const stop = new AbortController();
    const cancelled = new ActionError('CANCELLED', 'stopped', { hint: 'again', details: { signal: 'SIGINT' } });
    before.set('POST p0-deploy', () => stop.abort(cancelled));
    const previews = await listPreviews();
    await expect(prune(previews, stop.signal)).rejects.toBe(cancelled);
    expect(leases.has('p11-preview')).toBe(true);
  });
});
