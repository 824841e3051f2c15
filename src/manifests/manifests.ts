import { podNames } from '../cluster/names.ts';
import type { ClusterSpec } from '../cluster/spec.ts';
import type { InputViolation } from '../errors.ts';
import type { Material } from './material.ts';
import { objectMetadata } from './metadata.ts';
import { type NetworkPolicyManifest, networkPolicy } from './network-policy.ts';
import { type Overridable, overridden, overrideViolations } from './overridden.ts';
import { overrideTargets } from './override-targets.ts';
import { type PodDisruptionBudgetManifest, podDisruptionBudget } from './pod-disruption-budget.ts';
import { type PodMonitorManifest, podMonitor } from './pod-monitor.ts';
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
import { clientService, headlessService, podService, type ServiceManifest } from './services.ts';
import { INITIAL_ROLLOUT, type Rollout, type StatefulSetManifest, statefulSet } from './stateful-set.ts';

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
