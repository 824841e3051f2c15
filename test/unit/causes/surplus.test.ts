import { describe, expect, test } from '@jest/globals';
import { findCauses } from '../../../src/causes/causes.ts';
import { createPodFacts } from '../../../src/causes/facts.ts';
import { pod, unscheduled } from '../support/facts.ts';

const DEPLOYMENT = { name: 'nats', namespace: 'staging' };

function reasons(replicas: number | undefined, ...pods: Parameters<typeof createPodFacts>[1]): readonly string[] {
  return findCauses({ ...createPodFacts(DEPLOYMENT, pods), replicas }).map(
    ({ reason, object }) => `${reason} ${object}`,
  );
}

describe('a pod beyond the wanted number of servers', () => {
  const surplus = unscheduled("0/1 nodes are available: 1 node(s) didn't match pod anti-affinity rules."); // nats-1

  test('is reported as rescaled by another tool, without the cause why it does not run', () => {
    expect(reasons(1, surplus)).toEqual(['Rescaled Pod/nats-1']);
  });

  test('is not reported while it terminates', () => {
    expect(reasons(1, { ...surplus, terminating: true })).toEqual([]);
  });

  test('is diagnosed like any server when that many are wanted, or the wanted number is unknown', () => {
    expect(reasons(2, surplus)).toContain('AntiAffinity Pod/nats-1');
    expect(reasons(undefined, surplus)).toContain('AntiAffinity Pod/nats-1');
  });

  test('may belong to another NATS cluster', () => {
    expect(reasons(1, pod('nats-other-1', { containers: [] }))).toEqual(['OldRevisionStuck Pod/nats-other-1']);
  });
});
