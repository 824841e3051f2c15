import type { ContainerStatus, Pod } from '../../../../src/kubernetes/objects/pod.ts';

/** The server's, on its way. */
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
    containers: [container()],
    ...overrides,
  };
}
