import { deployPermissions } from '../src/manifests/permissions.ts';
import { roleDocument } from '../src/manifests/role-document.ts';

// In upper case no namespace can have this name: applied unchanged, the document is refused.
const HEADER = `# Generated from the table in src/manifests/permissions.ts by \`npm run generate\`.
# Everything the command deploy asks of the API server. Put your namespace in the place of NAMESPACE.
`;

/** docs/permissions.yaml: the published Role and ClusterRole. */
export function permissionsDocument(): string {
  return HEADER + roleDocument(deployPermissions({ createNamespace: true }), 'NAMESPACE');
}
