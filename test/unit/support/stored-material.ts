import type { Issued } from '../../../src/commands/issuance/issuance.ts';
import type { StoredMaterial } from '../../../src/manifests/stored-material.ts';

/** Builds a namespace without any earlier deployment; a test states only its content. */
export function storedMaterial(overrides: Partial<StoredMaterial> = {}): StoredMaterial {
  return {
    client: undefined,
    route: undefined,
    system: undefined,
    probe: undefined,
    clientCa: undefined,
    routeCa: undefined,
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

/** Returns the state that a run with these certificates left in the cluster. */
export function storedFrom({ certificates }: Issued, overrides: Partial<StoredMaterial> = {}): StoredMaterial {
  const { authorities, ...rest } = certificates;
  return storedMaterial({
    ...rest,
    clientCa: authorities.client,
    routeCa: authorities.route,
    ...overrides,
  });
}
