import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { KubernetesApi } from '../../../src/kubernetes/api.ts';
import type { FollowEvent, ObjectList } from '../../../src/kubernetes/watch.ts';
import { connectTo } from '../../integration/kubernetes/connection.ts';
import {
  brokenEvents,
  drop,
  events,
  type FakeApiServer,
  json,
  makeCertificate,
  silence,
  startFakeApiServer,
} from '../../integration/kubernetes/fake-api-server.ts';

type Answer = ReturnType<typeof json>;

const certificate = makeCertificate();
const folder = mkdtempSync(join(tmpdir(), 'follow-'));
const tokenFile = join(folder, 'token');
writeFileSync(tokenFile, 't');
afterAll(() => rmSync(folder, { recursive: true }));

let server: FakeApiServer;
const open: KubernetesApi[] = [];
beforeEach(async () => {
  server = await startFakeApiServer(certificate);
});
afterEach(async () => {
  await Promise.all(open.splice(0).map(async (api) => await api.close()));
  await server.close();
});

const KNOWN: ObjectList = { objects: [], resourceVersion: '5' };
const pod = (resourceVersion: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'a', namespace: 'n', resourceVersion },
});
const event = (type: string, object: unknown): object => ({ type, object });
const list = json(200, { metadata: { resourceVersion: '5' }, items: [pod('4')] });
const atOnce = { 'retry-after': '0' };
const failed = (status: number, more: object = {}) => json(status, { kind: 'Status', ...more }, atOnce);

/** Follows pods until this number of events has come. Returns the events, as their kind and version. */
async function follow(count: number, known: ObjectList | undefined = KNOWN, user: object = { tokenFile }) {
  const api = connectTo(server, user);
  open.push(api);
  const seen: string[] = [];
  const nameOf = (one: FollowEvent): string =>
    `${one.kind} ${one.kind === 'listed' ? one.resourceVersion : one.object.metadata.resourceVersion}`;
  for await (const one of api.follow('Pod', { namespace: 'n' }, AbortSignal.timeout(20_000), known)) {
    seen.push(nameOf(one));
    if (seen.length === count) break;
  }
  return seen;
}

/** Returns the resource version of each watch so far, and `list` for each list. */
const watched = () =>
  server.requests.map((line) => {
    const query = new URLSearchParams(line.split('?')[1]);
    return query.get('watch') === 'true' ? query.get('resourceVersion') : 'list';
  });

describe('followed objects', () => {
  test('are listed, and then watched from the version of the list', async () => {
    server.answerWith(list, events(event('ADDED', pod('6')), event('MODIFIED', pod('7')), event('DELETED', pod('8'))));
    const api = connectTo(server);
    open.push(api);
    const seen: string[] = [];
    for await (const { kind } of api.follow('Pod', {}, AbortSignal.timeout(20_000))) {
      if (seen.push(kind) === 4) break;
    }
    expect(seen).toEqual(['listed', 'added', 'modified', 'deleted']);
    expect(watched()).toEqual(['list', '5']);
  });

  test('are not listed if they are known', async () => {
    server.answerWith(events(event('ADDED', pod('6'))));
    expect(await follow(2)).toEqual(['listed 5', 'added 6']);
    expect(watched()).toEqual(['5']);
  });

  test('are watched again from the last version or bookmark after a watch ends or breaks', async () => {
    server.answerWith(
      events(event('ADDED', pod('6')), event('BOOKMARK', { metadata: { resourceVersion: '9' } })),
      brokenEvents(event('MODIFIED', pod('10'))),
      events(event('MODIFIED', pod('11'))),
    );
    expect(await follow(4)).toEqual(['listed 5', 'added 6', 'modified 10', 'modified 11']);
    expect(watched()).toEqual(['5', '9', '10']);
  });

  test.each<[string, readonly Answer[]]>([
    ['the answer 410', [failed(410)]],
    ['an answer that gives the reason', [failed(400, { reason: 'Expired' })]],
    ['an event with 410', [events(event('ERROR', { kind: 'Status', code: 410 }))]],
    ['an event that gives the reason', [events(event('ERROR', { kind: 'Status', code: 400, reason: 'Expired' }))]],
  ])('are listed again if their version has expired, by %s', async (_rule, answers) => {
    server.answerWith(...answers, list, events(event('ADDED', pod('6'))));
    expect(await follow(3)).toEqual(['listed 5', 'listed 5', 'added 6']);
    expect(watched()).toEqual(['5', 'list', '5']);
  });

  test.each<[string, readonly Answer[]]>([
    ['an outage', [failed(503)]],
    ['a broken connection', [drop]],
    ['an error of the watch without a code', [events(event('ERROR', {}))]],
  ])('are watched again after %s', async (_rule, answers) => {
    server.answerWith(...answers, events(event('ADDED', pod('6'))));
    expect(await follow(2)).toEqual(['listed 5', 'added 6']);
    expect(watched()).toEqual(['5', '5']);
  });

  test('are watched again once with a token that is read again, and once more after the watch has worked', async () => {
    const works = events(event('ADDED', pod('6')));
    server.answerWith(failed(401), works, failed(401), works);
    expect(await follow(3)).toEqual(['listed 5', 'added 6', 'added 6']);
  });

  test('are watched again after a refusal that follows a failure of the API server', async () => {
    server.answerWith(failed(503), failed(403), events(event('ADDED', pod('6'))));
    expect(await follow(2)).toEqual(['listed 5', 'added 6']);
  });
});

describe('following ends', () => {
  test.each<[string, readonly Answer[], object]>([
    [
      'if it is forbidden',
      [failed(403, { message: 'User "ci" cannot watch resource "pods" in API group ""' })],
      { code: 'FORBIDDEN' },
    ],
    [
      'if the request is wrong',
      [failed(400, { reason: 'BadRequest' })],
      { code: 'APPLY_REJECTED', reason: 'BadRequest' },
    ],
    ['with an event of an unknown type', [events(event('OTHER', pod('6')))], { reason: 'InvalidResponse' }],
    ['with an event without an object', [events(event('ADDED', {}))], { reason: 'InvalidResponse' }],
    ['with a bookmark without a version', [events(event('BOOKMARK', {}))], { reason: 'InvalidResponse' }],
    [
      'with an event that is no JSON',
      [(_request, response) => response.writeHead(200).end('{\n')],
      { reason: 'InvalidResponse' },
    ],
  ])('%s', async (_rule, answers, error) => {
    server.answerWith(...answers);
    await expect(follow(2)).rejects.toMatchObject(error);
    expect(server.requests).toHaveLength(1);
  });

  test.each([
    ['a token of the kubeconfig', { token: 't' }, 1],
    ['a token file', { tokenFile }, 2],
  ])('if the credentials are refused again: %s', async (_rule, user, count) => {
    server.answerWith(failed(401));
    await expect(follow(2, KNOWN, user)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(server.requests).toHaveLength(count);
  });

  test('with the reason of an abort, before and during a watch', async () => {
    const reason = new Error('cancelled');
    const controller = new AbortController();
    const api = connectTo(server);
    open.push(api);
    const consume = async (signal: AbortSignal) => {
      for await (const { kind } of api.follow('Pod', {}, signal, KNOWN)) expect(kind).toBe('listed');
    };
    await expect(consume(AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(server.requests).toEqual([]);
    server.answerWith((...sent) => {
      silence(...sent);
      controller.abort(reason);
    });
    await expect(consume(controller.signal)).rejects.toBe(reason);
  });
});
