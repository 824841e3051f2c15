/** One output of the action. */
type Output = { readonly name: string; readonly type: 'string' | 'boolean' | 'integer'; readonly description: string };

/** All outputs, in the order of action.yml. An output never holds a private key or a password. */
export const outputTable = [
  {
    name: 'result',
    type: 'string',
    description:
      '`deployed`, `unchanged`, `rotated`, `rotating`, `verified`, `planned`, `deleted`, `pruned`, `rendered`, `failed` or `cancelled`.',
  },
  {
    name: 'error-code',
    type: 'string',
    description: 'Code of the error of a failed or cancelled run ([errors](docs/errors.md)); empty otherwise.',
  },
  { name: 'error-reason', type: 'string', description: 'Reason that refines `error-code`, where the error has one.' },
  {
    name: 'changed',
    type: 'boolean',
    description: '`true` when the run changed anything in the cluster; with `plan`, when `deploy` would.',
  },
  { name: 'namespace', type: 'string', description: 'Namespace of the deployment.' },
  {
    name: 'name',
    type: 'string',
    description: 'Name of the deployment, also where it was made from another text given as `name`.',
  },
  { name: 'expires', type: 'string', description: 'With `ttl`: until when the preview stays (RFC 3339).' },
  {
    name: 'pruned',
    type: 'string',
    description: 'Of `prune`: the previews that were deleted, as a JSON array of `namespace/name`.',
  },
  {
    name: 'url',
    type: 'string',
    description:
      'URL for clients: of the load balancer or node port when `service-type` asks for one and its address is known, otherwise that inside the cluster.',
  },
  { name: 'servers', type: 'string', description: 'Names of the servers, as a JSON array.' },
  { name: 'ready-replicas', type: 'integer', description: 'Number of servers that are ready.' },
  { name: 'routes', type: 'string', description: 'Routes of each server to each peer, as a JSON object of objects.' },
  { name: 'ca-bundle', type: 'string', description: 'Certificates that clients have to trust, as PEM.' },
  {
    name: 'client-secret',
    type: 'string',
    description: 'Name of the Secret with `url`, `username`, `password` and `ca.crt` for applications.',
  },
  { name: 'certificate-not-after', type: 'string', description: 'When the first certificate expires (RFC 3339).' },
  { name: 'renewal-due', type: 'string', description: 'When the first certificate is due for renewal (RFC 3339).' },
  {
    name: 'rotation-phase',
    type: 'string',
    description:
      'Phase of a rotation under way: `trust-both`, `swap-leaves`, `overlap` or `drop-old`; otherwise `idle`.',
  },
  {
    name: 'revision',
    type: 'string',
    description: 'Digest of everything a server runs: configuration and certificates.',
  },
  {
    name: 'config-revision',
    type: 'string',
    description: 'Digest of the configuration without names, secrets and certificates: equal across stages.',
  },
  {
    name: 'files',
    type: 'string',
    description: 'What `render` wrote, as a JSON array of paths below `output-directory`.',
  },
  {
    name: 'report',
    type: 'string',
    description:
      'Folder with report.json: the whole report, or the error with its details; beside it, when a deployment failed, events, pods, mesh, certificates and logs, for `upload-artifact`.',
  },
] as const satisfies readonly Output[];

export type OutputName = (typeof outputTable)[number]['name'];
