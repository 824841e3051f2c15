import type { Issued } from '../../../src/commands/issuance.ts';
import type { StoredMaterial } from '../../../src/manifests/stored-material.ts';

/** A namespace in which nothing was ever deployed; a test states only what is there. */
export function storedMaterial(overrides: Partial<StoredMaterial> = {}): StoredMaterial {
  return {
    clientCredentials: undefined,
    systemCredentials: { system: undefined, probe: undefined, route: undefined },
    clientAuthority: undefined,
    routeAuthority: undefined,
    clientTrust: undefined,
    routeTrust: undefined,
    server: undefined,
    routes: {},
    ...overrides,
  };
}

/** What a run that issued this left in the cluster. */
export function storedFrom({ certificates }: Issued, overrides: Partial<StoredMaterial> = {}): StoredMaterial {
  return storedMaterial({ ...certificates, ...overrides });
}
