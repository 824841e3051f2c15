import { describe, expect, test } from '@jest/globals';
import type { Cause, Facts, PodFacts } from '../../../src/causes/facts.ts';
import { findSchedulingCauses } from '../../../src/causes/scheduling-causes.ts';
import { event, factsWith, pod, unscheduled } from '../support/facts.ts';

const NOT_HELPFUL =
  ' no new claims to deallocate, preemption: 0/5 nodes are available: 5 Preemption is not helpful for scheduling.';
const FULL = `0/5 nodes are available: 3 Insufficient cpu, 2 Insufficient memory.${NOT_HELPFUL}`;

function causesOf(given: PodFacts, overrides: Partial<Facts> = {}): readonly Cause[] {
  return findSchedulingCauses(factsWith([given], overrides));
}

const condition = (type: string, status: string) => ({ type, status, reason: 'Unschedulable', message: FULL });

describe('a pod counts as unschedulable', () => {
  test.each<[string, PodFacts, number]>([
    [
      'if that condition is false, whatever the other conditions are',
      pod('nats-1', {
        conditions: [{ ...condition('Ready', 'False'), reason: '' }, condition('PodScheduled', 'False')],
      }),
      1,
    ],
    ['only while that condition is false', pod('nats-1', { conditions: [condition('PodScheduled', 'True')] }), 0],
    ['only until it terminates', { ...unscheduled(FULL), terminating: true }, 0],
  ])('%s', (_, given, count) => {
    expect(causesOf(given)).toHaveLength(count);
  });
});

describe('the message about an unschedulable pod', () => {
  test.each<[string, string, string, string]>([
    ['counts the nodes for each reason', FULL, '3 Insufficient cpu; 2 Insufficient memory', 'reemption'],
    [
      'counts no nodes for a reason of the pod',
      '0/5 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found',
      'pod has unbound',
      '0 pod',
    ],
    ['contains a text of another form whole', 'the moon is full', 'the moon is full', 'available'],
  ])('%s', (_, message, present, absent) => {
    const [cause] = causesOf(unscheduled(message));
    expect(cause?.message).toContain(present);
    expect(cause?.message).not.toContain(absent);
  });
});

describe('the patience with an unschedulable pod', () => {
  const VICTIMS = FULL.replace('5 Preemption is not helpful for scheduling', '2 Insufficient cpu');
  const pooled = { name: 'a', ready: true, repels: false, labels: { 'eks.amazonaws.com/nodegroup': 'x' } };
  const plain = { name: 'b', ready: true, repels: false, labels: { zone: 'x' } };
  test.each<[string, string, Partial<Facts>, number]>([
    ['is short if preemption does not help', FULL, {}, 1800],
    ['lasts longer if preemption may help', VICTIMS, {}, 30_000],
    ['is short if the scheduler does not mention preemption', '0/1 nodes are available: 1 Too many pods.', {}, 1800],
    ['lasts longer if one of the nodes belongs to a node pool', FULL, { nodes: [plain, pooled] }, 30_000],
    ['is short if no node belongs to a node pool', FULL, { nodes: [plain] }, 1800],
    [
      'is over if an autoscaler has refused to add a node',
      FULL,
      { nodes: [pooled], events: [event({ reason: 'Scheduled' }), event({ reason: 'NotTriggerScaleUp' })] },
      0,
    ],
  ])('%s', (_, message, overrides, patienceMs) => {
    expect(causesOf(unscheduled(message), overrides)).toMatchObject([{ patienceMs, fatal: true }]);
  });

  test('is endless while one of several autoscalers adds a node', () => {
    const events = ['NotTriggerScaleUp', 'Nominated'].map((reason) => event({ reason, message: `by ${reason}` }));
    const [cause] = causesOf(unscheduled(FULL), { events });
    expect(cause?.fatal).toBe(false);
    expect(cause?.evidence.slice(1)).toEqual([
      'nats-1: NotTriggerScaleUp: by NotTriggerScaleUp',
      'nats-1: Nominated: by Nominated',
    ]);
  });
});

test.each<[string, string, number, string]>([
  ['its taint is named', '2 node(s) had untolerated taint {node.kubernetes.io/unreachable: }', 2, 'NodesNotReady'],
  ['it names the taint of a user', '2 node(s) had untolerated taint {gpu: }', 0, 'UntoleratedTaint'],
  ['fewer nodes have a taint of a user', '2 node(s) had untolerated taint(s)', 1, 'NodesNotReady'],
  ['as many nodes have a taint of a user', '2 node(s) had untolerated taint(s)', 2, 'UntoleratedTaint'],
  ['it is about resources', '2 Insufficient cpu', 0, 'InsufficientResources'],
])('a message blames nodes that are not ready only for their own taints: %s', (_, text, repelling, reason) => {
  const nodes = [0, 1, 2].map((index) => ({ name: `n${index}`, ready: true, repels: index < repelling, labels: {} }));
  expect(causesOf(unscheduled(`0/3 nodes are available: ${text}.`), { nodes })).toMatchObject([{ reason }]);
});
