import { parseQuantity } from '../inputs/grammar/number.ts';
import { isRecord, type JsonRecord, memberOf } from '../objects/json.ts';
import { isSharedList, joinPath, nameListItem, selectListKey } from './owned-paths.ts';

/**
 * A difference between a live object and the manifest that we applied. It never contains the values, because they may
 * be secret.
 */
export type Drift = {
  /** The path, for example `spec.template.spec.containers[nats].args[1]`; the empty string is the whole object. */
  readonly path: string;
  readonly kind: 'missing' | 'different' | 'surplus-key';
};

/** The context of a path. It decides how the values under the path are compared. */
type Place = { readonly path: string; readonly field: string; readonly exact: boolean; readonly quantities: boolean };

const ROOT: Place = { path: '', field: '', exact: false, quantities: false };

/** The fields that contain quantities: the API server writes `0.5` as `500m`. */
const QUANTITY_FIELDS: ReadonlySet<string> = new Set(['limits', 'requests', 'capacity', 'hard', 'sizeLimit']);

/** The fields that are not pointers in the API's types, so that the API server omits their zero value (`omitempty`). */
const ZERO_IS_ABSENT: ReadonlySet<string> = new Set([
  'publishNotReadyAddresses',
  'readOnly',
  'hostNetwork',
  'hostPID',
  'hostIPC',
  'stdin',
  'stdinOnce',
  'tty',
  'initialDelaySeconds',
  'minReadySeconds',
  'value',
]);

/** The fields of every object. The API server omits them in objects that it returns as items of a list. */
const OF_EVERY_OBJECT: ReadonlySet<string> = new Set(['apiVersion', 'kind']);

/**
 * Returns every value of the desired manifest that the live object does not have. Any other value of the live object is
 * a default or belongs to another manager. The exceptions are the `data` of a Secret or ConfigMap, and lists that no
 * other manager can add to: a surplus value there is drift too.
 */
export function findDrift(desired: unknown, live: unknown): readonly Drift[] {
  if (!isRecord(desired) || !isRecord(live)) return compareValues(desired, live, ROOT);
  const isSecret = desired['kind'] === 'Secret';
  const written = Object.keys(desired).filter(
    (key) => (!OF_EVERY_OBJECT.has(key) || live[key] !== undefined) && !(isSecret && key === 'type'),
  );
  const wholeData = isSecret || desired['kind'] === 'ConfigMap';
  return written.flatMap((key) => {
    const exact = wholeData && (key === 'data' || key === 'binaryData');
    return compareValues(desired[key], memberOf(live, key), { ...ROOT, path: key, field: key, exact });
  });
}

function compareValues(desired: unknown, live: unknown, place: Place): readonly Drift[] {
  if (desired === undefined) return [];
  if (live === undefined || live === null)
    return isOmitted(desired, place) ? [] : [{ path: place.path, kind: 'missing' }];
  if (Array.isArray(desired)) {
    return Array.isArray(live) ? compareLists(desired, live, place) : reportDifference(place);
  }
  if (isRecord(desired)) {
    return isRecord(live) ? compareRecords(desired, live, place) : reportDifference(place);
  }
  return desired === live || (place.quantities && isSameAmount(desired, live)) ? [] : reportDifference(place);
}

function compareRecords(desired: JsonRecord, live: JsonRecord, place: Place): readonly Drift[] {
  const found = Object.keys(desired).flatMap((key) =>
    compareValues(desired[key], memberOf(live, key), enterField(place, key)),
  );
  const surplus = place.exact ? Object.keys(live).filter((key) => !Object.hasOwn(desired, key)) : [];
  return [...found, ...surplus.map((key): Drift => ({ path: enterField(place, key).path, kind: 'surplus-key' }))];
}

function compareLists(desired: readonly unknown[], live: readonly unknown[], place: Place): readonly Drift[] {
  const found = desired.flatMap((item, index) => {
    const key = isRecord(item) ? selectListKey(place.field, item) : undefined;
    if (key === undefined || !isRecord(item)) return compareValues(item, live[index], enterItem(place, String(index)));
    const name = nameListItem(key, item);
    const same = live.filter(isRecord).find((other) => nameListItem(key, other) === name);
    return compareValues(item, same, enterItem(place, name));
  });
  const surplus = !isSharedList(place.field) && live.length > desired.length;
  return surplus ? [...found, ...reportDifference(place)] : found;
}

function reportDifference({ path }: Place): readonly Drift[] {
  return [{ path, kind: 'different' }];
}

function enterField(place: Place, key: string): Place {
  const quantities = place.quantities || QUANTITY_FIELDS.has(key);
  return { path: joinPath(place.path, key), field: key, exact: false, quantities };
}

function enterItem(place: Place, name: string): Place {
  return { ...place, path: `${place.path}[${name}]`, field: '' };
}

/** Checks whether the API server would not store the desired value, so that its absence is not a difference. */
function isOmitted(desired: unknown, { field }: Place): boolean {
  if (desired === null) return true;
  if (typeof desired === 'object') return Object.keys(desired).length === 0;
  return ZERO_IS_ABSENT.has(field) && (desired === false || desired === 0 || desired === '');
}

function isSameAmount(desired: unknown, live: unknown): boolean {
  const [wanted, got] = [desired, live].map((value) => parseQuantity(String(value)));
  // The tolerance is relative, because an amount in thousandths is not exact in binary.
  return wanted !== undefined && got !== undefined && Math.abs(wanted - got) <= Math.abs(wanted) * 1e-12;
}
