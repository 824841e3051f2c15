import { clusterNames, configurationSecretName, namedClientSecretName, podNames } from '../cluster/names.ts';
import { ALL_OF_KIND, type ClusterSpec, type Override, overrideName } from '../cluster/spec.ts';
import { selectPatchKey } from '../drift/owned-paths.ts';
import type { InputViolation } from '../errors/action-error.ts';
import { createInputError } from '../inputs/grammar/violations.ts';
import { isRecord, recordOf } from '../objects/json.ts';
import type { Metadata } from './metadata.ts';
import { findLostParts } from './promised-parts.ts';

/**
 * One rendered object with the role by which overrides select it. The role does not depend on the name of the
 * deployment.
 */
export type OverrideTarget = { readonly kind: string; readonly role: string; readonly name: string };

/** Returns every object of the cluster that overrides can select. */
export function listOverrideTargets(spec: ClusterSpec): readonly OverrideTarget[] {
  const names = clusterNames(spec.name);
  const secrets = [
    ['config', configurationSecretName(spec.name, 0)],
    ['client', names.clientSecret],
    ['system', names.systemSecret],
    ['authorities', names.caSecret],
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
function isSelected(
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

/** A rendered object with the fields that every command uses; its other fields are unknown. */
export type Overridable<Kind extends string = string> = {
  readonly apiVersion: string;
  readonly kind: Kind;
  readonly metadata: Metadata;
  readonly [field: string]: unknown;
};

/**
 * Returns the object with the overrides that select it, in the order of the input.
 * @throws ActionError INPUT_INVALID when the object would lose a part that the Action relies on.
 */
export function applyOverrides<Kind extends string>(spec: ClusterSpec, manifest: Overridable<Kind>): Overridable<Kind> {
  const { violations, result } = tryOverrides(spec, manifest);
  if (violations.length > 0) {
    throw createInputError(violations);
  }
  return result;
}

/** Returns the violations of the overrides for these objects. */
export function findOverrideViolations(
  spec: ClusterSpec,
  manifests: readonly Overridable[],
): readonly InputViolation[] {
  const targets = listOverrideTargets(spec);
  const known = [...new Set(targets.map(overrideName))].join(', ');
  const unknown = spec.overrides.filter((override) => !targets.some((target) => isSelected(override, target, targets)));
  const found = [
    ...unknown.map((override) =>
      createViolation(
        override,
        `is not an object of this deployment; expected one of ${known}, \`all\` of a kind, or the name of an object`,
      ),
    ),
    ...manifests.flatMap((manifest) => tryOverrides(spec, manifest).violations),
  ];
  return [...new Map(found.map((one) => [one.message, one])).values()]; // Each pod Service reports the same violation.
}

type OverrideResult<Kind extends string> = {
  readonly result: Overridable<Kind>;
  readonly violations: readonly InputViolation[];
};

function tryOverrides<Kind extends string>(spec: ClusterSpec, manifest: Overridable<Kind>): OverrideResult<Kind> {
  if (spec.overrides.length === 0) {
    return { result: manifest, violations: [] };
  }
  const targets = listOverrideTargets(spec);
  const own = targets.find(({ kind, name }) => kind === manifest.kind && name === manifest.metadata.name);
  const about = own === undefined ? [] : spec.overrides.filter((override) => isSelected(override, own, targets));
  const violations: InputViolation[] = [];
  let result = manifest;
  for (const override of about) {
    const patched = applyMergePatch(result, override.patch);
    const after = isRecord(patched) ? patched : {};
    violations.push(
      ...[...findLostParts(manifest, after), ...findOrderedStart(spec, after)].map((path) =>
        createViolation(override, describeLoss(path)),
      ),
    );
    const { apiVersion, kind, metadata } = manifest;
    result = { ...after, apiVersion, kind, metadata: { ...metadata, ...recordOf(after['metadata']) } };
  }
  return { result, violations };
}

/**
 * Checks that servers with JetStream start in parallel. They become ready together, once they have a meta leader: a
 * server that waits for the one before it would wait forever.
 */
function findOrderedStart({ jetstream, replicas }: ClusterSpec, { kind, spec }: Readonly<Record<string, unknown>>) {
  const isOrdered = kind === 'StatefulSet' && recordOf(spec)['podManagementPolicy'] !== 'Parallel';
  return isOrdered && jetstream !== undefined && replicas > 1 ? ['spec.podManagementPolicy'] : [];
}

/** The inputs that set fields which an override must not change. */
const INPUTS: readonly (readonly [path: RegExp, input: string])[] = [
  [/\.replicas$/, 'replicas'],
  [/\.image$/, 'image'],
  [/^spec\.type$/, 'service-type'],
];

function describeLoss(path: string): string {
  const input = INPUTS.find(([pattern]) => pattern.test(path))?.[1];
  const instead = input === undefined ? '' : `; set input \`${input}\` instead`;
  return `removes or changes \`${path}\`, which this action relies on${instead}`;
}

function createViolation(override: Override, message: string): InputViolation {
  const name = overrideName(override);
  return {
    input: 'overrides',
    message: `\`${name}\` ${message}`,
    correction: `# correct \`${name}\` in \`overrides\``,
  };
}

/**
 * Applies a JSON merge patch (RFC 7386): objects are merged, `null` removes, anything else replaces. In addition to the
 * RFC, the items of a few lists are merged, so that one container can be changed or added without repeating the others.
 */
export function applyMergePatch(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) {
    return patch;
  }
  const merged = new Map(Object.entries(isRecord(target) ? target : {}));
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) {
      merged.delete(name);
    } else {
      merged.set(name, mergeField(name, merged.get(name), value));
    }
  }
  return Object.fromEntries(merged);
}

function mergeField(name: string, target: unknown, patch: unknown): unknown {
  const key = selectPatchKey(name);
  return key !== undefined && Array.isArray(patch)
    ? mergeItems(key, Array.isArray(target) ? target : [], patch)
    : applyMergePatch(target, patch);
}

/** Merges list items. Items of the target keep their place, and new ones follow. */
function mergeItems(key: string, target: readonly unknown[], patch: readonly unknown[]): readonly unknown[] {
  return patch.reduce<readonly unknown[]>((items, item) => {
    const id = idOf(item, key);
    const same = id === undefined ? -1 : items.findIndex((other) => idOf(other, key) === id);
    return same === -1
      ? [...items, applyMergePatch(undefined, item)]
      : items.with(same, applyMergePatch(items[same], item));
  }, target);
}

function idOf(item: unknown, key: string): unknown {
  return isRecord(item) ? item[key] : undefined;
}
