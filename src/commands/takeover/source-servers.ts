import { podHost, serviceHost } from '../../cluster/addresses.ts';
import { clusterNames, parsePodOrdinal } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import { type ActionError, problemError } from '../../errors/action-error.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import type { Leaf } from '../../manifests/material.ts';
import type { Pod } from '../../objects/pod.ts';
import { type Credentials, connectServer } from '../../servers/connection.ts';
import type { Dial } from '../../servers/dial.ts';
import { probeClientPort, probeRoutePort } from '../../servers/knock.ts';
import { detectRouteSecurity, readServerGreeting } from '../../servers/source-server.ts';
import { createPodDial } from '../pods/server-access.ts';
import type { SourceServer } from './source.ts';

const TIMEOUT_MS = 5000;

export type SourceAccess = {
  readonly api: KubernetesApi;
  readonly spec: ClusterSpec;
  readonly signal: AbortSignal;
  /** The PEM bundle of the CAs that will sign the client-facing certificates of this deployment. */
  readonly clientTrust: string;
  /**
   * The user-provided route certificate with its trust bundle. The server of another owner cannot trust any other route
   * certificate.
   */
  readonly route: (Leaf & { readonly trust: string }) | undefined;
  readonly client: Credentials;
};

/**
 * Reads the properties of a running server of another owner, over port-forwards.
 * @throws ActionError CHANGE_FORBIDDEN (`SourceSilent`) when it does not answer, because it is then unknown which
 * connections a takeover would cut.
 */
export async function inspectSourceServer(terms: SourceAccess, pod: Pod): Promise<SourceServer> {
  const { api, signal } = terms;
  const dial = createPodDial(api, pod.namespace, pod.name);
  const [greeted, routes] = await Promise.all([
    readServerGreeting({ dial, signal, timeoutMs: TIMEOUT_MS }),
    detectRouteSecurity({ dial, signal, timeoutMs: TIMEOUT_MS }),
  ]);
  if (!greeted.ok) {
    throw silentError(pod.name, greeted.failure.message);
  }
  const { tlsRequired, cluster, jetstream } = greeted.value;
  const name = tlsRequired ? await findTrustedName(terms, pod, dial) : undefined;
  return {
    pod: pod.name,
    clusterName: cluster,
    jetstream,
    clients: tlsRequired ? 'tls' : 'plaintext',
    routes,
    doesAcceptRoutes: routes === 'tls' && (await acceptsRoutes(terms, pod, dial)),
    isTrusted: name !== undefined,
    doesKnowUser: name === undefined ? undefined : await knowsUser(terms, dial, name),
  };
}

/** Returns a name that the client-facing certificate of the server holds, if a trusted CA signed that certificate. */
async function findTrustedName(
  { spec, clientTrust: trust, signal }: SourceAccess,
  pod: Pod,
  dial: Dial,
): Promise<string | undefined> {
  for (const serverName of listHostNames(spec, pod)) {
    const probed = await probeClientPort({ dial, trust, serverName, signal, timeoutMs: TIMEOUT_MS });
    // A server that asks for a client certificate presents its own one first.
    if (probed.ok || probed.failure.reason === 'ClientCertificateRefused') return serverName;
    if (probed.failure.reason !== 'TlsNameMismatch') return undefined;
  }
  return undefined;
}

async function acceptsRoutes({ spec, route, signal }: SourceAccess, pod: Pod, dial: Dial): Promise<boolean> {
  if (route === undefined) {
    return false;
  }
  const { trust } = route;
  for (const serverName of listHostNames(spec, pod)) {
    const probed = await probeRoutePort({ dial, trust, serverName, leaf: route, signal, timeoutMs: TIMEOUT_MS });
    if (probed.ok) return true;
    if (probed.failure.reason !== 'TlsNameMismatch') return false;
  }
  return false;
}

async function knowsUser(
  { client, clientTrust: trust, signal }: SourceAccess,
  dial: Dial,
  serverName: string,
): Promise<boolean | undefined> {
  const connected = await connectServer({ dial, trust, serverName, signal, timeoutMs: TIMEOUT_MS, ...client });
  if (connected.ok) {
    await connected.value.close();
    return true;
  }
  return connected.failure.reason === 'AuthorizationViolation' ? false : undefined;
}

/**
 * Returns the names that the certificate of such a server may contain. The Helm chart and older recipes use the
 * headless names.
 */
function listHostNames({ name, namespace }: ClusterSpec, pod: Pod): readonly string[] {
  const { service, headlessService } = clusterNames(name);
  const ordinal = parsePodOrdinal(name, pod.name) ?? 0;
  return [
    podHost({ name, namespace }, ordinal),
    serviceHost(name, namespace),
    service,
    `${pod.name}.${headlessService}`,
    `${pod.name}.${headlessService}.${namespace}.svc`,
    `${pod.name}.${service}`,
    `${pod.name}.${service}.${namespace}.svc`,
  ];
}

function silentError(pod: string, message: string): ActionError<'CHANGE_FORBIDDEN'> {
  const text = `Pod/${pod} does not belong to this deployment, and its server does not answer: ${message}`;
  return problemError('CHANGE_FORBIDDEN', {
    object: `Pod/${pod}`,
    reason: 'SourceSilent',
    message: text,
    hint: `Find out why its server does not answer on port 4222 (\`kubectl logs ${pod}\`), then run the job again; or deploy under another name.`,
  });
}
