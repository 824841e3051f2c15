import { X509Certificate } from 'node:crypto';
import { bufferFromFileOrString, KubeConfig } from '@kubernetes/client-node/dist/config.js';
import type { Cluster } from '@kubernetes/client-node/dist/config_types.js';
import type { KubeconfigSource } from '../inputs/kubeconfig.ts';
import { kubeconfigSecrets } from '../inputs/kubeconfig-secrets.ts';
import type { ClusterConnection } from './cluster-connection.ts';
import { type CredentialPlugin, credentialPlugin } from './credential-plugin.ts';
import { credentialSource, TOKEN_FILE, tokenFileAuthenticator } from './credentials.ts';
import { inputError } from './input-error.ts';
import { mergeParts } from './kubeconfig-content.ts';
import { defaultParts, partOf, readPart } from './kubeconfig-part.ts';
import { type Environment, proxyFor } from './proxy.ts';

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * Reads the kubeconfig. `undefined` means the default: the files of KUBECONFIG, then ~/.kube/config, then the
 * service account of the pod this runs in. `context` overrides `current-context`. `hide` gets the secrets of the files
 * before anything is told of them.
 *
 * @throws ActionError INPUT_INVALID naming what is wrong in which file; it never quotes the kubeconfig.
 */
export function loadKubeConfig(
  source: KubeconfigSource | undefined,
  context: string | undefined,
  env: Environment,
  hide: (secret: string) => void = () => {},
): ClusterConnection {
  const parts = source === undefined ? defaultParts(env) : [partOf(source)];
  parts?.flatMap(({ text }) => kubeconfigSecrets(text)).forEach(hide);
  const config = parts === undefined ? inClusterConfig(env) : mergeParts(parts);
  const plugin = credentialPlugin(Date.now);
  config.addAuthenticator(tokenFileAuthenticator);
  config.addAuthenticator(plugin);
  const selected = context ?? config.currentContext;
  const names = config.contexts.map(({ name }) => name);
  if (!names.includes(selected)) throw unknownContext(context, selected, names);
  config.setCurrentContext(selected);
  return connectionOf(config, selected, plugin, env);
}

function inClusterConfig(env: Environment): KubeConfig {
  const host = env['KUBERNETES_SERVICE_HOST'] ?? '';
  const server = `https://${host.includes(':') ? `[${host}]` : host}:${env['KUBERNETES_SERVICE_PORT'] ?? '443'}`;
  const namespace = readPart(`${SERVICE_ACCOUNT}/namespace`).text.trim();
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: [{ name: 'in-cluster', server, caFile: `${SERVICE_ACCOUNT}/ca.crt`, skipTLSVerify: false }],
    users: [
      { name: 'service-account', authProvider: { name: TOKEN_FILE, config: { path: `${SERVICE_ACCOUNT}/token` } } },
    ],
    contexts: [{ name: 'in-cluster', cluster: 'in-cluster', user: 'service-account', namespace }],
    currentContext: 'in-cluster',
  });
  return config;
}

function unknownContext(asked: string | undefined, selected: string, names: readonly string[]): Error {
  const known = names.length === 0 ? 'it has none' : `it has ${names.join(', ')}`;
  if (asked === undefined && !selected) {
    return inputError(
      'context',
      `The kubeconfig has no current-context; of contexts, ${known}`,
      `context: ${names[0] ?? ''}`,
    );
  }
  return inputError('context', `The kubeconfig has no context ${selected}; ${known}`, `context: ${names[0] ?? ''}`);
}

function connectionOf(
  config: KubeConfig,
  contextName: string,
  plugin: CredentialPlugin,
  env: Environment,
): ClusterConnection {
  const context = config.getContextObject(contextName);
  const cluster = config.clusters.find(({ name }) => name === context?.cluster);
  if (context === null || cluster === undefined) throw dangling(contextName, 'cluster', context?.cluster);
  if (context.user && !config.users.some(({ name }) => name === context.user))
    throw dangling(contextName, 'user', context.user);
  const url = URL.parse(cluster.server);
  if (url === null || !['https:', 'http:'].includes(url.protocol)) {
    throw inputError(
      'kubeconfig',
      `The server of cluster ${cluster.name} is no http or https URL`,
      'server: https://host:6443',
    );
  }
  config.clusters = [completeCluster(cluster, url, env)];
  // Without a user the library would not even apply the cluster's authority.
  config.users = [config.users.find(({ name }) => name === context.user) ?? { name: 'anonymous' }];
  const user = config.users[0]?.name ?? 'anonymous';
  const namespace = context.namespace || undefined;
  const pinned = { name: contextName, cluster: cluster.name, user, ...(namespace === undefined ? {} : { namespace }) };
  config.contexts = [pinned];
  const credentials = credentialSource(config.getCurrentUser(), plugin);
  const { server } = cluster;
  return { config, context: contextName, server, namespace, authorities: fingerprints(cluster), credentials };
}

function completeCluster(cluster: Cluster, url: URL, env: Environment): Cluster {
  const proxyUrl = cluster.proxyUrl || proxyFor(url, env);
  // Over plain http (kubectl proxy) there is no certificate to verify, and the library refuses to go without the flag.
  const skipTLSVerify = cluster.skipTLSVerify || url.protocol === 'http:';
  return { ...cluster, skipTLSVerify, ...(proxyUrl ? { proxyUrl } : {}) };
}

function dangling(context: string, field: string, name: string | undefined): Error {
  const message = `The context ${context} of the kubeconfig names a ${field} that the kubeconfig lacks: ${name ?? '(none)'}`;
  return inputError('kubeconfig', message, `an entry ${name ?? ''} in \`${field}s\``);
}

function fingerprints(cluster: Cluster): readonly string[] {
  try {
    const bundle = bufferFromFileOrString(cluster.caFile, cluster.caData)?.toString('latin1') ?? '';
    const certificates = bundle.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
    if (bundle !== '' && certificates.length === 0) throw new Error('no PEM certificate');
    return certificates.map((pem) => new X509Certificate(pem).fingerprint256.replaceAll(':', '').toLowerCase());
  } catch (error) {
    const where = cluster.caFile ?? 'certificate-authority-data';
    throw inputError(
      'kubeconfig',
      `The authority of cluster ${cluster.name} (${where}) is no readable PEM certificate`,
      'a PEM bundle',
      error,
    );
  }
}
