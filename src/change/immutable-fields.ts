import { findDrift } from '../drift/drift.ts';

/**
 * The fields of a StatefulSet's spec that can change. Kubernetes rejects a change of any other field (apps/v1
 * StatefulSet, ValidateStatefulSetUpdate).
 */
const MUTABLE: readonly string[] = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
];

type Fields = Readonly<Record<string, unknown>>;

/** Returns the fields of a StatefulSet's spec, or of a patch of one, that can never change. */
export function findImmutableFields(spec: Fields): readonly string[] {
  return Object.keys(spec).filter((field) => !MUTABLE.includes(field));
}

/** Returns the immutable fields in which a live StatefulSet differs from the wanted one, apart from defaults. */
export function findChangedImmutableFields(wanted: Fields, live: Fields): readonly string[] {
  const fields = new Set([...findImmutableFields(wanted), ...findImmutableFields(live)]);
  return [...fields].filter((field) => {
    const [desired, found] = [wanted[field], live[field]];
    return desired === undefined
      ? Array.isArray(found) && found.length > 0
      : findDrift({ [field]: desired }, { [field]: found }).length > 0;
  });
}
