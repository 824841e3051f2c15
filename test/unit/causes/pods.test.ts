import { describe, expect, test } from '@jest/globals';
import type { Facts, PodFacts } from '../../../src/causes/facts.ts';
import {
  findEvictionCauses,
  findNodeCauses,
  findOldRevisionCauses,
  findProbeCauses,
} from '../../../src/causes/pod-causes.ts';
import { container, event, factsWith, pod, terminated, unscheduled, waiting } from '../support/facts.ts';

const running = pod('nats-1', { phase: 'Running', containers: [container()] });

describe('a node that does not respond', () => {
  const nodes = [
    { name: 'node-0', ready: true, repels: false, labels: {} },
    { name: 'node-1', ready: false, repels: false, labels: {} },
  ];
  const lost = event({ reason: 'NodeNotReady', message: 'Node is not ready' });
  test.each<[string, PodFacts, Partial<Facts>, readonly object[]]>([
    ['is found among the nodes', running, { nodes }, [{ reason: 'NodeLost', patienceMs: 1000, evidence: [] }]],
    [
      'is found by its event, with more patience, if nodes cannot be read',
      running,
      { events: [lost] },
      [{ reason: 'NodeLost', patienceMs: 2500, evidence: [expect.stringContaining('Node is not ready')] }],
    ],
    ['is not found without an event if nodes cannot be read', running, {}, []],
    [
      'is not found by its event if the node is ready',
      { ...running, nodeName: 'node-0' },
      { nodes, events: [lost] },
      [],
    ],
    ['is not found by an old event', running, { events: [{ ...lost, fresh: false }] }, []],
    ['does not matter to a pod that is ready', { ...running, ready: true }, { nodes, events: [lost] }, []],
    ['does not matter to a pod without a node', unscheduled('full'), { nodes, events: [lost] }, []],
  ])('%s', (_, given, overrides, causes) => {
    expect(findNodeCauses(factsWith([given], overrides))).toMatchObject(causes);
  });
});

describe('a failed probe', () => {
  const silent = event({ reason: 'Unhealthy', message: 'Startup probe failed: connect: connection refused' });
  const refusing = { ...silent, message: 'Startup probe failed: HTTP probe failed with statuscode: 503' };
  const sidecar = container({ name: 'metrics', ready: true });
  test.each<[string, PodFacts, Facts['events'], readonly object[]]>([
    ['counts while one of several containers is not ready', running, [silent], [{ fatal: true, patienceMs: 15_000 }]],
    ['counts beside a container that is ready', { ...running, containers: [sidecar, container()] }, [silent], [{}]],
    ['may be over if its event is old', running, [{ ...silent, fresh: false }], [{ fatal: false }]],
    ['may recover if the server answers it', running, [refusing], [{ fatal: false }]],
    ['counts only with an event', running, [event({ reason: 'Pulled' })], []],
    ['does not count once all containers are ready', { ...running, containers: [sidecar] }, [silent], []],
    ['does not count for a pod that terminates', { ...running, terminating: true }, [silent], []],
    [
      'does not count for a server that does not run',
      { ...running, containers: [container({ state: waiting('CrashLoopBackOff') })] },
      [silent],
      [],
    ],
    [
      'does not count for a server that ended before, because that explains more',
      { ...running, containers: [container({ lastState: terminated('Error', 1) })] },
      [silent],
      [],
    ],
  ])('%s', (_, given, events, causes) => {
    expect(findProbeCauses(factsWith([given], { events }))).toMatchObject(causes);
  });
});

describe('an eviction', () => {
  const disrupted = { type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler', message: 'made room' };
  const preempted = event({ reason: 'Preempted', message: 'by pod x' });
  test.each<[string, PodFacts['conditions'], Facts['events'], readonly object[]]>([
    ['is found by its condition', [disrupted], [], [{ evidence: ['nats-1: PreemptionByScheduler'] }]],
    ['is found by its event', [], [preempted], [{ message: expect.stringContaining('by pod x') }]],
    [
      'has the message of its condition, and its event as evidence',
      [disrupted],
      [preempted],
      [{ message: expect.stringContaining('made room'), evidence: [expect.stringContaining('by pod x')] }],
    ],
    [
      'has the message of its event if its condition has none',
      [{ ...disrupted, message: '' }],
      [preempted],
      [{ message: expect.stringContaining('by pod x') }],
    ],
    ['is not found while the condition is false', [{ ...disrupted, status: 'False' }], [], []],
    ['is not found by another condition', [{ ...disrupted, type: 'Ready' }], [], []],
    ['is not found by another event', [], [event({ reason: 'Pulled', message: 'x' })], []],
  ])('%s', (_, conditions, events, causes) => {
    expect(findEvictionCauses(factsWith([{ ...running, conditions }], { events }))).toMatchObject(causes);
  });
});

test.each<[string, Partial<PodFacts>, number]>([
  ['is stuck while it is not ready', { controllerRevision: 'nats-1' }, 1],
  ['is replaced by the StatefulSet once it is ready', { controllerRevision: 'nats-1', ready: true }, 0],
  ['is not stuck while it terminates', { controllerRevision: 'nats-1', terminating: true }, 0],
])('a pod of an older template %s', (_, overrides, count) => {
  expect(findOldRevisionCauses(factsWith([{ ...running, ...overrides }]))).toHaveLength(count);
});

test('a pod of the current template is not stuck', () => {
  expect(findOldRevisionCauses(factsWith([running]))).toEqual([]);
});
