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
    description: '`true` if the run changed anything in the Kubernetes cluster; with `plan`, if `deploy` would.',
  },
  { name: 'namespace', type: 'string', description: 'Namespace of the deployment.' },
  {
    name: 'name',
    type: 'string',
    description: 'Name of the deployment. With `ttl` it is the valid name that was made from input `name`.',
  },
  { name: 'expires', type: 'string', description: 'With `ttl`: the time when the preview expires (RFC 3339).' },
  {
    name: 'pruned',
    type: 'string',
    description: 'With `prune`: the deleted previews, as a JSON array of `namespace/name`.',
  },
  {
    name: 'url',
    type: 'string',
    description:
      'URL for clients: the address of the load balancer or node port if `service-type` asks for one and the address is known, otherwise the address inside the Kubernetes cluster.',
  },
  { name: 'servers', type: 'string', description: 'Names of the servers, as a JSON array.' },
  { name: 'ready-replicas', type: 'integer', description: 'Number of servers that are ready.' },
  { name: 'routes', type: 'string', description: 'Routes of each server to each peer, as a JSON object of objects.' },
  { name: 'ca-bundle', type: 'string', description: 'CA certificates that clients must trust, as PEM.' },
  {
    name: 'client-secret',
    type: 'string',
    description: 'Name of the Secret with `url`, `username`, `password` and `ca.crt` for applications.',
  },
  { name: 'certificate-not-after', type: 'string', description: 'Time when the first certificate expires (RFC 3339).' },
  {
    name: 'renewal-due',
    type: 'string',
    description: 'Time when the first certificate is due for renewal (RFC 3339).',
  },
  {
    name: 'rotation-phase',
    type: 'string',
    description:
      'Phase of the rotation: `trust-both`, `swap-leaves`, `overlap` or `drop-old`; `idle` if no rotation is in progress.',
  },
  {
    name: 'revision',
    type: 'string',
    description: 'Digest of the configuration and the certificates of a server.',
  },
  {
    name: 'config-revision',
    type: 'string',
    description:
      'Digest of the configuration without names, secrets and certificates. It is equal across environments with the same settings.',
  },
  {
    name: 'files',
    type: 'string',
    description: 'With `render`: the written files, as a JSON array of paths below `output-directory`.',
  },
  {
    name: 'report',
    type: 'string',
    description:
      'Folder for `upload-artifact` with report.json (the whole report, or the error with its details). If a deployment failed, it also has events, pods, mesh, certificates and logs.',
  },
] as const satisfies readonly Output[];

export type OutputName = (typeof outputTable)[number]['name'];
