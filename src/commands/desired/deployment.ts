import { type ClusterSpec, decideShape } from '../../cluster/spec.ts';
import { createInputError } from '../../inputs/grammar/violations.ts';
import type { DeploymentInputs } from '../../inputs/inputs.ts';
import { type KubernetesApi, servesKind } from '../../kubernetes/api.ts';
import { findOverrideProblems } from '../../manifests/manifests.ts';
import { isOlder, parseImageRelease } from '../../nats/mesh/version.ts';
import { decodeSecret } from '../../objects/secret.ts';

/** The image of new clusters. A running cluster keeps its image until the inputs name another one. */
const DEFAULT_IMAGE = 'nats:2.15.2';

/** Builds the spec that the inputs describe. If the inputs name no image, the spec keeps `runningImage`. */
export function buildSpec(inputs: DeploymentInputs, namespace: string, runningImage: string | undefined): ClusterSpec {
  const { maxConnections, maxControlLineBytes, maxPayloadBytes, writeDeadlineMs } = inputs;
  return {
    name: inputs.name,
    namespace,
    replicas: inputs.replicas,
    shape: decideShape(inputs),
    image: inputs.image ?? runningImage ?? DEFAULT_IMAGE,
    imagePullSecrets: inputs.imagePullSecrets,
    antiAffinity: inputs.antiAffinity,
    resources: inputs.resources,
    securityContext: inputs.securityContext,
    logging: { debug: inputs.debug, trace: inputs.trace, logtime: inputs.logtime },
    limits: {
      ...(maxConnections === undefined ? {} : { maxConnections }),
      ...(maxControlLineBytes === undefined ? {} : { maxControlLine: maxControlLineBytes }),
      ...(maxPayloadBytes === undefined ? {} : { maxPayload: maxPayloadBytes }),
      ...(writeDeadlineMs === undefined ? {} : { writeDeadlineMs }),
    },
    keyAlgorithm: inputs.keyAlgorithm,
    subjectAltNames: inputs.subjectAltNames,
    serviceType: inputs.serviceType,
    externalAddresses: { dnsNames: [], ipAddresses: [] },
    networkPolicy: inputs.networkPolicy,
    metrics: inputs.metrics,
    podMonitor: false,
    overrides: inputs.overrides,
    clientUser: inputs.clientUser,
    routeUser: inputs.routeUser,
    clientVerify: inputs.clientVerify,
    clientCertificates: inputs.clientCertificates,
    ...buildJetStreamSpec(inputs),
    ...(inputs.serverTlsSecret === undefined ? {} : { serverTlsSecret: inputs.serverTlsSecret }),
    ...(inputs.routeTlsSecret === undefined ? {} : { routeTlsSecret: inputs.routeTlsSecret }),
  };
}

/**
 * Returns a note when an image is kept because the input is absent, while new clusters get a newer one; otherwise
 * undefined.
 */
export function describeKeptImage(
  { image: asked }: Pick<DeploymentInputs, 'image'>,
  image: string,
): string | undefined {
  const [release, newest] = [parseImageRelease(image), parseImageRelease(DEFAULT_IMAGE)];
  const isOld = asked === undefined && release !== undefined && newest !== undefined && isOlder(release, newest);
  return isOld
    ? `image ${image} is kept, because input image is not set; new clusters get ${DEFAULT_IMAGE} (image: ${DEFAULT_IMAGE})`
    : undefined;
}

/**
 * Checks the overrides before the first request, because the objects do not depend on the running cluster.
 * @throws ActionError INPUT_INVALID with every problem of the overrides.
 */
export function requireOverridable(inputs: DeploymentInputs, namespace: string): void {
  const problems = findOverrideProblems(buildSpec(inputs, namespace, undefined));
  if (problems.length > 0) {
    throw createInputError(problems);
  }
}

function buildJetStreamSpec({
  jetstream,
  jetstreamStorage: { quantity, bytes },
  jetstreamStorageClass: storageClass,
  jetstreamMemory,
}: DeploymentInputs): Pick<ClusterSpec, 'jetstream'> {
  const volume = { size: quantity, bytes, ...(storageClass === undefined ? {} : { storageClass }) };
  const memoryBytes = jetstreamMemory.bytes;
  return jetstream ? { jetstream: { memoryBytes, ...(bytes === 0 ? {} : { volume }) } } : {};
}

/** The types of Secrets that the kubelet reads registry credentials from (core/v1 SecretType). */
const PULL_SECRET_TYPES = ['kubernetes.io/dockerconfigjson', 'kubernetes.io/dockercfg'];

/**
 * Refuses a pull secret that does not exist or has another type, because the kubelet would ignore it and pull without
 * credentials.
 * @throws ActionError INPUT_INVALID
 */
export async function requirePullSecrets(
  api: Pick<KubernetesApi, 'get'>,
  { namespace, imagePullSecrets }: ClusterSpec,
  signal: AbortSignal,
): Promise<void> {
  const found = await Promise.all(
    imagePullSecrets.map(async (name) => ({
      name,
      secret: await api.get({ kind: 'Secret', name, namespace }, signal),
    })),
  );
  const violations = found.flatMap(({ name, secret }) => {
    const type = secret === undefined ? undefined : decodeSecret(secret).type;
    if (type !== undefined && PULL_SECRET_TYPES.includes(type)) return [];
    const fault = type === undefined ? 'which does not exist' : `which has the type ${type}`;
    return [
      {
        input: 'image-pull-secrets',
        message: `names Secret ${name} of namespace ${namespace}, ${fault}; expected a Secret of type kubernetes.io/dockerconfigjson`,
        correction: `# create it: kubectl --namespace ${namespace} create secret docker-registry ${name} …`,
      },
    ];
  });
  if (violations.length > 0) throw createInputError(violations);
}

/** Checks whether the Prometheus operator is installed in the cluster. */
export async function hasPodMonitorKind(api: Pick<KubernetesApi, 'request'>, signal: AbortSignal): Promise<boolean> {
  return await servesKind(api.request, 'PodMonitor', signal);
}

/**
 * Returns one line about a PodMonitor that is not created, because the API server does not list the kind. Returns
 * undefined if the inputs do not need the kind.
 */
export function describeMissingPodMonitor({
  metrics,
  overrides,
}: Pick<DeploymentInputs, 'metrics' | 'overrides'>): string | undefined {
  if (!metrics) return undefined;
  const isOverridden = overrides.some(({ kind }) => kind === 'PodMonitor');
  const effect = isOverridden ? '; the override of it has no effect' : '';
  return `PodMonitor: not created, because the API server does not list this kind (the Prometheus operator brings it)${effect}`;
}

/** Returns the spec, with a PodMonitor if one is wanted and the cluster has the kind. */
export async function addPodMonitor(
  api: Pick<KubernetesApi, 'request'>,
  spec: ClusterSpec,
  signal: AbortSignal,
): Promise<ClusterSpec> {
  return spec.metrics && (await hasPodMonitorKind(api, signal)) ? { ...spec, podMonitor: true } : spec;
}
