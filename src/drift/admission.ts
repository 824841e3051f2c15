import { SERVER_CONTAINER } from '../cluster/names.ts';
import { isSameRelease } from '../nats/mesh/version.ts';
import { isRecord, type JsonRecord, recordsAt, valueAt } from '../objects/json.ts';
import { type OwnedObject, selectApplied } from './as-applied.ts';
import { type Drift, findDrift } from './drift.ts';
import { isOwnedPath, listOwnedPaths } from './owned-paths.ts';

/** One difference between the object that was applied and the object that the API server stored. */
export type AdmissionChange = {
  /** The path of the difference, for example `spec.template.spec.containers[nats].image`. */
  readonly path: string;
  /** The kind of the difference; `added` is a part that the manifest does not contain. */
  readonly kind: 'changed' | 'added';
  /** Whether the servers still run as the manifest requires. */
  readonly isHarmless: boolean;
  /** Both values; undefined if they may be secret. */
  readonly values: { readonly asked: string; readonly stored: string } | undefined;
};

/**
 * Returns the parts of a manifest that admission changed, and the parts that it added to a pod template. `stored` is
 * the API server's answer to the apply of the manifest. Mutating webhooks and policies change an object after the API
 * server has read the request, and the managed fields still name the manager that applied it (measured on Kubernetes
 * 1.36).
 */
export function findAdmissionChanges(manifest: JsonRecord, stored: JsonRecord): readonly AdmissionChange[] {
  const changed = findDrift(manifest, stored).filter(({ kind }) => kind !== 'surplus-key');
  return [...changed.map(({ path }) => describeChange(path, manifest, stored)), ...findAddedParts(manifest, stored)];
}

/**
 * Returns the drift of a live object without the harmless changes that admission made during the apply. The value of
 * such a field differs, but `manager` still owns the field.
 */
export function findDriftBesidesAdmission(
  manifest: JsonRecord,
  live: OwnedObject | undefined,
  manager: string,
): readonly Drift[] {
  const drift = findDrift(manifest, live?.raw);
  if (live === undefined || drift.length === 0) return drift;
  const paths = listAppliedPaths(live, manager);
  return drift.filter(({ path, kind }) => {
    const isAdmitted = kind !== 'surplus-key' && isOwnedPath(paths, path);
    return !(isAdmitted && describeChange(path, manifest, live.raw).isHarmless);
  });
}

/**
 * Checks whether admission set a value that differs from the one that `manager` applied. Any other writer would have
 * taken over the field.
 */
export function isChangedByAdmission(live: OwnedObject, path: string, manager: string): boolean {
  return isOwnedPath(listAppliedPaths(live, manager), path);
}

function listAppliedPaths(live: OwnedObject, manager: string): readonly string[] {
  return selectApplied(live, manager).flatMap(({ fields }) => listOwnedPaths(fields, live.raw));
}

/** Returns a sentence part that names the change, with both values if they may be shown. */
export function renderAdmissionChange({ path, kind, values }: AdmissionChange): string {
  if (kind === 'added') return `${path} was added`;
  return values === undefined ? `${path} was changed` : `${path} was changed from ${values.asked} to ${values.stored}`;
}

/** The fields of a pod or a container that change neither which server runs nor how it runs. */
const HARMLESS_FIELDS =
  /^spec\.template\.spec\.(?:containers\[[^\]]*\]\.|initContainers\[[^\]]*\]\.)?(?:imagePullPolicy|securityContext|terminationMessagePolicy|terminationMessagePath|serviceAccountName|automountServiceAccountToken|enableServiceLinks|tolerations|priorityClassName|dnsPolicy|dnsConfig|hostAliases|schedulerName|imagePullSecrets|runtimeClassName)\b/;

/**
 * The labels and annotations of users. Those of the action are excluded, because they name the owner of the object and
 * how it was deployed.
 */
const METADATA = /^(?:spec\.template\.)?metadata\.(?:labels|annotations)\b/;
const OWN_METADATA = /nats-cluster-action\/|app\.kubernetes\.io\//;

const IMAGE = /^spec\.template\.spec\.(containers|initContainers)\[([^\]]+)\]\.image$/;

/** The fields whose values are never secret. */
const SHOWN = /\.(?:resources|replicas|partition)\b/;

function describeChange(path: string, manifest: JsonRecord, stored: JsonRecord): AdmissionChange {
  const [, list = '', container = ''] = IMAGE.exec(path) ?? [];
  if (container !== '') {
    const [asked = '', got = ''] = [manifest, stored].map((object) => readImage(object, list, container));
    const isHarmless = container !== SERVER_CONTAINER || isSameRelease(asked, got);
    return { path, kind: 'changed', isHarmless, values: { asked, stored: got } };
  }
  const isHarmless = HARMLESS_FIELDS.test(path) || (METADATA.test(path) && !OWN_METADATA.test(path));
  const values = SHOWN.test(path) ? readValues(path, manifest, stored) : undefined;
  return { path, kind: 'changed', isHarmless, values };
}

function readImage(object: JsonRecord, list: string, container: string): string {
  const found = recordsAt(object, 'spec', 'template', 'spec', list).find(({ name }) => name === container);
  return typeof found?.['image'] === 'string' ? found['image'] : 'none';
}

function readValues(path: string, manifest: JsonRecord, stored: JsonRecord): AdmissionChange['values'] {
  const [asked, got] = [manifest, stored].map((object) => readScalar(object, path));
  return asked === undefined || got === undefined ? undefined : { asked, stored: got };
}

/** Returns the scalar at a path of `Drift`, for paths whose list items are found by `name`. */
function readScalar(object: JsonRecord, path: string): string | undefined {
  const steps = path.split(/[.[\]]/).filter((step) => step !== '');
  const value = steps.reduce<unknown>((inner, step) => {
    return Array.isArray(inner) ? inner.find((item) => valueAt(item, 'name') === step) : valueAt(inner, step);
  }, object);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

/** The fields of a pod that have no default and that the action never sets. */
const ADDED_FIELDS = [
  'nodeSelector',
  'tolerations',
  'affinity',
  'priorityClassName',
  'runtimeClassName',
  'hostAliases',
  'dnsConfig',
  'hostNetwork',
  'imagePullSecrets',
] as const;

const ADDED_ITEMS = ['containers', 'initContainers', 'volumes'] as const;

function findAddedParts(manifest: JsonRecord, stored: JsonRecord): readonly AdmissionChange[] {
  const pod = ['spec', 'template', 'spec'] as const;
  if (!isRecord(valueAt(manifest, ...pod))) return [];
  const items = ADDED_ITEMS.flatMap((list) => {
    const asked = new Set(recordsAt(manifest, ...pod, list).map(({ name }) => name));
    const added = recordsAt(stored, ...pod, list).filter(({ name }) => !asked.has(name));
    return added.map(({ name }) => `${list}[${String(name)}]`);
  });
  const fields = ADDED_FIELDS.filter((field) => {
    return valueAt(manifest, ...pod, field) === undefined && valueAt(stored, ...pod, field) !== undefined;
  });
  return [...items, ...fields].map((part): AdmissionChange => {
    return { path: `${pod.join('.')}.${part}`, kind: 'added', isHarmless: true, values: undefined };
  });
}
