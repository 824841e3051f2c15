import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { HeldLock } from '../../../src/commands/lock/held-lock.ts';
import { acquireLock } from '../../../src/commands/lock/lock.ts';
import { ActionError } from '../../../src/errors/action-error.ts';
import type { KubernetesApi } from '../../../src/kubernetes/api.ts';
import { pause } from '../../../src/time/pause.ts';
import { eventually } from '../../support/eventually.ts';
import { connectTo } from './connection.ts';
import { drop, type FakeApiServer, startFakeApiServer } from './fake-api-server.ts';
import { createLeaseServer, type LeaseServer } from './lease-server.ts';

const TTL_MS = 1_000;

let server: FakeApiServer;
let lease: LeaseServer;
let signal: AbortSignal;
let lines: string[];
const apis: KubernetesApi[] = [];
const locks: HeldLock[] = [];

beforeEach(async () => {
  server = await startFakeApiServer();
  lease = createLeaseServer();
  server.answerWith(lease.answer);
  signal = AbortSignal.timeout(60_000);
  lines = [];
});

afterEach(async () => {
  server.answerWith(lease.answer);
  await Promise.all(locks.splice(0).map(async (lock) => await lock.release()));
  await Promise.all(apis.splice(0).map(async (api) => await api.close()));
  await server.close();
});

/** Acquires the lock with a run of its own, with connections of its own. */
async function acquire(holder: string, ttlMs = TTL_MS, until = signal): Promise<HeldLock> {
  const api = connectTo(server);
  apis.push(api);
  const waiting = (line: string): void => {
    lines.push(line);
  };
  const lock = await acquireLock({ api, namespace: 'n', name: 'nats', holder, ttlMs, waiting, signal: until });
  locks.push(lock);
  return lock;
}

/** Answers PUT requests with this status, and all other requests as an API server does. */
function puts(answer: (request: IncomingMessage, response: ServerResponse) => void): void {
  server.answerWith((request, response) => (request.method === 'PUT' ? answer : lease.answer)(request, response));
}

describe('the lock', () => {
  test('is taken with one request if it is free, and its Lease is deleted at the release', async () => {
    const lock = await acquire('a');
    expect([lease.holder(), server.requests.length, lines]).toEqual(['a', 1, []]);
    await lock.check();
    await lock.release();
    expect(lease.holder()).toBeUndefined();
  });

  test('is renewed while it is held', async () => {
    const lock = await acquire('a');
    await eventually('renewals', 20, async () =>
      server.requests.filter((request) => request.startsWith('PUT')).length >= 4 ? true : undefined,
    );
    await lock.check();
    expect([lease.holder(), lock.signal.aborted]).toEqual(['a', false]);
  });

  test('is taken as soon as its holder releases it, and the log names the holder once', async () => {
    const first = await acquire('a', 30_000);
    const second = acquire('b', 30_000);
    await eventually('a waiting run', 20, async () => (lines.length > 0 ? true : undefined));
    await first.release();
    await second;
    expect(lease.holder()).toBe('b');
    expect(lines).toEqual([
      expect.stringMatching(/^waiting for the lock \(Lease n\/nats-deploy\): held by a since \d{4}-/),
    ]);
  });

  test('is held by one of five concurrent runs at a time, and by each of them in the end', async () => {
    let holders = 0;
    const held: string[] = [];
    const run = async (name: string): Promise<void> => {
      const lock = await acquire(name);
      holders += 1;
      expect(holders).toBe(1);
      await pause(50, signal);
      await lock.check();
      held.push(name);
      holders -= 1;
      await lock.release();
    };
    await Promise.all(['a', 'b', 'c', 'd', 'e'].map(run));
    expect(held.toSorted()).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  test('is taken over from a run that died, and the log says so', async () => {
    await acquire('dead');
    lease.cutOff('dead');
    await acquire('b');
    expect(lease.holder()).toBe('b');
    expect(lines.at(-1)).toMatch(/^took over the lock from dead, which did not renew it for 1 s$/);
  });

  test('fails with LOCKED, the holder and the next action if it is still held at the deadline', async () => {
    await acquire('a', 30_000);
    await expect(acquire('b', 30_000, AbortSignal.timeout(1_000))).rejects.toMatchObject({
      code: 'LOCKED',
      reason: 'Held',
      details: { holder: 'a' },
      hint: expect.stringContaining('kubectl -n n delete lease nats-deploy'),
    });
  });

  test('ends its wait when the run is cancelled', async () => {
    await acquire('a', 30_000);
    const stop = new AbortController();
    const waiting = acquire('b', 30_000, stop.signal);
    await eventually('a waiting run', 20, async () => (lines.length > 0 ? true : undefined));
    stop.abort(new ActionError('CANCELLED', 'cancelled', { hint: '', details: { signal: 'SIGINT' } }));
    await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  test('is recognized as its own after a creation that got no answer', async () => {
    const unanswered = (request: IncomingMessage, response: ServerResponse): void => {
      response.end = () => {
        request.socket.destroy();
        return response;
      };
      lease.answer(request, response);
    };
    server.answerWith(unanswered, lease.answer);
    await acquire('a');
    expect([lease.holder(), lines]).toEqual(['a', []]);
  });
});

describe('the held lock', () => {
  test('ends the run before its next write after a manual deletion of the Lease', async () => {
    const lock = await acquire('a');
    lease.remove();
    await eventually('the loss', 20, async () => (lock.signal.aborted ? true : undefined));
    expect(lock.signal.reason).toMatchObject({ code: 'LOCKED', reason: 'Lost', details: { holder: '' } });
    await expect(lock.check()).rejects.toMatchObject({ code: 'LOCKED' });
    await lock.release();
  });

  test('leaves the Lease to another run that took it while it could not be renewed', async () => {
    const isolated = await acquire('a');
    lease.cutOff('a');
    await acquire('b');
    lease.cutOff(undefined);
    await expect(isolated.check()).rejects.toMatchObject({ code: 'LOCKED', reason: 'Lost', details: { holder: 'b' } });
    await isolated.release();
    expect(lease.holder()).toBe('b');
  });

  test('is kept when a label is added to the Lease', async () => {
    const lock = await acquire('a');
    lease.touch();
    const before = server.requests.length;
    await eventually('a renewal', 20, async () =>
      server.requests.slice(before).filter((request) => request.startsWith('PUT')).length >= 2 ? true : undefined,
    );
    await lock.check();
    expect([lock.signal.aborted, lease.holder()]).toEqual([false, 'a']);
  });

  test('survives failed renewals for a while, and blocks writes meanwhile', async () => {
    const lock = await acquire('a');
    puts(drop);
    await pause(TTL_MS, signal);
    await expect(lock.check()).rejects.toMatchObject({ code: 'LOCKED', reason: 'NotRenewed' });
    server.answerWith(lease.answer);
    await eventually(
      'a renewal',
      30,
      async () =>
        await lock.check().then(
          () => true,
          () => undefined,
        ),
    );
    expect([lock.signal.aborted, lease.holder()]).toEqual([false, 'a']);
  });

  test('reports a release that the API server did not answer, without an error', async () => {
    const lock = await acquire('a');
    server.answerWith(drop);
    await lock.release();
    expect(lines).toEqual([expect.stringMatching(/could not be released; it expires in 1 s$/)]);
  });
});
