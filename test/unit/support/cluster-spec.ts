import type { ClusterSpec } from '../../../src/cluster/spec.ts';
import { decideShape } from '../../../src/cluster/spec.ts';

/** Builds a plain cluster of three servers; a test states only its changes. */
export function clusterSpec(overrides: Partial<ClusterSpec> = {}): ClusterSpec {
  const { replicas = 3, jetstream } = overrides;
  return {
    name: 'nats',
    namespace: 'messaging',
    replicas,
    shape: decideShape({ replicas, jetstream: jetstream !== undefined }),
    image: 'nats:2.15.2',
    imagePullSecrets: [],
    antiAffinity: 'required',
    resources: { requests: { cpu: '100m', memory: '128Mi' } },
    securityContext: 'restricted',
    logging: { debug: false, trace: false, logtime: true },
    limits: {},
    keyAlgorithm: 'ecdsa-p256',
    subjectAltNames: { dnsNames: [], ipAddresses: [] },
    serviceType: 'ClusterIP',
    externalAddresses: { dnsNames: [], ipAddresses: [] },
    networkPolicy: false,
    metrics: false,
    podMonitor: false,
    overrides: [],
    clientUser: 'nats_client_user',
    routeUser: 'nats_route_user',
    clientVerify: 'none',
    clientCertificates: [],
    ...overrides,
  };
}
