import { findKubeconfigSecrets, type KubeconfigSource } from '../inputs/grammar/kubeconfig.ts';
import type { ClusterConnection } from './cluster-connection.ts';
import { createUserReader } from './credentials.ts';
import { decodeEndpoint, type Endpoint, isConfidential } from './endpoint.ts';
import { type Entry, type Kubeconfig, mergeParts } from './kubeconfig-content.ts';
import { createInputError, type Trouble } from './kubeconfig-fields.ts';
import { findKubeconfig, readPart } from './kubeconfig-part.ts';
import type { Environment } from './proxy.ts';
import { ANONYMOUS, decodeUser, type UserEntry } from './user-entry.ts';

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * Reads the kubeconfig. If `source` is undefined, it reads the default: the files of KUBECONFIG, then ~/.kube/config,
 * then the service account of the pod that this process runs in. `context` overrides `current-context`. It reads no
 * credentials except those in the kubeconfig itself. `hide` receives each secret of the files before any message about
 * them.
 *
 * @throws ActionError INPUT_INVALID naming the problem and its file; it never quotes the kubeconfig.
 */
export function loadKubeConfig(
  source: KubeconfigSource | undefined,
  context: string | undefined,
  env: Environment,
  hide: (secret: string) => void = () => {},
): ClusterConnection {
  const warnings: string[] = [];
  const trouble = { warn: (text: string): void => void warnings.push(text) };
  const { origin, parts } = findKubeconfig(source, env);
  const secrets = [...new Set(parts.flatMap(({ text }) => findKubeconfigSecrets(text)))];
  secrets.forEach(hide);
  const found =
    origin.kind === 'pod'
      ? describePod(env, trouble)
      : selectContext(mergeParts(parts, trouble), context, env, trouble);
  if (origin.kind === 'pod' && context !== undefined && context !== found.context)
    throw createUnknownContextError(context, context, [found.context]);
  const { endpoint, user } = found;
  requireConfidential(endpoint, user);
  const reader = createUserReader(user, { env, secrets, now: Date.now });
  return {
    context: found.context,
    namespace: found.namespace,
    origin,
    server: endpoint.server,
    endpoint,
    isVerifiedFirst: false,
    expectedCa: undefined,
    credentials: reader.source,
    readUser: reader.read,
    warnings: [...new Set(warnings)],
  };
}

type Selected = {
  readonly context: string;
  readonly namespace: string | undefined;
  readonly endpoint: Endpoint;
  readonly user: UserEntry;
};

function describePod(env: Environment, trouble: Trouble): Selected {
  const host = env['KUBERNETES_SERVICE_HOST'] ?? '';
  const server = `https://${host.includes(':') ? `[${host}]` : host}:${env['KUBERNETES_SERVICE_PORT'] ?? '443'}`;
  const namespace = readPart(`${SERVICE_ACCOUNT}/namespace`).text.trim();
  const text = JSON.stringify({
    clusters: [{ name: 'in-cluster', cluster: { server, 'certificate-authority': `${SERVICE_ACCOUNT}/ca.crt` } }],
    users: [{ name: 'service-account', user: { tokenFile: `${SERVICE_ACCOUNT}/token` } }],
    contexts: [{ name: 'in-cluster', context: { cluster: 'in-cluster', user: 'service-account', namespace } }],
    'current-context': 'in-cluster',
  });
  const part = { text, where: 'the service account of this pod', directory: SERVICE_ACCOUNT };
  return selectContext(mergeParts([part], trouble), undefined, env, trouble);
}

function selectContext(config: Kubeconfig, asked: string | undefined, env: Environment, trouble: Trouble): Selected {
  const name = asked ?? config.currentContext;
  const context = config.contexts.find((entry) => entry.name === name);
  if (context === undefined)
    throw createUnknownContextError(
      asked,
      name,
      config.contexts.map((entry) => entry.name),
    );
  const cluster = followReference(context, 'cluster', config.clusters);
  if (cluster === undefined) throw context.fields.refuse('cluster', 'is missing', 'the name of an entry in `clusters`');
  const user = followReference(context, 'user', config.users);
  return {
    context: name,
    namespace: context.fields.text('namespace'),
    endpoint: decodeEndpoint(cluster, env, trouble),
    user: user === undefined ? ANONYMOUS : decodeUser(user, trouble),
  };
}

/** Returns the entry that a context names; undefined if it names none. */
function followReference({ fields }: Entry, field: 'cluster' | 'user', entries: readonly Entry[]): Entry | undefined {
  const name = fields.text(field);
  const entry = entries.find((each) => each.name === name);
  if (name !== undefined && entry === undefined)
    throw fields.refuse(
      field,
      `names a ${field} that the kubeconfig lacks: ${name}`,
      `an entry ${name} in \`${field}s\``,
    );
  return entry;
}

function createUnknownContextError(asked: string | undefined, selected: string, names: readonly string[]): Error {
  const known = names.length === 0 ? 'it has no contexts' : `its contexts are: ${names.join(', ')}`;
  const correction = `context: ${names[0] ?? ''}`;
  if (asked === undefined && !selected)
    return createInputError('context', `The kubeconfig has no \`current-context\`; ${known}`, correction);
  return createInputError('context', `The kubeconfig has no context ${selected}; ${known}`, correction);
}

/**
 * Refuses credentials over plain http, over which kubectl never sends any. Over loopback they are allowed, because they
 * stay on this machine (`kubectl proxy`).
 */
function requireConfidential(endpoint: Endpoint, { authentication, certificate }: UserEntry): void {
  if (isConfidential(endpoint) || (authentication.kind === 'none' && certificate === undefined)) return;
  throw createInputError(
    'kubeconfig',
    `\`server\` of the kubeconfig is ${endpoint.server}: the credentials would cross the network unencrypted`,
    'server: https://host:6443',
  );
}
