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

describe('a pod of more servers than there are to be', () => {
  const surplus = unscheduled("0/1 nodes are available: 1 node(s) didn't match pod anti-affinity rules."); // nats-1

  test('is told as scaled by somebody else, not by why it does not run', () => {
    expect(reasons(1, surplus)).toEqual(['Rescaled Pod/nats-1']);
  });

  test('is nothing to tell of while it ends', () => {
    expect(reasons(1, { ...surplus, terminating: true })).toEqual([]);
  });

  test('is one of the servers where as many are wanted, or nobody said how many', () => {
    expect(reasons(2, surplus)).toContain('AntiAffinity Pod/nats-1');
    expect(reasons(undefined, surplus)).toContain('AntiAffinity Pod/nats-1');
  });

  test('may be of another deployment', () => {
    expect(reasons(1, pod('nats-other-1', { containers: [] }))).toEqual(['OldRevisionStuck Pod/nats-other-1']);
  });
});
