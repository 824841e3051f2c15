import { MANAGED_BY } from '../src/cluster/names.ts';
import {
  deletePermissions,
  listDeployPermissions,
  listVerifyPermissions,
  PREVIEW_VIEW,
} from '../src/manifests/permissions.ts';
import { renderRole } from '../src/manifests/role.ts';

// A namespace cannot have a name in upper case: the API server refuses the document if it is applied unchanged.
const NAMESPACE = 'NAMESPACE';

const HEADER = `# Generated from the table in src/manifests/permissions.ts by \`npm run generate\`.
# Everything the commands ask of the API server. Put your namespace in the place of NAMESPACE.
# nats-cluster-action is for deploy and rotate, and for plan: a dry run asks for the right to patch. For verify one of the two others is enough: nats-cluster-action-verify
# looks at the servers too, nats-cluster-action-verify-objects at nothing but what is written in the cluster.
# For delete and prune: nats-cluster-action-delete. For prune with all-namespaces: the same in each namespace whose
# previews it is to delete, and the ClusterRole nats-cluster-action-prune.
`;

/** Renders docs/permissions.yaml: the published Role and ClusterRole. */
export function permissionsDocument(): string {
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
    renderRole(deletePermissions({ volumes: true, namespace: true }), {
      name: `${MANAGED_BY}-delete`,
      namespace: NAMESPACE,
    }),
    renderRole(PREVIEW_VIEW, { name: `${MANAGED_BY}-prune`, namespace: NAMESPACE }),
  ].join('---\n');
}
