import type { Pod } from '../../../src/objects/pod.ts';
import { container } from './facts.ts';

/** Builds the pod of a starting server. */
export function pod(overrides: Partial<Pod> = {}): Pod {
  return {
    name: 'nats-1',
    namespace: 'messaging',
    uid: 'u',
    resourceVersion: '1',
    phase: 'Running',
    ready: false,
    terminating: false,
    nodeName: undefined,
    podIp: undefined,
    controllerRevision: undefined,
    labels: {},
    annotations: {},
    conditions: [],
    spec: undefined,
    containers: [container()],
    ...overrides,
  };
}
