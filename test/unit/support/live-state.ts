import type { LiveState } from '../../../src/commands/live/live-state.ts';
import type { StatefulSet } from '../../../src/objects/stateful-set.ts';
import { storedMaterial } from './stored-material.ts';

/** Builds a namespace without any earlier deployment; a test states only its content. */
export function liveState(overrides: Partial<LiveState> = {}): LiveState {
  return {
    secrets: [],
    stored: storedMaterial(),
    statefulSet: undefined,
    image: undefined,
    verifiedRevision: undefined,
    verifiedDeployment: undefined,
    pods: [],
    podList: { objects: [], resourceVersion: '1' },
    podServices: [],
    others: [],
    taken: new Map(),
    neighbours: [],
    objects: new Map(),
    ...overrides,
  };
}

/** Three running servers. */
export const runningSet: StatefulSet = {
  name: 'nats',
  namespace: 'messaging',
  uid: 'u',
  resourceVersion: '1',
  generation: 1,
  observedGeneration: 1,
  desiredReplicas: 3,
  replicas: 3,
  readyReplicas: 3,
  updatedReplicas: 3,
  currentRevision: 'nats-1',
  updateRevision: 'nats-1',
  partition: 0,
  limitsUnavailable: false,
  terminating: false,
};
