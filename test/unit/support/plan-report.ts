import type { ObjectChange } from '../../../src/forecast/object-change.ts';
import type { PlanReport } from '../../../src/report/plan-summary.ts';

/** Builds the plan of an unchanged deployment; a test states only its changes. */
export function planReport(overrides: Partial<PlanReport> = {}): PlanReport {
  return {
    result: 'unchanged',
    changed: false,
    change: undefined,
    level: 'objects',
    name: 'nats',
    namespace: 'messaging',
    createsNamespace: false,
    url: 'tls://nats.messaging.svc:4222',
    externalUrl: undefined,
    image: 'nats:2.15.2',
    servers: ['nats-0', 'nats-1', 'nats-2'],
    readyReplicas: 3,
    clientSecret: 'nats-client',
    configRevision: 'ba9876543210',
    rotationPhase: 'idle',
    running: {
      revision: '0123456789ab',
      clientTrust: '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n',
      certificateNotAfter: new Date('2026-05-30T12:00:00Z'),
      renewalDue: new Date('2026-04-30T12:00:00Z'),
    },
    inputs: [],
    objects: [],
    effects: { added: [], removed: [], replaced: [], restarted: [], reloaded: [] },
    consequences: [],
    certificates: [],
    rotation: [],
    notes: [],
    ...overrides,
  };
}

export function objectChange(overrides: Partial<ObjectChange> = {}): ObjectChange {
  return {
    object: 'Service/nats',
    action: 'update',
    change: 'objects',
    diff: ['@@ -1,1 +1,1 @@', '-a', '+b'],
    ...overrides,
  };
}

/** Builds the plan for another image, with a limit. */
export function rollingPlan(): PlanReport {
  return planReport({
    result: 'planned',
    changed: true,
    change: 'rolling',
    running: undefined,
    inputs: ['image: nats:2.12.15 → nats:2.15.2 (rolling: …)'],
    objects: [
      objectChange({ object: 'Secret/nats-config', change: 'rolling' }),
      objectChange({ object: 'StatefulSet/nats', change: 'rolling' }),
      objectChange({ object: 'NetworkPolicy/nats', action: 'delete', diff: [] }),
    ],
    effects: { added: [], removed: [], replaced: ['nats-1'], restarted: ['nats-0', 'nats-2'], reloaded: [] },
    consequences: ['rolling restart of 2 pods', 'replacement of 1 pod'],
    certificates: ['server certificate of nats: expires at 2026-03-20 12:00 UTC'],
    rotation: ['rotation of the client user: overlap'],
    notes: ['another run holds the lock'],
  });
}
