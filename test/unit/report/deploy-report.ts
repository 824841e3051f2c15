import type { DeployReport } from '../../../src/report/deploy-report.ts';

/** A new deployment with a full mesh; a test states only what it changes. */
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
    certificateNotAfter: new Date('2026-05-30T12:00:00Z'),
    renewalDue: new Date('2026-04-30T12:00:00Z'),
    revision: '0123456789ab',
    configRevision: 'ba9876543210',
    changedObjects: ['Service/nats', 'StatefulSet/nats'],
    reloaded: [],
    issued: ['server certificate of nats: is not there yet'],
    proofs: ['nats-0 refuses plaintext'],
    ...overrides,
  };
}
