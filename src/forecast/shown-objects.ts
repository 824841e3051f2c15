import { serverEnvironment } from '../cluster/server-files.ts';
import { RESTART_ANNOTATION } from '../manifests/pod-template.ts';
import { isRecord, recordOf } from '../objects/json.ts';

/** The keys from the outside in. An item of a list is `[name]` if it has a name, else `[index]`. */
export type Path = readonly string[];

/** Replaces every leaf, which is a value that is neither a map nor a list, at any depth. */
function mapLeaves(value: unknown, change: (path: Path, leaf: unknown) => unknown, path: Path = []): unknown {
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) => mapLeaves(item, change, [...path, `[${nameOf(item) ?? index}]`]));
  }
  return isRecord(value) ? mapRecord(value, change, path) : change(path, value);
}

/** Replaces every leaf of a map, at any depth. */
function mapRecord(
  record: Readonly<Record<string, unknown>>,
  change: (path: Path, leaf: unknown) => unknown,
  path: Path = [],
): Readonly<Record<string, unknown>> {
  const entries = Object.entries(record);
  return Object.fromEntries(entries.map(([key, value]) => [key, mapLeaves(value, change, [...path, key])]));
}

/** Collects the leaves by the `keyOf` of their path. */
function collectLeaves(value: unknown): ReadonlyMap<string, unknown> {
  const leaves = new Map<string, unknown>();
  mapLeaves(value, (path, leaf) => leaves.set(keyOf(path), leaf));
  return leaves;
}

function keyOf(path: Path): string {
  return JSON.stringify(path);
}

function nameOf(item: unknown): string | undefined {
  const name = isRecord(item) ? item['name'] : undefined;
  return typeof name === 'string' ? name : undefined;
}

/** The variables that the Action sets. None of them contains a secret. */
const OWN_VARIABLES: ReadonlySet<string> = new Set([...Object.values(serverEnvironment), 'GOMEMLIMIT']);

/**
 * The fields of the Kubernetes API whose texts name an object or choose one of a few values (API reference, core/v1,
 * apps/v1, policy/v1, networking.k8s.io/v1). Any other text may be a secret of its author.
 */
const NAMES_AND_CHOICES: ReadonlySet<string> = splitWords(`
  apiVersion kind name namespace apiGroup controller type protocol appProtocol scheme port targetPort medium
  operator effect key action image imagePullPolicy restartPolicy terminationMessagePolicy
  terminationMessagePath serviceName podManagementPolicy whenDeleted whenScaled unhealthyPodEvictionPolicy
  clusterIP ipFamilyPolicy internalTrafficPolicy externalTrafficPolicy sessionAffinity trafficDistribution
  loadBalancerIP loadBalancerClass cidr serviceAccountName serviceAccount schedulerName priorityClassName
  preemptionPolicy nodeName runtimeClassName dnsPolicy hostname subdomain topologyKey whenUnsatisfiable
  nodeAffinityPolicy nodeTaintsPolicy fsGroupChangePolicy supplementalGroupsPolicy procMount volumeMode
  volumeName storageClassName claimName secretName mountPath mountPropagation fieldPath resource containerName
  sizeLimit minAvailable maxUnavailable
`);

/** The fields of the Kubernetes API that are lists of such texts. */
const LISTS: ReadonlySet<string> = splitWords(`
  drop add accessModes ipFamilies clusterIPs externalIPs loadBalancerSourceRanges policyTypes except
  finalizers
`);

/** The maps with free keys: the entries below them are never fields of the API. */
const FREE_MAPS: ReadonlySet<string> = splitWords(`
  annotations labels matchLabels nodeSelector selector data stringData binaryData volumeAttributes parameters
  options params
`);

/** Checks whether a value at this place of an object can be shown, regardless of its author. */
function isShownField(path: Path, value: unknown): boolean {
  if (typeof value !== 'string') return true;
  const [field = '', item = '', list = ''] = path.toReversed();
  if (list === 'env' && field === 'value') return OWN_VARIABLES.has(item.slice(1, -1));
  if (path.slice(0, -1).some((key) => FREE_MAPS.has(key))) return false;
  const isQuantity = list === 'resources' && (item === 'requests' || item === 'limits');
  return NAMES_AND_CHOICES.has(field) || isQuantity || (LISTS.has(item) && field.startsWith('['));
}

function splitWords(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}

export type Fields = Readonly<Record<string, unknown>>;

/** An object as it is, and as it would be; undefined if it does not exist. */
export type ObjectPair = { readonly before: Fields | undefined; readonly after: Fields | undefined };

/** The fields that the API server maintains on every object by itself. */
const BOOKKEPT = ['managedFields', 'resourceVersion', 'generation', 'uid', 'creationTimestamp', 'selfLink'];

/** The annotations of the Action and of kubectl that repeat information from other fields. */
const NOTES = /^(?:nats-cluster-action\/|kubectl\.kubernetes\.io\/last-applied-configuration$)/;

/** Returns the object without the fields that change by themselves. */
export function selectContent(object: Fields): Fields {
  const { status: _, apiVersion, kind, metadata, ...rest } = object;
  const kept = Object.entries(recordOf(metadata)).filter(([key]) => !BOOKKEPT.includes(key));
  return { apiVersion, kind, metadata: Object.fromEntries(kept), ...rest };
}

/** The object that would be written (`asked`), and the same object without overrides (`own`). */
export type Asked = { readonly asked: Fields; readonly own: Fields };

/**
 * Returns both objects as a reader may see them. A plan is a comment on a pull request, where no mask hides a secret.
 * Therefore it shows a text only if the Action itself writes it, or if its field never contains a secret. For every
 * other text it shows whether it changes. Values that a dry run makes up are left out.
 */
export function hideSecrets({ before, after }: ObjectPair, { asked, own }: Asked): ObjectPair {
  const [was, is, stated, written] = [before, after, asked, own].map(collectLeaves);
  const isSecret = asked['kind'] === 'Secret' ? isOfSecret : isRestartDigest;
  const isShown = (path: Path, value: unknown): boolean =>
    !isSecret(path) && (isShownField(path, value) || written?.get(keyOf(path)) === value);
  const hidden = (path: Path): string => (isSecret(path) ? '(secret)' : '(hidden)');
  const wordBefore = (path: Path): string =>
    after === undefined || is?.has(keyOf(path)) === true ? hidden(path) : '(removed)';
  const wordAfter = (path: Path, value: unknown): string => {
    const key = keyOf(path);
    if (was?.has(key) !== true) return '(added)';
    return was.get(key) === value ? hidden(path) : '(changed)';
  };
  const settled = (path: Path, value: unknown): unknown => {
    const key = keyOf(path);
    if (key === PARTITION) return 0; // The partition only delays a rolling change at its start.
    const isMadeUp = isAssigned(path) && was?.get(key) !== value && stated?.get(key) !== value;
    return isMadeUp ? '(assigned by the cluster)' : value;
  };
  return {
    before: before && mapRecord(omitNotes(before), (path, value) => (isShown(path, value) ? value : wordBefore(path))),
    after:
      after &&
      mapRecord(omitNotes(after), (path, value) =>
        isShown(path, value) ? settled(path, value) : wordAfter(path, value),
      ),
  };
}

const PARTITION = keyOf(['spec', 'updateStrategy', 'rollingUpdate', 'partition']);

function omitNotes(object: Fields): Fields {
  const { apiVersion, kind, metadata, ...rest } = selectContent(object);
  const { annotations, ...others } = recordOf(metadata);
  const kept = Object.entries(recordOf(annotations)).filter(([key]) => !NOTES.test(key));
  const annotated = kept.length === 0 ? {} : { annotations: Object.fromEntries(kept) };
  return { apiVersion, kind, metadata: { ...others, ...annotated }, ...rest };
}

/**
 * Checks whether the path may contain a value of a Secret. A Secret that was applied with kubectl has its values in an
 * annotation too.
 */
function isOfSecret([first, second]: Path): boolean {
  return first === 'data' || first === 'stringData' || (first === 'metadata' && second === 'annotations');
}

/** Checks for the restart digest. It depends on a password, which the plan of a first deployment makes up. */
function isRestartDigest(path: Path): boolean {
  return path.at(-1) === RESTART_ANNOTATION;
}

const ASSIGNED = ['nodePort', 'healthCheckNodePort', 'clusterIP', 'clusterIPs'];

/** Checks for ports and addresses that the API server assigns if the user requests none. */
function isAssigned([first, ...path]: Path): boolean {
  return first === 'spec' && path.some((key) => ASSIGNED.includes(key));
}
