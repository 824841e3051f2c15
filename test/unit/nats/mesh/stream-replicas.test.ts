import { describe, expect, test } from '@jest/globals';
import {
  decodeLedStreams,
  findHealthProblems,
  type HealthAnswer,
  replicaKey,
  type StreamReplica,
} from '../../../../src/nats/mesh/stream-replicas.ts';

const stream = (name: string, leader: string, replicas: readonly object[]) => ({
  name,
  config: { num_replicas: 3 },
  cluster: { leader, replicas },
});

const ANSWER = {
  server: {},
  data: {
    messages: 7,
    account_details: [
      {
        id: '$G',
        stream_detail: [
          stream('LED', 'nats-0', [
            { name: 'nats-1', current: true },
            { name: 'nats-2', current: false, offline: true },
          ]),
          stream('FOLLOWED', 'nats-1', [{ name: 'nats-0', current: false }]),
          { name: 'ALONE', config: {} },
        ],
      },
    ],
  },
};

test('the health response of a server includes only replicas of streams that it leads', () => {
  expect(decodeLedStreams('nats-0')(ANSWER)).toEqual({
    kind: 'decoded',
    value: {
      messages: 7,
      replicas: [
        { server: 'nats-1', stream: 'LED', account: '$G', isCurrent: true, isOffline: false },
        { server: 'nats-2', stream: 'LED', account: '$G', isCurrent: false, isOffline: true },
      ],
    },
  });
});

test.each([[{ data: { account_details: 'all' } }], [{ data: { account_details: [{ stream_detail: [] }, 3] } }], ['x']])(
  'a response of another form is malformed: %j',
  (answer) => {
    expect(decodeLedStreams('nats-0')(answer).kind).toBe('malformed');
  },
);

describe('a server blocks the next replacement', () => {
  const replica = (server: string, overrides: Partial<StreamReplica> = {}): StreamReplica => {
    return { server, stream: 'S', account: 'A', isCurrent: true, isOffline: false, ...overrides };
  };
  const led = (...replicas: readonly StreamReplica[]): HealthAnswer => {
    return { server: 'nats-0', problem: undefined, led: { replicas, messages: 1 } };
  };
  const behind = replica('nats-1', { isCurrent: false });

  test.each<readonly [string, HealthAnswer, readonly StreamReplica[], readonly string[]]>([
    ['not while it is healthy and leads no stream', { server: 'nats-0', problem: undefined, led: undefined }, [], []],
    [
      'while it is unhealthy, with the message of the server',
      { server: 'nats-0', problem: "JetStream stream 'A > S' is not current", led: undefined },
      [],
      ["nats-0: is not healthy: JetStream stream 'A > S' is not current"],
    ],
    [
      'while it does not respond',
      { server: 'nats-0', unanswered: 'timeout' },
      [],
      ['nats-0: did not answer the health check: timeout'],
    ],
    ['not with current replicas', led(replica('nats-1')), [], []],
    [
      'while it has a replica that is not current',
      led(behind, replica('nats-2')),
      [],
      ['nats-1: holds replicas of streams that are not current: A/S'],
    ],
    ['not for a replica that was current before', led(behind), [behind], []],
    [
      'while it is offline, even if it was current before',
      led(replica('nats-1', { isOffline: true })),
      [replica('nats-1')],
      ['nats-1: holds replicas of streams that are not current: A/S'],
    ],
    [
      'separately from other servers',
      led(behind, replica('nats-2', { isCurrent: false })),
      [],
      [
        'nats-1: holds replicas of streams that are not current: A/S',
        'nats-2: holds replicas of streams that are not current: A/S',
      ],
    ],
  ])('%s', (_, observation, seenCurrent, messages) => {
    const problems = findHealthProblems([observation], new Set(seenCurrent.map(replicaKey)));
    expect(problems.map(({ message }) => message)).toEqual(messages);
  });

  test('with only the first few of many streams named', () => {
    const many = Array.from({ length: 5 }, (_, number) =>
      replica('nats-1', { stream: `S${number}`, isCurrent: false }),
    );
    const [problem] = findHealthProblems([led(...many)], new Set());
    expect(problem?.message).toBe(
      'nats-1: holds replicas of streams that are not current: A/S0, A/S1, A/S2, and 2 more',
    );
  });
});
