import { describe, expect, test } from '@jest/globals';
import { findCreationCauses } from '../../../src/causes/creation-causes.ts';
import type { EventFacts, Facts } from '../../../src/causes/facts.ts';
import { event, factsWith, pod } from '../support/facts.ts';

const statefulSet = { kind: 'StatefulSet', name: 'nats', uid: 's' };

const refused = (overrides: Partial<EventFacts> = {}) =>
  event({
    reason: 'FailedCreate',
    message: 'create Pod nats-1 in StatefulSet nats failed error: no',
    object: statefulSet,
    ...overrides,
  });

describe('an event about a pod that cannot be created', () => {
  test.each<[string, EventFacts, Facts['pods'], readonly object[]]>([
    ['is reported while another pod exists', refused(), [pod('nats-0')], [{ fatal: true }]],
    [
      'is reported while the earlier pod of that name terminates, and may resolve itself',
      refused(),
      [pod('nats-1', { terminating: true })],
      [{ fatal: false }],
    ],
    [
      'may resolve itself while any pod terminates, because a quota still counts it',
      refused(),
      [pod('nats-0'), pod('nats-2', { terminating: true })],
      [{ fatal: false }],
    ],
    ['is obsolete once the pod exists beside others', refused(), [pod('nats-0'), pod('nats-1')], []],
    ['is ignored if it is about another kind', refused({ object: { ...statefulSet, kind: 'ReplicaSet' } }), [], []],
    ['is ignored if it has another reason', refused({ reason: 'SuccessfulCreate' }), [], []],
    [
      'may be resolved already if it is from before this run',
      refused({ fresh: false }),
      [],
      [{ fatal: false, patienceMs: 1500 }],
    ],
  ])('%s', (_, given, pods, causes) => {
    expect(findCreationCauses(factsWith(pods, { events: [given] }))).toMatchObject(causes);
  });

  test.each([
    ['create Pod nats-1 in StatefulSet nats failed error: no', 'pod nats-1 is refused: no'],
    ['create Claim js-nats-1 for Pod nats-1 in StatefulSet nats failed error: no', 'claim js-nats-1 is refused: no'],
    ['anything else', 'a pod is refused: anything else'],
  ])('names the object, if the controller does: %s', (message, expected) => {
    expect(findCreationCauses(factsWith([], { events: [refused({ message })] }))).toMatchObject([
      { message: expected, evidence: [expect.stringContaining(message)] },
    ]);
  });

  test.each([
    ['failed quota: compute: must specify limits.cpu', 'QuotaExceeded'],
    ['minimum cpu usage per Container is 1, but request is 100m', 'LimitRangeRefused'],
    ['cpu max limit to request ratio per Container is 1, but provided ratio is 2', 'LimitRangeRefused'],
  ])('has a known reason: %s', (why, reason) => {
    const message = `create Pod nats-1 in StatefulSet nats failed error: pods "nats-1" is forbidden: ${why}`;
    expect(findCreationCauses(factsWith([], { events: [refused({ message })] }))).toMatchObject([{ reason }]);
  });
});
