import { createHash } from 'node:crypto';
import { type JsonRecord, recordOf, recordsOf, textMapOf, textOf } from '../../../../src/objects/json.ts';
import { type InMemoryObjects, labelsOf, nameOf } from './in-memory-objects.ts';
import type { Journal } from './journal.ts';
import { isSame } from './object-fields.ts';

const RECONCILE_MS = 5;

export type ControllerParts = {
  readonly objects: InMemoryObjects;
  readonly journal: Journal;
  readonly terminate: (pod: JsonRecord) => void;
};

/**
 * Runs the controllers of StatefulSets and EndpointSlices. Each reads the objects again a moment after every change.
 */
export function runControllers(parts: ControllerParts): void {
  let isDue = false;
  const { objects } = parts;
  objects.listen(({ object }) => {
    if (isDue || !['StatefulSet', 'Pod', 'Service'].includes(String(object['kind']))) return;
    isDue = true;
    setTimeout(() => {
      isDue = false;
      for (const set of objects.list('StatefulSet')) reconcileSet(parts, set);
      for (const service of objects.list('Service')) reconcileEndpoints(objects, service);
    }, RECONCILE_MS);
  });
}

export function isReady(pod: JsonRecord): boolean {
  const conditions = recordsOf(recordOf(pod['status'])['conditions']);
  return !isTerminating(pod) && conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
}

export function isTerminating(pod: JsonRecord): boolean {
  return recordOf(pod['metadata'])['deletionTimestamp'] !== undefined;
}

export function hasLabels(object: JsonRecord, selector: unknown): boolean {
  const wanted = Object.entries(textMapOf(selector));
  return wanted.length > 0 && wanted.every(([label, value]) => labelsOf(object)[label] === value);
}

type Revisions = { readonly current: string; readonly update: string };

/**
 * Does one step of the StatefulSet controller with `podManagementPolicy: Parallel` (`updateStatefulSet` of
 * pkg/controller/statefulset/stateful_set_control.go).
 */
function reconcileSet({ objects, journal, terminate }: ControllerParts, set: JsonRecord): void {
  const spec = recordOf(set['spec']);
  const revisions = revisionsOf(objects, set);
  const replicas = Number(spec['replicas']);
  const strategy = recordOf(spec['updateStrategy']);
  const isRolling = strategy['type'] !== 'OnDelete';
  const partition = isRolling ? Number(recordOf(strategy['rollingUpdate'])['partition'] ?? 0) : 0;
  const pods = ownPods(objects, set);
  for (let ordinal = 0; ordinal < replicas; ordinal++) {
    if (pods.has(ordinal)) continue;
    objects.put(podOf(objects, set, ordinal, isRolling && ordinal < partition ? revisions.current : revisions.update));
  }
  for (const [ordinal, pod] of pods) {
    if (ordinal >= replicas && !isTerminating(pod)) {
      journal.add('delete-pod', nameOf(pod), 'surplus');
      terminate(pod);
    }
  }
  writeStatus(objects, set, revisions);
  if (!isRolling) return;
  for (let ordinal = replicas - 1; ordinal >= partition; ordinal--) {
    const pod = pods.get(ordinal);
    if (pod !== undefined && revisionOf(pod) !== revisions.update && !isTerminating(pod)) {
      journal.add('delete-pod', nameOf(pod), 'outdated');
      terminate(pod);
      return;
    }
    if (pod === undefined || !isReady(pod)) return;
  }
}

function ownPods(objects: InMemoryObjects, set: JsonRecord): ReadonlyMap<number, JsonRecord> {
  const selector = recordOf(recordOf(set['spec'])['selector'])['matchLabels'];
  const pods = objects.list('Pod').filter((pod) => hasLabels(pod, selector));
  return new Map(pods.map((pod) => [Number(nameOf(pod).slice(nameOf(set).length + 1)), pod]));
}

function revisionOf(pod: JsonRecord): string | undefined {
  return labelsOf(pod)['controller-revision-hash'];
}

/** Returns the revisions of a StatefulSet; every template has one, which is stored as a ControllerRevision. */
function revisionsOf(objects: InMemoryObjects, set: JsonRecord): Revisions {
  const { namespace } = recordOf(set['metadata']);
  const template = recordOf(recordOf(set['spec'])['template']);
  const update = `${nameOf(set)}-${digestOf(template)}`;
  const revision = { apiVersion: 'apps/v1', kind: 'ControllerRevision', metadata: { name: update, namespace } };
  if (objects.get('ControllerRevision', update, textOf(namespace)) === undefined)
    objects.put({ ...revision, data: template });
  return { current: textOf(recordOf(set['status'])['currentRevision']) ?? update, update };
}

const digests = new WeakMap<JsonRecord, string>();

function digestOf(template: JsonRecord): string {
  const known =
    digests.get(template) ?? createHash('sha256').update(JSON.stringify(template)).digest('hex').slice(0, 10);
  digests.set(template, known);
  return known;
}

function podOf(objects: InMemoryObjects, set: JsonRecord, ordinal: number, revision: string): JsonRecord {
  const { namespace, uid } = recordOf(set['metadata']);
  const stored = objects.get('ControllerRevision', revision, textOf(namespace));
  const template = recordOf(stored?.['data']);
  const metadata = recordOf(template['metadata']);
  const name = `${nameOf(set)}-${ordinal}`;
  const added = { 'controller-revision-hash': revision, 'statefulset.kubernetes.io/pod-name': name };
  const owner = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: nameOf(set), uid, controller: true };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...metadata,
      name,
      namespace,
      labels: { ...textMapOf(metadata['labels']), ...added },
      ownerReferences: [owner],
    },
    spec: template['spec'],
    status: { phase: 'Pending' },
  };
}

function writeStatus(objects: InMemoryObjects, set: JsonRecord, { current, update }: Revisions): void {
  const present = objects.get('StatefulSet', nameOf(set), textOf(recordOf(set['metadata'])['namespace']));
  if (present === undefined) return;
  const pods = [...ownPods(objects, present).values()];
  const replicas = Number(recordOf(present['spec'])['replicas']);
  const updated = pods.filter((pod) => revisionOf(pod) === update && !isTerminating(pod));
  const isDone = updated.length === replicas && pods.length === replicas && updated.every(isReady);
  const status = {
    observedGeneration: recordOf(present['metadata'])['generation'],
    replicas: pods.length,
    readyReplicas: pods.filter(isReady).length,
    updatedReplicas: updated.length,
    currentRevision: isDone ? update : current,
    updateRevision: update,
  };
  if (!isSame(status, present['status'])) objects.put({ ...present, status });
}

function reconcileEndpoints(objects: InMemoryObjects, service: JsonRecord): void {
  const { namespace, labels } = recordOf(service['metadata']);
  const { selector, publishNotReadyAddresses } = recordOf(service['spec']);
  const pods = objects
    .list('Pod')
    .filter((pod) => hasLabels(pod, selector) && recordOf(pod['status'])['podIP'] !== undefined);
  const endpoints = pods.map((pod) => ({
    addresses: [recordOf(pod['status'])['podIP']],
    conditions: { ready: isReady(pod) || (publishNotReadyAddresses === true && !isTerminating(pod)) },
    targetRef: { kind: 'Pod', name: nameOf(pod), uid: recordOf(pod['metadata'])['uid'] },
  }));
  const present = objects.get('EndpointSlice', `${nameOf(service)}-slice`, textOf(namespace));
  if (isSame(present?.['endpoints'], endpoints)) return;
  objects.put({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: `${nameOf(service)}-slice`,
      namespace,
      labels: { ...textMapOf(labels), 'kubernetes.io/service-name': nameOf(service) },
    },
    endpoints,
  });
}
