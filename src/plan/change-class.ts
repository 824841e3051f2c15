import type { ChangeClass } from '../change/input-change.ts';
import { clusterNames, configurationSecretName } from '../cluster/names.ts';
import type { ServerEffects } from './server-effects.ts';

type Written = {
  /** The object as `Kind/name`. */
  readonly object: string;
  readonly action: 'update' | 'recreate';
};

/** Returns the effect of a write to the object on the servers. */
export function classOfObject(name: string, { object, action }: Written, effects: ServerEffects): ChangeClass {
  const { added, removed, replaced, restarted, reloaded } = effects;
  if (object === `StatefulSet/${clusterNames(name).statefulSet}`) {
    if (action === 'recreate') return 'recreate';
    if (restarted.length > 0) return 'rolling';
    if (added.length + removed.length > 0) return 'scale';
    return replaced.length > 0 ? 'rolling' : 'objects';
  }
  if (!isOfVolume(name, object)) return 'objects';
  if (reloaded.length > 0) return 'reload';
  return restarted.length > 0 ? 'rolling' : 'objects';
}

/** Checks whether servers read the object, by a reload or when they start. */
export function isOfVolume(name: string, object: string): boolean {
  const { serverTlsSecret, routesTlsSecret } = clusterNames(name);
  const secrets = [configurationSecretName(name, 0), serverTlsSecret, routesTlsSecret];
  return secrets.some((secret) => object === `Secret/${secret}`);
}

/** Returns the classes of changes to servers that no write causes, for example after a run that died. */
export function classesOfEffects({ reloaded, replaced, restarted }: ServerEffects): readonly ChangeClass[] {
  return [
    ...(reloaded.length > 0 ? (['reload'] as const) : []),
    ...(replaced.length + restarted.length > 0 ? (['rolling'] as const) : []),
  ];
}

/** The classes in the order of their effect on clients, the smallest first. */
const BY_WEIGHT = ['objects', 'next-issue', 'reload', 'scale', 'rolling', 'recreate'] as const;

/** Returns the class with the largest effect; undefined without classes. */
export function gravest(classes: readonly ChangeClass[]): ChangeClass | undefined {
  return BY_WEIGHT.findLast((each) => classes.includes(each));
}
