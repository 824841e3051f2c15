import { Duplex } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { SharedDials } from '../../../../src/commands/pods/server-access.ts';
import { ActionError } from '../../../../src/errors/action-error.ts';

const { signal } = new AbortController();

/** Makes streams that record their destination. */
function forwards(refusal?: ActionError) {
  const asked: string[] = [];
  const portForwards = async (_: string, pod: string, ports: readonly number[]): Promise<readonly Duplex[]> => {
    asked.push(`${pod} ${ports.join(' ')}`);
    if (refusal !== undefined) throw refusal;
    return ports.map((port) => Duplex.from([`${pod}:${port}`]));
  };
  const shared = new SharedDials({ portForwards }, 'messaging', signal);
  return { asked, dials: (pod: string) => shared.reach(pod) };
}

async function readDestination(stream: Duplex): Promise<unknown> {
  const [first] = await stream.toArray();
  return first;
}

describe('connections to the pods of a NATS cluster', () => {
  test('to one pod share a port-forward if they open at the same time', async () => {
    const { asked, dials } = forwards();
    const opened = [dials('nats-0')(6222, signal), dials('nats-1')(4222, signal), dials('nats-0')(4222, signal)];
    const streams = await Promise.all(opened);
    expect(asked).toEqual(['nats-0 6222 4222', 'nats-1 4222']);
    expect(await Promise.all(streams.map(readDestination))).toEqual(['nats-0:6222', 'nats-1:4222', 'nats-0:4222']);
  });

  test('use another port-forward if they open later', async () => {
    const { asked, dials } = forwards();
    await dials('nats-0')(4222, signal);
    await dials('nats-0')(4222, signal);
    expect(asked).toEqual(['nats-0 4222', 'nats-0 4222']);
  });

  test('fail together, each like a connection of its own', async () => {
    const forbidden = new ActionError('FORBIDDEN', 'no', { hint: '', details: { missing: [] } });
    const dial = forwards(forbidden).dials('nats-0');
    const outcomes = await Promise.allSettled([dial(4222, signal), dial(6222, signal)]);
    expect(outcomes).toEqual([1, 2].map(() => ({ status: 'rejected', reason: forbidden })));
    const gone = new ActionError('CLUSTER_UNREACHABLE', 'connection refused', { hint: '', details: { server: '' } });
    await expect(forwards(gone).dials('nats-0')(6222, signal)).rejects.toThrow('port 6222 does not listen yet');
  });
});
