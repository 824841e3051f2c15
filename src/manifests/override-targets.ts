import { clusterNames, configurationSecretName, namedClientSecretName, podNames } from '../cluster/names.ts';
import { ALL_OF_KIND, type Override } from '../cluster/override.ts';
import type { ClusterSpec } from '../cluster/spec.ts';

/**
 * One rendered object with the role by which overrides select it. The role does not depend on the name of the
 * deployment.
 */
export type OverrideTarget = { readonly kind: string; readonly role: string; readonly name: string };

/** Returns every object of the cluster that overrides can select. */
export function overrideTargets(spec: ClusterSpec): readonly OverrideTarget[] {
  const names = clusterNames(spec.name);
  const secrets = [
    ['config', configurationSecretName(spec.name, 0)],
    ['client', names.clientSecret],
    ['system', names.systemSecret],
    ['authorities', names.authoritiesSecret],
    ['client-tls', names.clientTlsSecret],
    ...(spec.serverTlsSecret === undefined ? [['server-tls', names.serverTlsSecret] as const] : []),
    ...(spec.routeTlsSecret === undefined ? [['route-tls', names.routesTlsSecret] as const] : []),
    ...spec.clientCertificates.map((client) => ['named-client', namedClientSecretName(spec.name, client)] as const),
  ] as const;
  return [
    { kind: 'StatefulSet', role: 'servers', name: names.statefulSet },
    { kind: 'Service', role: 'client', name: names.service },
    { kind: 'Service', role: 'headless', name: names.headlessService },
    ...podNames(spec).map((name) => ({ kind: 'Service', role: 'pod', name })),
    { kind: 'PodDisruptionBudget', role: 'servers', name: names.podDisruptionBudget },
    ...(spec.networkPolicy ? [{ kind: 'NetworkPolicy', role: 'servers', name: names.networkPolicy }] : []),
    ...(spec.metrics ? [{ kind: 'PodMonitor', role: 'servers', name: names.podMonitor }] : []),
    ...secrets.map(([role, name]) => ({ kind: 'Secret', role, name })),
  ];
}

/** Checks whether the override selects this target. A role takes precedence over a name with the same spelling. */
export function isAbout(
  { kind, role }: Pick<Override, 'kind' | 'role'>,
  target: OverrideTarget,
  targets: readonly OverrideTarget[],
): boolean {
  if (kind !== target.kind || role === ALL_OF_KIND) {
    return kind === target.kind;
  }
  const isRole = targets.some((other) => other.kind === kind && other.role === role);
  return role === (isRole ? target.role : target.name);
}
