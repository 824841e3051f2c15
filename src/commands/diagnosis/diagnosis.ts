import { type EventFacts, type Facts, type LogFacts, redactFacts } from '../../causes/facts.ts';
import { findRefusedProbe } from '../../causes/health-causes.ts';
import { parseMissingSecret } from '../../causes/volume-causes.ts';
import {
  clusterNames,
  configurationSecretName,
  labelSelector,
  nameSelector,
  parsePodOrdinal,
} from '../../cluster/names.ts';
import { canOwn } from '../../cluster/owned-names.ts';
import type { ServerPair } from '../../nats/mesh/observation.ts';
import { recordOf, textOf } from '../../objects/json.ts';
import type { KubernetesObject } from '../../objects/object.ts';
import { decodeEvent, decodePod, type Event, type Pod } from '../../objects/pod.ts';
import { decodePersistentVolumeClaim, decodeStatefulSet } from '../../objects/stateful-set.ts';
import { explainForeignClaim } from '../live/ownership.ts';
import { FactReader, isOnSilentNode, type NodeLook, type ReaderAccess } from './fact-reader.ts';

export type DiagnosisAccess = ReaderAccess & {
  /** Returns a text without the secrets of the run. None of them may be in the result. */
  readonly redact: (text: string) => string;
};

/** The options of a diagnosis: facts that are known already, and checks for facts that are new since an earlier one. */
export type DiagnosisOptions = NodeLook & {
  readonly pods?: readonly Pod[];
  readonly missingPairs?: readonly ServerPair[];
  readonly isFresh?: (event: Event) => boolean;
  /** Returns the index of the first new line. Without this function, all lines are new. */
  readonly findFirstFreshLine?: (log: LogFacts) => number;
};

/**
 * Collects, within 2.5 s and redacted, the facts that show why a deployment does not progress. Throws nothing: it notes
 * each fact that cannot be read, because the other facts are still useful. If `look` contains pods, it reads only the
 * facts that these pods make relevant.
 */
export async function collectFacts(access: DiagnosisAccess, look: DiagnosisOptions = {}): Promise<Facts> {
  const { spec, redact } = access;
  const reader = new FactReader(access);
  const pods = look.pods ?? (await reader.list('Pod', labelSelector(spec.name))).map(decodePod);
  const wanted = look.pods === undefined ? EVERYTHING : decideWanted(pods, look.missingPairs ?? []);
  const nodes = reader.nodes(wanted.nodes, pods, look);
  const [events, services, claims, statefulSet, read] = await Promise.all([
    reader.list('Event'),
    wanted.routes ? reader.list('Service', nameSelector(spec.name)) : [],
    pods.some(doesPodWaitForVolume) ? reader.list('PersistentVolumeClaim') : [],
    wanted.statefulSet ? reader.statefulSet() : undefined,
    nodes.then((known) =>
      reader.logs(
        pods.filter((pod) => !isOnSilentNode(pod, known)),
        wanted.routes,
      ),
    ),
  ]);
  const ownClaims = claims.filter((claim) => explainForeignClaim(spec.name, claim) === undefined);
  const ours = events.map(decodeEvent).filter(({ object }) => isOurs(spec.name, object, claims, ownClaims));
  const known = ours.map((event) => convertEvent(event, look));
  const logs = [...read, ...(await readLogsOfRefusing(reader, pods, known, read))];
  const facts: Facts = {
    name: spec.name,
    namespace: spec.namespace,
    replicas: spec.replicas,
    pods,
    events: known,
    absentSecrets: await reader.absentSecrets(findMissedSecrets(spec.name, ours)),
    claims: ownClaims.map(decodePersistentVolumeClaim),
    nodes: await nodes,
    statefulSet: statefulSet === undefined ? undefined : decodeStatefulSet(statefulSet),
    logs: logs.map((log) => ({ ...log, freshFrom: look.findFirstFreshLine?.(log) ?? 0 })),
    addresses: mapAddresses(spec.name, pods, services),
    missingPairs: look.missingPairs,
    unread: reader.unread(),
  };
  return redactFacts(facts, redact);
}

/**
 * Reads the logs of running servers that refuse their probes, if these were not read yet. Most starts do not need them.
 */
async function readLogsOfRefusing(
  reader: FactReader,
  pods: readonly Pod[],
  events: readonly EventFacts[],
  read: readonly LogFacts[],
): Promise<readonly LogFacts[]> {
  const unread = pods.filter(
    (pod) => !read.some(({ pod: name }) => name === pod.name) && findRefusedProbe({ events }, pod) !== undefined,
  );
  return await reader.logs(unread, true);
}

type Wanted = { readonly nodes: 'all' | readonly string[]; readonly routes: boolean; readonly statefulSet: boolean };

const EVERYTHING: Wanted = { nodes: 'all', routes: true, statefulSet: true };

/**
 * Returns only the facts that the state of the pods makes necessary, because they are read repeatedly during the whole
 * wait, and most waits end well.
 */
function decideWanted(pods: readonly Pod[], missing: readonly ServerPair[]): Wanted {
  const doubtful = pods.filter(({ ready, terminating }) => !ready || terminating);
  const names = doubtful.flatMap(({ nodeName }) => nodeName ?? []);
  const nodes = names.length < doubtful.length ? 'all' : [...new Set(names)];
  return { nodes, routes: missing.length > 0, statefulSet: false };
}

/**
 * Returns the missing Secrets that every run writes. Events about Secrets of earlier pods do not count, because no
 * later pod needs those Secrets.
 */
function findMissedSecrets(name: string, events: readonly Event[]): readonly string[] {
  const { serverTlsSecret, routesTlsSecret } = clusterNames(name);
  const missed = events.map(({ message }) => parseMissingSecret(message));
  return [configurationSecretName(name, 0), serverTlsSecret, routesTlsSecret].filter((own) => missed.includes(own));
}

function doesPodWaitForVolume({ conditions }: Pod): boolean {
  return conditions.some(({ type, message }) => type === 'PodScheduled' && /persistent ?volume/i.test(message));
}

/**
 * Checks whether an event is about this deployment: its StatefulSet, its pods, or its claims, whose names end in the
 * name of a pod. The pod nats-1 of the deployment nats is not the StatefulSet nats-1 of another deployment. `claims`
 * contains all claims; the claims of another deployment can have names of the same form as the `own` ones.
 */
function isOurs(
  deployment: string,
  { kind, name }: Event['object'],
  claims: readonly KubernetesObject[],
  own: readonly KubernetesObject[],
): boolean {
  const isNamed = ({ metadata }: KubernetesObject): boolean => metadata.name === name;
  switch (kind) {
    case 'StatefulSet':
      return name === deployment;
    case 'PersistentVolumeClaim':
      return hasOwnName(deployment, name) && (own.some(isNamed) || !claims.some(isNamed));
    default:
      return hasOwnName(deployment, name);
  }
}

function hasOwnName(deployment: string, name: string): boolean {
  return (
    name === deployment ||
    parsePodOrdinal(deployment, name) !== undefined ||
    canOwn(deployment, { kind: 'PersistentVolumeClaim', name })
  );
}

function convertEvent(event: Event, { isFresh }: DiagnosisOptions): EventFacts {
  const { type, reason, message, object, count, lastSeen } = event;
  return { type, reason, message, object, count, lastSeen, fresh: isFresh?.(event) ?? true };
}

/**
 * Maps the addresses that servers log to names: the ClusterIP of the Service that they dialled, or the IP of the pod
 * that dialled them.
 */
function mapAddresses(
  name: string,
  pods: readonly Pod[],
  services: readonly KubernetesObject[],
): Readonly<Record<string, string>> {
  const ofPods = pods.flatMap((pod) => (pod.podIp === undefined ? [] : [[pod.podIp, pod.name] as const]));
  const ofServices = services.flatMap(({ metadata, spec }) => {
    const address = textOf(recordOf(spec)['clusterIP']);
    return address === undefined || parsePodOrdinal(name, metadata.name) === undefined
      ? []
      : [[address, metadata.name] as const];
  });
  return Object.fromEntries([...ofPods, ...ofServices]);
}
