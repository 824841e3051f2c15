import type { DeployReport } from '../../../src/report/reports.ts';

/** Builds the report of a new deployment with a full mesh; a test states only its changes. */
export function deployReport(replicas = 3, overrides: Partial<DeployReport> = {}): DeployReport {
  const servers = Array.from({ length: replicas }, (_, ordinal) => `nats-${ordinal}`);
  return {
    result: 'deployed',
    changed: true,
    level: 'mesh',
    rotationPhase: 'idle',
    name: 'nats',
    namespace: 'messaging',
    url: 'tls://nats.messaging.svc:4222',
    externalUrl: undefined,
    image: 'nats:2.15.2',
    servers,
    versions: ['2.15.2'],
    readyReplicas: replicas,
    metaLeader: undefined,
    pairs: servers.flatMap((from) => servers.filter((to) => to !== from).map((to) => ({ from, to, connections: 4 }))),
    clientTrust: '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n',
    clientSecret: 'nats-client',
    signIn: { by: 'user', certificateSecret: undefined },
    certificates: [
      { kind: 'server', name: 'for clients', notAfter: new Date('2026-05-30T12:00:00Z') },
      ...servers.map((server) => {
        return { kind: 'route', name: `of ${server}`, notAfter: new Date('2026-05-31T12:00:00Z') } as const;
      }),
      { kind: 'authority', name: 'for clients', notAfter: new Date('2031-03-01T12:00:00Z') },
      { kind: 'authority', name: 'for routes', notAfter: new Date('2031-03-01T12:00:00Z') },
    ],
    certificateNotAfter: new Date('2026-05-30T12:00:00Z'),
    renewalDue: new Date('2026-04-30T12:00:00Z'),
    revision: '0123456789ab',
    configRevision: 'ba9876543210',
    inputChanges: [],
    changedObjects: ['Service/nats', 'StatefulSet/nats'],
    reloaded: [],
    disconnected: 'no client disconnected',
    issued: ['server certificate of nats: does not exist yet'],
    proofs: ['nats-0 refuses plaintext'],
    phases: [
      { name: 'apply', ms: 400 },
      { name: 'wait for the servers', ms: 6000 },
    ],
    ...overrides,
  };
}
