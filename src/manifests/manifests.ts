import { clusterNames, podNames, selectorLabels } from '../cluster/names.ts';
import type { ClusterSpec } from '../cluster/spec.ts';
import type { InputViolation } from '../errors/action-error.ts';
import type { Material } from './material.ts';
import { objectMetadata } from './metadata.ts';
import { type Overridable, overridden, overrideTargets, overrideViolations } from './overridden.ts';
import { podTemplate } from './pod-template.ts';
import {
  authoritiesSecret,
  clientSecret,
  clientTlsSecret,
  configurationSecret,
  namedClientSecrets,
  routesTlsSecret,
  type SecretManifest,
  serverTlsSecret,
  systemSecret,
} from './secrets.ts';
import {
  clientService,
  headlessService,
  type NetworkPolicyManifest,
  networkPolicy,
  type PodDisruptionBudgetManifest,
  type PodMonitorManifest,
  podDisruptionBudget,
  podMonitor,
  podService,
  type ServiceManifest,
} from './services.ts';
import { storeClaims } from './stores.ts';

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

/** The state of a cluster without any rolling change, present or past. */
export const INITIAL_ROLLOUT: Rollout = { partition: 0, generation: 0 };

export type StatefulSetManifest = ReturnType<typeof statefulSet>;

/**
 * Builds the StatefulSet of the servers. Pods start in parallel: no server waits for another to be ready, and each is
 * healthy without its peers, so starting them in order would only delay the mesh.
 */
export function statefulSet(spec: ClusterSpec, rollout: Rollout) {
  const names = clusterNames(spec.name);
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: objectMetadata(spec, names.statefulSet),
    spec: {
      serviceName: names.headlessService,
      replicas: spec.replicas,
      podManagementPolicy: 'Parallel',
      revisionHistoryLimit: 5,
      updateStrategy: updateStrategy(rollout),
      selector: { matchLabels: selectorLabels(spec.name) },
      template: podTemplate(spec, rollout.generation),
      ...storeClaims(spec),
    },
  } as const;
}

function updateStrategy({ partition }: Rollout) {
  return partition === 'on-delete'
    ? ({ type: 'OnDelete' } as const)
    : ({ type: 'RollingUpdate', rollingUpdate: { partition } } as const);
}

type Built =
  | ServiceManifest
  | SecretManifest
  | PodDisruptionBudgetManifest
  | NetworkPolicyManifest
  | PodMonitorManifest
  | StatefulSetManifest;

/** One desired object, overrides included, in the form for server-side apply. */
export type Manifest = Overridable<Built['kind']>;

/** Builds the StatefulSet of the servers as it is in `manifestWavesFor`. */
export function serversManifest(spec: ClusterSpec, rollout: Rollout): Manifest {
  return overridden(spec, statefulSet(spec, rollout));
}

/** Returns the problems of the overrides that can be found before any secret exists. */
export function overrideProblems(spec: ClusterSpec): readonly InputViolation[] {
  const secrets = overrideTargets(spec).filter(({ kind }) => kind === 'Secret');
  return overrideViolations(spec, [
    statefulSet(spec, INITIAL_ROLLOUT),
    ...openManifests(spec),
    ...secrets.map(({ kind, name }) => ({ apiVersion: 'v1', kind, metadata: objectMetadata(spec, name) })),
  ]);
}

/**
 * Builds the objects of the cluster in waves. The objects of one wave are independent of each other, and each wave
 * needs the waves before it. Services come before pods, so that no resolver caches the absence of a name. Certificates
 * and users come before the configuration, so that a pod that sees the new revision tag has all files that belong to
 * it.
 */
export function manifestWavesFor(
  spec: ClusterSpec,
  material: Material,
  rollout: Rollout = INITIAL_ROLLOUT,
): readonly (readonly Manifest[])[] {
  const { certificates } = material;
  const waves: readonly (readonly Built[])[] = [
    // These come first, so that a run that dies later can find how far it had got.
    [authoritiesSecret(spec, certificates), systemSecret(spec, material)],
    [
      ...openManifests(spec),
      ...(spec.serverTlsSecret === undefined ? [serverTlsSecret(spec, certificates)] : []),
      ...(spec.routeTlsSecret === undefined ? [routesTlsSecret(spec, certificates)] : []),
      clientTlsSecret(spec, certificates.clientTrust),
      clientSecret(spec, material),
      ...namedClientSecrets(spec, certificates),
    ],
    [configurationSecret(spec, material, rollout.generation)],
    [statefulSet(spec, rollout)],
  ];
  return waves.map((wave) => wave.map((manifest) => overridden<Built['kind']>(spec, manifest)));
}

/** Builds all objects of the cluster except Secrets, in apply order. */
export function openManifestsFor(spec: ClusterSpec): readonly Manifest[] {
  const built = [...openManifests(spec), statefulSet(spec, INITIAL_ROLLOUT)];
  return built.map((manifest) => overridden<Built['kind']>(spec, manifest));
}

/** Builds the objects that hold nothing secret and come before the servers. */
function openManifests(spec: ClusterSpec): readonly Built[] {
  return [
    ...podNames(spec).map((pod) => podService(spec, pod)),
    headlessService(spec),
    clientService(spec),
    podDisruptionBudget(spec),
    ...(spec.networkPolicy ? [networkPolicy(spec)] : []),
    ...(spec.podMonitor ? [podMonitor(spec)] : []),
  ];
}

/** Builds all objects of the cluster in apply order. */
export function manifestsFor(spec: ClusterSpec, material: Material, rollout?: Rollout): readonly Manifest[] {
  return manifestWavesFor(spec, material, rollout).flat();
}
