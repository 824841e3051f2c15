import { clusterNames, podNames, selectorLabels } from '../cluster/names.ts';
import type { ClusterSpec } from '../cluster/spec.ts';
import type { InputViolation } from '../errors/action-error.ts';
import type { Material } from './material.ts';
import { buildMetadata } from './metadata.ts';
import { applyOverrides, findOverrideViolations, listOverrideTargets, type Overridable } from './overridden.ts';
import { buildPodTemplate } from './pod-template.ts';
import {
  buildCaSecret,
  buildClientSecret,
  buildClientTlsSecret,
  buildConfigurationSecret,
  buildNamedClientSecrets,
  buildRoutesTlsSecret,
  buildServerTlsSecret,
  buildSystemSecret,
  type SecretManifest,
} from './secrets.ts';
import {
  buildClientService,
  buildHeadlessService,
  buildNetworkPolicy,
  buildPodDisruptionBudget,
  buildPodMonitor,
  buildPodService,
  type NetworkPolicyManifest,
  type PodDisruptionBudgetManifest,
  type PodMonitorManifest,
  type ServiceManifest,
} from './services.ts';
import { buildStoreClaims } from './stores.ts';

/** The progress of a rolling change. */
export type Rollout = {
  /**
   * Pods with an ordinal below this number stay unchanged; `replicas` holds all of them back. `on-delete`: the
   * controller replaces no pod by itself, and it makes every new pod from the present template.
   */
  readonly partition: number | 'on-delete';
  /** The generation of the configuration Secret that the pod template names; see `configurationSecretName`. */
  readonly generation: number;
};

/** The rollout of a NATS cluster that has never had a rolling change. */
export const INITIAL_ROLLOUT: Rollout = { partition: 0, generation: 0 };

export type StatefulSetManifest = ReturnType<typeof buildStatefulSet>;

/**
 * Builds the StatefulSet of the servers. Pods start in parallel: no server waits for another to be ready, and each is
 * healthy without its peers, so starting them in order would only delay the mesh.
 */
export function buildStatefulSet(spec: ClusterSpec, rollout: Rollout) {
  const names = clusterNames(spec.name);
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: buildMetadata(spec, names.statefulSet),
    spec: {
      serviceName: names.headlessService,
      replicas: spec.replicas,
      podManagementPolicy: 'Parallel',
      revisionHistoryLimit: 5,
      updateStrategy: buildUpdateStrategy(rollout),
      selector: { matchLabels: selectorLabels(spec.name) },
      template: buildPodTemplate(spec, rollout.generation),
      ...buildStoreClaims(spec),
    },
  } as const;
}

function buildUpdateStrategy({ partition }: Rollout) {
  return partition === 'on-delete'
    ? ({ type: 'OnDelete' } as const)
    : ({ type: 'RollingUpdate', rollingUpdate: { partition } } as const);
}

type BuiltManifest =
  | ServiceManifest
  | SecretManifest
  | PodDisruptionBudgetManifest
  | NetworkPolicyManifest
  | PodMonitorManifest
  | StatefulSetManifest;

/** One desired object, overrides included, in the form for server-side apply. */
export type Manifest = Overridable<BuiltManifest['kind']>;

/** Builds the same StatefulSet of the servers as `buildManifestWaves`, overrides included. */
export function buildServersManifest(spec: ClusterSpec, rollout: Rollout): Manifest {
  return applyOverrides(spec, buildStatefulSet(spec, rollout));
}

/** Returns the problems of the overrides that can be found before any secret exists. */
export function findOverrideProblems(spec: ClusterSpec): readonly InputViolation[] {
  const secrets = listOverrideTargets(spec).filter(({ kind }) => kind === 'Secret');
  return findOverrideViolations(spec, [
    buildStatefulSet(spec, INITIAL_ROLLOUT),
    ...buildWorkloadObjects(spec),
    ...secrets.map(({ kind, name }) => ({ apiVersion: 'v1', kind, metadata: buildMetadata(spec, name) })),
  ]);
}

/**
 * Builds the objects of the cluster in waves. The objects of one wave are independent of each other, and each wave
 * needs the waves before it. Services come before pods, so that no resolver caches the absence of a name. Certificates
 * and users come before the configuration, so that a pod that sees the new revision tag has all files that belong to
 * it.
 */
export function buildManifestWaves(
  spec: ClusterSpec,
  material: Material,
  rollout: Rollout = INITIAL_ROLLOUT,
): readonly (readonly Manifest[])[] {
  const { certificates } = material;
  const waves: readonly (readonly BuiltManifest[])[] = [
    // These hold the progress of rotations. They come first, so that the next run can continue if this run dies.
    [buildCaSecret(spec, certificates), buildSystemSecret(spec, material)],
    [
      ...buildWorkloadObjects(spec),
      ...(spec.serverTlsSecret === undefined ? [buildServerTlsSecret(spec, certificates)] : []),
      ...(spec.routeTlsSecret === undefined ? [buildRoutesTlsSecret(spec, certificates)] : []),
      buildClientTlsSecret(spec, certificates.clientTrust),
      buildClientSecret(spec, material),
      ...buildNamedClientSecrets(spec, certificates),
    ],
    [buildConfigurationSecret(spec, material, rollout.generation)],
    [buildStatefulSet(spec, rollout)],
  ];
  return waves.map((wave) => wave.map((manifest) => applyOverrides<BuiltManifest['kind']>(spec, manifest)));
}

/** Builds all objects of the cluster except Secrets, in apply order. */
export function buildNonSecretManifests(spec: ClusterSpec): readonly Manifest[] {
  const built = [...buildWorkloadObjects(spec), buildStatefulSet(spec, INITIAL_ROLLOUT)];
  return built.map((manifest) => applyOverrides<BuiltManifest['kind']>(spec, manifest));
}

/** Builds the objects that hold nothing secret and come before the servers. */
function buildWorkloadObjects(spec: ClusterSpec): readonly BuiltManifest[] {
  return [
    ...podNames(spec).map((pod) => buildPodService(spec, pod)),
    buildHeadlessService(spec),
    buildClientService(spec),
    buildPodDisruptionBudget(spec),
    ...(spec.networkPolicy ? [buildNetworkPolicy(spec)] : []),
    ...(spec.podMonitor ? [buildPodMonitor(spec)] : []),
  ];
}

/** Builds all objects of the cluster in apply order. */
export function buildManifests(spec: ClusterSpec, material: Material, rollout?: Rollout): readonly Manifest[] {
  return buildManifestWaves(spec, material, rollout).flat();
}
