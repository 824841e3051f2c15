import { podNames } from '../cluster/names.ts';
import type { ClusterSpec } from '../cluster/spec.ts';
import type { Material } from './material.ts';
import { type NetworkPolicyManifest, networkPolicy } from './network-policy.ts';
import { type PodDisruptionBudgetManifest, podDisruptionBudget } from './pod-disruption-budget.ts';
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

/** One desired object, as server-side apply takes it. */
export type Manifest =
  | ServiceManifest
  | SecretManifest
  | PodDisruptionBudgetManifest
  | NetworkPolicyManifest
  | StatefulSetManifest;

/**
 * The objects of the cluster in waves: those of one wave are independent of each other, each wave needs the ones
 * before. Services come before pods, so that no resolver caches the absence of a name; certificates and users come
 * before the configuration, so that a pod that sees the new revision tag has all that belongs to it.
 */
export function manifestWavesFor(
  spec: ClusterSpec,
  material: Material,
  rollout: Rollout = INITIAL_ROLLOUT,
): readonly (readonly Manifest[])[] {
  const { certificates, configurationText } = material;
  return [
    // First, so that a run that dies after them finds how far it had got.
    [authoritiesSecret(spec, certificates), systemSecret(spec, material)],
    [
      ...podNames(spec).map((pod) => podService(spec, pod)),
      headlessService(spec),
      clientService(spec),
      ...(spec.serverTlsSecret === undefined ? [serverTlsSecret(spec, certificates)] : []),
      ...(spec.routeTlsSecret === undefined ? [routesTlsSecret(spec, certificates)] : []),
      clientTlsSecret(spec, certificates.clientTrust),
      clientSecret(spec, material),
      ...namedClientSecrets(spec, certificates),
      podDisruptionBudget(spec),
      ...(spec.networkPolicy ? [networkPolicy(spec)] : []),
    ],
    [configurationSecret(spec, configurationText, rollout.generation)],
    [statefulSet(spec, rollout)],
  ];
}

/** All objects of the cluster in apply order. */
export function manifestsFor(spec: ClusterSpec, material: Material, rollout?: Rollout): readonly Manifest[] {
  return manifestWavesFor(spec, material, rollout).flat();
}
