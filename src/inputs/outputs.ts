import { COMMANDS, type Command } from './grammar/row.ts';

/** One output of the action. */
type Output = {
  readonly name: string;
  readonly type: 'string' | 'boolean' | 'integer';
  /**
   * The meaning in full sentences, in Markdown. It has no links, because the descriptions in action.yml are also shown
   * without the documents.
   */
  readonly description: string;
  /** The commands that set the output when they succeed. A failed run sets the result, the error and the report. */
  readonly setBy: readonly Command[];
  /** The case in which these commands set the output, as a phrase that follows them. */
  readonly condition?: string;
};

const ISSUING = ['deploy', 'rotate', 'verify'] as const satisfies readonly Command[];
const OBSERVING = [...ISSUING, 'plan'] as const satisfies readonly Command[];
const DESCRIBED = [...OBSERVING, 'render'] as const satisfies readonly Command[];
const IF_DEPLOYED = '`plan` only if it finds the NATS cluster';

/** All outputs, in the order of action.yml. An output never holds a private key or a password. */
export const outputTable = [
  {
    name: 'result',
    type: 'string',
    description:
      '`deployed`, `unchanged`, `rotated`, `rotating`, `verified`, `planned`, `deleted`, `pruned`, `rendered`, `failed` or `cancelled`.',
    setBy: COMMANDS,
  },
  {
    name: 'error-code',
    type: 'string',
    description: 'Code of the error of a failed or cancelled run.',
    setBy: [],
  },
  {
    name: 'error-reason',
    type: 'string',
    description: 'Reason that refines `error-code`, if the error has one.',
    setBy: [],
  },
  {
    name: 'changed',
    type: 'boolean',
    description: '`true` if the run changed anything in the Kubernetes cluster; with `plan`, if `deploy` would.',
    setBy: COMMANDS,
  },
  {
    name: 'namespace',
    type: 'string',
    description: 'Namespace of the NATS cluster.',
    setBy: COMMANDS,
    condition: '`prune` only without `all-namespaces`',
  },
  {
    name: 'name',
    type: 'string',
    description: 'Name of the NATS cluster. It differs from input `name` if that is not a valid name (`ttl`).',
    setBy: [...OBSERVING, 'delete'],
  },
  {
    name: 'expires',
    type: 'string',
    description: 'Time from which `prune` deletes the preview (RFC 3339).',
    setBy: ['deploy'],
    condition: 'only with `ttl`',
  },
  {
    name: 'pruned',
    type: 'string',
    description: 'Previews that were deleted, as a JSON array of `namespace/name`.',
    setBy: ['prune'],
  },
  {
    name: 'url',
    type: 'string',
    description:
      'URL for clients: the external address that `service-type` provides, if it is known; otherwise the address inside the Kubernetes cluster.',
    setBy: DESCRIBED,
  },
  { name: 'servers', type: 'string', description: 'Names of the servers, as a JSON array.', setBy: DESCRIBED },
  { name: 'ready-replicas', type: 'integer', description: 'Number of servers that are Ready.', setBy: OBSERVING },
  {
    name: 'routes',
    type: 'string',
    description: 'Number of route connections of each server to each other server, as a JSON object of objects.',
    setBy: ISSUING,
  },
  {
    name: 'ca-bundle',
    type: 'string',
    description: 'CA certificates that clients must trust, as PEM.',
    setBy: OBSERVING,
    condition: IF_DEPLOYED,
  },
  {
    name: 'client-secret',
    type: 'string',
    description: 'Name of the Secret with `url`, `username`, `password` and `ca.crt` for applications.',
    setBy: DESCRIBED,
  },
  {
    name: 'certificate-not-after',
    type: 'string',
    description: 'Time at which the first certificate expires (RFC 3339).',
    setBy: OBSERVING,
    condition: IF_DEPLOYED,
  },
  {
    name: 'renewal-due',
    type: 'string',
    description: 'Time at which `rotate` next has something to do (RFC 3339).',
    setBy: OBSERVING,
    condition: IF_DEPLOYED,
  },
  {
    name: 'rotation-phase',
    type: 'string',
    description:
      'Phase of the rotation that is in progress: `trust-both`, `swap-leaves`, `overlap` or `drop-old`; otherwise `idle`.',
    setBy: OBSERVING,
  },
  {
    name: 'revision',
    type: 'string',
    description: 'Digest of the configuration and certificates that the servers run.',
    setBy: OBSERVING,
    condition: IF_DEPLOYED,
  },
  {
    name: 'config-revision',
    type: 'string',
    description:
      'Digest of the configuration without names, secrets and certificates. It is equal in every environment with the same inputs.',
    setBy: DESCRIBED,
  },
  {
    name: 'files',
    type: 'string',
    description: 'Files that `render` wrote, as a JSON array of paths relative to `output-directory`.',
    setBy: ['render'],
  },
  {
    name: 'report',
    type: 'string',
    description:
      'Folder with report.json: the whole report, or the error with its details. After a failed deployment it also holds events, pods, mesh, certificates and logs, for `upload-artifact`. After `plan` it holds plan.md and plan.diff.',
    setBy: COMMANDS,
  },
] as const satisfies readonly Output[];

export type OutputName = (typeof outputTable)[number]['name'];
