import { listRouteUrls, METRICS_PORT } from '../../cluster/addresses.ts';
import { clusterNames, configurationSecretName } from '../../cluster/names.ts';
import { computeRevision } from '../../cluster/revision.ts';
import { serverFiles } from '../../cluster/server-files.ts';
import { type ClusterSpec, computeStoreBytes, isStandalone } from '../../cluster/spec.ts';
import type { InputViolation } from '../../errors/action-error.ts';
import { createInputError } from '../../inputs/grammar/violations.ts';
import { buildNonSecretManifests, type Manifest } from '../../manifests/manifests.ts';
import { type Certificates, type DeploymentCredentials, listServedFiles } from '../../manifests/material.ts';
import { checkObjectSizes } from '../../manifests/object-sizes.ts';
import { buildConfigurationSecret, buildSystemSecret } from '../../manifests/secrets.ts';
import type { ConfBlock } from '../../nats/conf/reader/value.ts';
import { mergeConfiguration } from '../../nats/conf/settings/merge.ts';
import { buildServerConfiguration, type ServerSettings } from '../../nats/conf/writer/server.ts';
import { renderConfiguration } from '../../nats/conf/writer/write.ts';
import { decideRouteAuthorization, listAccepted } from '../../rotation/track.ts';

/** The subject prefix that the probe user may publish and subscribe to. */
export const PROBE_SUBJECTS = '_nats_cluster_action.probe';

export type Configuration = { readonly text: string; readonly revision: string };

/**
 * Builds the nats.conf of the deployment. Its tag is a digest of its text, of the certificates and of the files that
 * servers read with it.
 * @throws ActionError INPUT_INVALID as `joinConfiguration`
 */
export function buildConfiguration(
  spec: ClusterSpec,
  credentials: DeploymentCredentials,
  certificates: Certificates,
): Configuration {
  const untagged = renderConfiguration(joinConfiguration(spec, credentials));
  const revision = computeRevision(untagged, {
    ...listServedFiles(certificates),
    ...Object.fromEntries(Object.entries(credentials.files).map(([name, text]) => [`files/${name}`, text])),
  });
  return { text: renderConfiguration(joinConfiguration(spec, credentials, revision)), revision };
}

/**
 * Merges the user's own configuration into the generated one. `revision` is absent until the digest is known.
 * @throws ActionError INPUT_INVALID for a setting that the user's own configuration may not contain, by file, line and
 * column
 */
export function joinConfiguration(spec: ClusterSpec, credentials: DeploymentCredentials, revision?: string): ConfBlock {
  const settings = { ...buildServerSettings(spec, credentials), ...(revision === undefined ? {} : { revision }) };
  const { configuration: own } = credentials;
  const generated = buildServerConfiguration(settings);
  if (own === undefined) return generated;
  const decided = { ...settings, ...(spec.metrics ? { exporterPort: METRICS_PORT } : {}) };
  return mergeConfiguration(generated, decided, own).configuration;
}

function buildServerSettings(spec: ClusterSpec, credentials: DeploymentCredentials): ServerSettings {
  const route = decideRouteAuthorization(credentials.route);
  return {
    clusterName: spec.name,
    logging: spec.logging,
    limits: spec.limits,
    files: serverFiles,
    clientVerify: spec.clientVerify,
    clientUsers: [...listAccepted(credentials.client), ...selectMappedClients(spec, credentials)],
    users: credentials.users,
    probeUser: credentials.probe,
    probeSubjectPrefix: PROBE_SUBJECTS,
    systemUser: credentials.system,
    routeUser: route.accepted,
    routes: isStandalone(spec) ? undefined : listRouteUrls(spec, route.presented),
    jetstream: buildJetStreamSettings(spec),
  };
}

function buildJetStreamSettings({ jetstream }: ClusterSpec) {
  return (
    jetstream && {
      storeDirectory: serverFiles.streams,
      maxFileBytes: computeStoreBytes(jetstream),
      maxMemoryBytes: jetstream.memoryBytes,
    }
  );
}

/** Returns the clients that authenticate by certificate alone and may do everything. */
function selectMappedClients(
  { clientVerify, clientCertificates }: ClusterSpec,
  { client, users: configured }: DeploymentCredentials,
) {
  const users = new Set([...listAccepted(client), ...configured].map(({ user }) => user));
  return clientVerify === 'verify-and-map'
    ? clientCertificates.filter((user) => !users.has(user)).map((user) => ({ user }))
    : [];
}

/**
 * The bytes that are reserved for later runs: a rotation adds a second client user and client certificates, and a later
 * deploy may add a server or two.
 */
const ROTATION_BYTES = 32_768;

/** The bytes that the record of a verified deployment has in addition to the settings. */
const RECORD_BYTES = 1024;

const NO_CERTIFICATES: Certificates = {
  authorities: { client: undefined, route: undefined },
  clientTrust: '',
  routeTrust: '',
  server: { certificate: '', privateKey: '' },
  routes: {},
  clients: {},
};

type StoredInputs = {
  readonly spec: ClusterSpec;
  readonly credentials: DeploymentCredentials;
  /** The text that `settingsOf` writes. */
  readonly settings: string;
};

/**
 * Refuses, before anything is written, inputs that make an object larger than an API server stores, now or after the
 * rotations that may follow.
 * @throws ActionError INPUT_INVALID with the Secret, its size and the input to change
 */
export function requireStorable(terms: StoredInputs): void {
  const violations = findSizeViolations(terms);
  if (violations.length > 0) throw createInputError(violations);
}

/**
 * Returns the credentials as Secret `<name>-system` can keep them. The Secret also keeps the previous configuration, so
 * that a later run can restore it. If both configurations do not fit, the previous one is left out. With
 * `needsPrevious`, both must fit.
 * @throws ActionError INPUT_INVALID as `requireStorable`
 */
export function fitCredentials(terms: StoredInputs, needsPrevious: boolean): DeploymentCredentials {
  const violations = findSizeViolations(terms);
  if (violations.length === 0) return terms.credentials;
  const { previousConfiguration, ...credentials } = terms.credentials;
  if (needsPrevious || previousConfiguration === undefined) throw createInputError(violations);
  requireStorable({ ...terms, credentials });
  return credentials;
}

function findSizeViolations({ spec, credentials, settings }: StoredInputs): readonly InputViolation[] {
  // Every digest has this length, so the final text has the same size.
  const configurationText = renderConfiguration(joinConfiguration(spec, credentials, '0'.repeat(12)));
  const objects = [
    buildConfigurationSecret(spec, { configurationText, credentials }, 0),
    buildSystemSecret(spec, { credentials, certificates: NO_CERTIFICATES, settings }),
    ...buildNonSecretManifests(spec),
  ];
  const { statefulSet, systemSecret: system } = clusterNames(spec.name);
  const recorded = Buffer.byteLength(JSON.stringify({ settings })) + RECORD_BYTES;
  return checkObjectSizes(objects, {
    configurationInput: credentials.configuration?.input,
    reserved: { [configurationSecretName(spec.name, 0)]: ROTATION_BYTES, [system]: ROTATION_BYTES },
    annotated: { [`StatefulSet/${statefulSet}`]: recorded },
  });
}

/**
 * Refuses objects that are larger than an API server stores, or that would be during a later rotation.
 * @throws ActionError INPUT_INVALID with the Secret, its size and the input to change
 */
export function requireSizes(
  objects: readonly Manifest[],
  { configuration }: Pick<DeploymentCredentials, 'configuration'>,
): void {
  const violations = checkObjectSizes(objects, { configurationInput: configuration?.input });
  if (violations.length > 0) throw createInputError(violations);
}
