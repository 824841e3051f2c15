import { routeUrls } from '../cluster/addresses.ts';
import { revisionOf } from '../cluster/revision.ts';
import { serverFiles } from '../cluster/server-files.ts';
import type { ClusterSpec } from '../cluster/spec.ts';
import { isStandalone } from '../cluster/standalone.ts';
import { storeBytes } from '../cluster/stream-store.ts';
import { type Certificates, type DeploymentCredentials, servedCertificates } from '../manifests/material.ts';
import { mergeConfiguration } from '../nats/conf/merge.ts';
import { renderConfiguration } from '../nats/conf/render.ts';
import { type ServerSettings, serverConfiguration } from '../nats/conf/server.ts';
import type { ConfBlock } from '../nats/conf/value.ts';
import { routeAuthorization } from '../rotation/route-credentials.ts';
import { acceptedBy } from '../rotation/track.ts';

/** The subject prefix that the probe user may publish and subscribe to. */
export const PROBE_SUBJECTS = '_nats_cluster_action.probe';

export type Configuration = { readonly text: string; readonly revision: string };

/**
 * Builds the nats.conf of the deployment, tagged with the digest of itself and of the certificates and files beside it.
 * @throws ActionError INPUT_INVALID as `joinedConfiguration`
 */
export function deploymentConfiguration(
  spec: ClusterSpec,
  credentials: DeploymentCredentials,
  certificates: Certificates,
): Configuration {
  const untagged = renderConfiguration(joinedConfiguration(spec, credentials));
  const revision = revisionOf(untagged, {
    ...servedCertificates(certificates),
    ...Object.fromEntries(Object.entries(credentials.files).map(([name, text]) => [`files/${name}`, text])),
  });
  return { text: renderConfiguration(joinedConfiguration(spec, credentials, revision)), revision };
}

/**
 * Merges the user's own configuration into the generated one. `revision` is absent until the digest is known.
 * @throws ActionError INPUT_INVALID for a setting that the user's own configuration may not contain, by file, line and
 * column
 */
export function joinedConfiguration(
  spec: ClusterSpec,
  credentials: DeploymentCredentials,
  revision?: string,
): ConfBlock {
  const settings = { ...settingsOf(spec, credentials), ...(revision === undefined ? {} : { revision }) };
  const { configuration: own } = credentials;
  const generated = serverConfiguration(settings);
  return own === undefined ? generated : mergeConfiguration(generated, settings, own).configuration;
}

function settingsOf(spec: ClusterSpec, credentials: DeploymentCredentials): ServerSettings {
  const route = routeAuthorization(credentials.route);
  return {
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

/** Returns the clients that authenticate by certificate alone and may do everything. */
function mappedClients(
  { clientVerify, clientCertificates }: ClusterSpec,
  { client, users: configured }: DeploymentCredentials,
) {
  const users = new Set([...acceptedBy(client), ...configured].map(({ user }) => user));
  return clientVerify === 'verify-and-map'
    ? clientCertificates.filter((user) => !users.has(user)).map((user) => ({ user }))
    : [];
}
