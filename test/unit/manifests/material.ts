import { podNames } from '../../../src/cluster/names.ts';
import type { ClusterSpec } from '../../../src/cluster/spec.ts';
import type { Leaf, Material } from '../../../src/manifests/material.ts';

/** Material whose every text is different, so that a text in the wrong place is noticed. */
export function materialFor(spec: ClusterSpec): Material {
  return {
    configurationText: 'server_name: $SERVER_NAME # müller\n',
    clientCredentials: { user: spec.clientUser, password: 'client password' },
    systemCredentials: {
      system: { user: 'system-user', password: 'system password' },
      probe: { user: 'probe-user', password: 'probe password' },
      route: { user: spec.routeUser, password: 'route password' },
    },
    certificates: {
      clientAuthority: { certificate: 'client authority', privateKey: 'client authority key' },
      routeAuthority: { certificate: 'route authority', privateKey: 'route authority key' },
      clientTrust: 'client trust',
      routeTrust: 'route trust',
      server: leaf('server'),
      routes: Object.fromEntries(podNames(spec).map((pod) => [pod, leaf(pod)])),
    },
  };
}

function leaf(name: string): Leaf {
  return { certificate: `${name} certificate`, privateKey: `${name} key` };
}
