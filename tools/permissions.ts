import { MANAGED_BY } from '../src/cluster/names.ts';
import {
  listDeployPermissions,
  listVerifyPermissions,
  PREVIEW_VIEW,
  selectDeletePermissions,
} from '../src/manifests/permissions.ts';
import { renderRole } from '../src/manifests/role.ts';

// The name is in upper case, so that the API server refuses a document in which it was not replaced.
const NAMESPACE = 'NAMESPACE';

const HEADER = `# Generated from the table in src/manifests/permissions.ts by \`npm run generate\`. Do not edit.
# All requests of the action to the API server. docs/deployer.sh applies and binds the objects that you need; with kubectl
# alone, replace NAMESPACE first. docs/permissions.md explains the objects.
`;

/** Renders docs/permissions.yaml: the published Roles and ClusterRoles. */
export function renderPermissionsDocument(): string {
  return [
    HEADER +
      renderRole(
        listDeployPermissions({
          createNamespace: true,
          networkPolicy: true,
          config: true,
          metrics: true,
          jetstream: true,
        }),
        {
          name: MANAGED_BY,
          namespace: NAMESPACE,
        },
      ),
    renderRole(listVerifyPermissions('mesh'), { name: `${MANAGED_BY}-verify`, namespace: NAMESPACE }),
    renderRole(listVerifyPermissions('objects'), { name: `${MANAGED_BY}-verify-objects`, namespace: NAMESPACE }),
    renderRole(selectDeletePermissions({ volumes: true, namespace: true }), {
      name: `${MANAGED_BY}-delete`,
      namespace: NAMESPACE,
    }),
    renderRole(PREVIEW_VIEW, { name: `${MANAGED_BY}-prune`, namespace: NAMESPACE }),
  ].join('---\n');
}
