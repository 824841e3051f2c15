import type { Issued } from '../../../src/commands/issuance/issuance.ts';
import type { StoredMaterial } from '../../../src/manifests/stored-material.ts';

/** A namespace in which nothing was ever deployed; a test states only what is there. */
export function storedMaterial(overrides: Partial<StoredMaterial> = {}): StoredMaterial {
  return {
    client: undefined,
    route: undefined,
    system: undefined,
    probe: undefined,
    clientAuthority: undefined,
    routeAuthority: undefined,
    clientTrust: undefined,
    routeTrust: undefined,
    server: undefined,
    routes: {},
    clients: {},
    users: undefined,
    configuration: undefined,
    previousConfiguration: undefined,
    files: undefined,
    systemCredentials: undefined,
    settings: undefined,
    ...overrides,
  };
}

/** What a run that issued this left in the cluster. */
export function storedFrom({ certificates }: Issued, overrides: Partial<StoredMaterial> = {}): StoredMaterial {
  const { authorities, ...rest } = certificates;
  return storedMaterial({
    ...rest,
    clientAuthority: authorities.client,
    routeAuthority: authorities.route,
    ...overrides,
  });
}
