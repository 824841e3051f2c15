import { findCauses } from '../../../src/causes/causes.ts';
import type { Cause } from '../../../src/causes/facts.ts';
import {
  createPodFacts,
  type EventFacts,
  type Facts,
  type LogFacts,
  type PodFacts,
} from '../../../src/causes/facts.ts';
import type { ContainerState, ContainerStatus } from '../../../src/objects/pod.ts';

export const waiting = (reason: string, message = ''): ContainerState => ({ kind: 'waiting', reason, message });

export const terminated = (reason: string, exitCode: number, message = ''): ContainerState => ({
  kind: 'terminated',
  reason,
  message,
  exitCode,
});

export function container(overrides: Partial<ContainerStatus> = {}): ContainerStatus {
  return {
    name: 'nats',
    image: 'nats:2.15.2',
    ready: false,
    restartCount: 0,
    state: { kind: 'running' },
    lastState: { kind: 'unknown' },
    ...overrides,
  };
}

export function pod(name: string, overrides: Partial<PodFacts> = {}): PodFacts {
  return {
    name,
    uid: `uid-of-${name}`,
    phase: 'Pending',
    ready: false,
    terminating: false,
    nodeName: 'node-1',
    podIp: undefined,
    controllerRevision: 'nats-2',
    conditions: [],
    containers: [container()],
    ...overrides,
  };
}

export const inState = (state: ContainerState, overrides: Partial<ContainerStatus> = {}): PodFacts =>
  pod('nats-1', { containers: [container({ state, ...overrides })] });

export const unscheduled = (message: string): PodFacts =>
  pod('nats-1', {
    nodeName: undefined,
    containers: [],
    conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }],
  });

export function event(overrides: Partial<EventFacts> & { readonly reason: string }): EventFacts {
  return {
    type: 'Warning',
    message: '',
    object: { kind: 'Pod', name: 'nats-1', uid: 'uid-of-nats-1' },
    count: 3,
    lastSeen: '2026-11-23T02:00:00Z',
    fresh: true,
    ...overrides,
  };
}

export const log = (name: string, lines: readonly string[], overrides: Partial<LogFacts> = {}): LogFacts => ({
  pod: name,
  container: 'nats',
  run: 'current',
  lines,
  freshFrom: 0,
  ...overrides,
});

const statefulSet = {
  name: 'nats',
  desiredReplicas: 3,
  readyReplicas: 0,
  currentRevision: 'nats-2',
  updateRevision: 'nats-2',
};

export function factsWith(pods: readonly PodFacts[], overrides: Partial<Facts> = {}): Facts {
  return { ...createPodFacts({ name: 'nats', namespace: 'messaging' }, pods), statefulSet, ...overrides };
}

/** Returns the root cause, or an empty one. */
export function rootCause(facts: Facts): Partial<Cause> {
  return findCauses(facts)[0] ?? {};
}
