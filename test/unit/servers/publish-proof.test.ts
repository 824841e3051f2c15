import { describe, expect, test } from '@jest/globals';
import type { ServerConnection } from '../../../src/servers/connection.ts';
import { fail, type ServerResult, succeed } from '../../../src/servers/failure.ts';
import { verifyPublish } from '../../../src/servers/publish-proof.ts';
import { playedConnection } from '../support/played-connection.ts';

type Receive = (message: ServerResult<string>) => void;

/** Servers that pass messages on, unless `isCut` says that the message of one does not reach another. */
function servers(
  count: number,
  isCut: (from: number, to: number) => boolean = () => false,
  more: Partial<ServerConnection> = {},
) {
  const receivers = new Map<number, Receive>();
  const subjects = new Set<string>();
  const connections = Array.from({ length: count }, (_, at) =>
    playedConnection(`s${at}`, {
      publish: (subject, body) => {
        subjects.add(subject);
        for (const [to, receive] of receivers) if (!isCut(at, to)) receive(succeed(body));
      },
      subscribe: (_subject, receive) => {
        receivers.set(at, receive);
        return () => void receivers.delete(at);
      },
      ...more,
    }),
  );
  return { connections, receivers, subjects };
}

const verify = async (
  { connections }: Pick<ReturnType<typeof servers>, 'connections'>,
  timeoutMs = 5000,
  signal: AbortSignal = new AbortController().signal,
) => await verifyPublish({ connections, subjectPrefix: 'p', signal, timeoutMs });

describe('the check of messages', () => {
  test.each([1, 2, 3])('passes if every server receives the messages of every one of %d servers', async (count) => {
    const all = servers(count);
    expect(await verify(all)).toEqual({ kind: 'verified' });
    expect([...all.subjects]).toEqual([expect.stringMatching(/^p\.[\w-]{36}$/)]);
    expect(all.receivers.size).toBe(0);
  });

  test('repeats messages until they arrive', async () => {
    let attempts = 0;
    const late = servers(2, (from, to) => from === 0 && to === 1 && ++attempts < 3);
    expect(await verify(late)).toEqual({ kind: 'verified' });
  });

  test('fails with each direction in which no message arrived', async () => {
    const proof = await verify(
      servers(2, (from, to) => from === 0 && to === 1),
      60,
    );
    expect(proof).toMatchObject({ kind: 'failed', reason: 'MessagesMissing' });
    expect(JSON.stringify(proof)).toMatch(/s0 → s1"/);
    expect(JSON.stringify(proof)).not.toMatch(/s1 → s0|s0 → s0|s1 → s1/);
  });

  test('fails without servers', async () => {
    expect(await verify(servers(0))).toMatchObject({ kind: 'failed', reason: 'MessagesMissing' });
  });

  test('fails if a server forbids the subscription', async () => {
    const forbid = (_subject: string, receive: Receive) => {
      receive(fail('PermissionsViolation', 'no'));
      return () => {};
    };
    expect(await verify(servers(2, () => true, { subscribe: forbid }))).toMatchObject({ reason: 'PublishForbidden' });
  });

  test('is undecided if a connection breaks', async () => {
    const flush = async () => fail('Unreachable', 'it broke');
    expect(await verify(servers(2, () => true, { flush }))).toMatchObject({
      kind: 'unknown',
      failure: { reason: 'Unreachable' },
    });
  });

  test('waits for each server until its own deadline', async () => {
    const limits: number[] = [];
    const flush = async (timeoutMs: number) => {
      limits.push(timeoutMs);
      return succeed(undefined);
    };
    await verify(servers(2, undefined, { flush }));
    expect(limits.every((limit) => limit > 1000 && limit <= 5000)).toBe(true);
    expect(limits).not.toEqual([]);
  });

  test('ends with the reason of an abort', async () => {
    const reason = new Error('cancelled');
    const controller = new AbortController();
    const checking = verify(
      servers(2, () => true),
      5000,
      controller.signal,
    );
    controller.abort(reason);
    await expect(checking).rejects.toBe(reason);
  });
});
