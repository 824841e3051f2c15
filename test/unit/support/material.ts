import { podNames } from '../../../src/cluster/names.ts';
import type { ClusterSpec } from '../../../src/cluster/spec.ts';
import type { Ca, Certificates, Leaf, Material } from '../../../src/manifests/material.ts';

/**
 * Builds material in which every text is different, so that a test detects a text in the wrong place. It contains no
 * rotation in progress.
 */
export function materialFor(spec: ClusterSpec, overrides: Partial<Certificates> = {}): Material {
  return {
    configurationText: 'server_name: $SERVER_NAME # müller\n',
    settings: '{"name":"nats"}',
    credentials: {
      client: { phase: 'idle', current: { user: spec.clientUser, password: 'client password' } },
      route: { phase: 'idle', current: { user: spec.routeUser, password: 'route password' } },
      system: { user: 'system-user', password: 'system password' },
      probe: { user: 'probe-user', password: 'probe password' },
      users: [],
      files: {},
    },
    certificates: {
      authorities: {
        client: { phase: 'idle', current: authority('client authority') },
        route: { phase: 'idle', current: authority('route authority') },
      },
      clientTrust: 'client trust',
      routeTrust: 'route trust',
      server: leaf('server'),
      routes: Object.fromEntries(podNames(spec).map((pod) => [pod, leaf(pod)])),
      clients: Object.fromEntries(spec.clientCertificates.map((client) => [client, leaf(client)])),
      ...overrides,
    },
  };
}

export function leaf(name: string): Leaf {
  return { certificate: `${name} certificate`, privateKey: `${name} key` };
}

/** Returns a CA that the action made, without a predecessor. */
export function authority(name: string): Ca {
  return { certificate: name, privateKey: `${name} key`, custody: 'cluster', cross: undefined };
}
