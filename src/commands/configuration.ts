import { routeUrls } from '../cluster/addresses.ts';
import { revisionOf } from '../cluster/revision.ts';
import { serverFiles } from '../cluster/server-files.ts';
import type { ClusterSpec } from '../cluster/spec.ts';
import { isStandalone } from '../cluster/standalone.ts';
import { storeBytes } from '../cluster/stream-store.ts';
import { type Certificates, type DeploymentCredentials, servedCertificates } from '../manifests/material.ts';
import { renderConfiguration } from '../nats/conf/render.ts';
import { serverConfiguration } from '../nats/conf/server.ts';
import { routeAuthorization } from '../rotation/route-credentials.ts';
import { acceptedBy } from '../rotation/track.ts';

/** Where the probe user may publish and subscribe. */
export const PROBE_SUBJECTS = '_nats_cluster_action.probe';

export type Configuration = { readonly text: string; readonly revision: string };

/** The nats.conf of the deployment, tagged with the digest of itself and of the certificates beside it. */
export function deploymentConfiguration(
  spec: ClusterSpec,
  credentials: DeploymentCredentials,
  certificates: Certificates,
): Configuration {
  const route = routeAuthorization(credentials.route);
  const settings = {
    clusterName: spec.name,
    logging: spec.logging,
    limits: spec.limits,
    files: serverFiles,
    clientVerify: spec.clientVerify,
    clientUsers: [...acceptedBy(credentials.client), ...mappedClients(spec, credentials)],
    users: credentials.users,
    probeUser: credentials.probe,
    probeSubjectPrefix: PROBE_SUBJECTS,
    systemUser: credentials.system,
    routeUser: route.accepted,
    routes: isStandalone(spec) ? undefined : routeUrls(spec, route.presented),
    jetstream: jetstreamSettings(spec),
  };
  const revision = revisionOf(renderConfiguration(serverConfiguration(settings)), servedCertificates(certificates));
  return { text: renderConfiguration(serverConfiguration({ ...settings, revision })), revision };
}

function jetstreamSettings({ jetstream }: ClusterSpec) {
  return (
    jetstream && {
      storeDirectory: serverFiles.streams,
      maxFileBytes: storeBytes(jetstream),
      maxMemoryBytes: jetstream.memoryBytes,
    }
  );
}

/** Clients whose certificate is all they sign in with, and who may do everything. */
function mappedClients(
  { clientVerify, clientCertificates }: ClusterSpec,
  { client, users: configured }: DeploymentCredentials,
) {
  const users = new Set([...acceptedBy(client), ...configured].map(({ user }) => user));
  return clientVerify === 'verify-and-map'
    ? clientCertificates.filter((user) => !users.has(user)).map((user) => ({ user }))
    : [];
}
