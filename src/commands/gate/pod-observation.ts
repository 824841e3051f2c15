import { podHost } from '../../cluster/addresses.ts';
import { isLeft } from '../../cluster/left-pod.ts';
import { podOrdinal } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import { refusedSystemCredentials } from '../../inputs/operator-contradictions.ts';
import { inputInvalid } from '../../inputs/violations.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import type { Pod } from '../../kubernetes/objects/pod.ts';
import type { Leaf } from '../../manifests/material.ts';
import { needsRestart } from '../../manifests/pod-template.ts';
import { revisionTag } from '../../nats/conf/server.ts';
import type { Outsider } from '../../nats/mesh/meta-group.ts';
import type { MeshProblem, ServerObservation } from '../../nats/mesh/observation.ts';
import { isSupported, parseServerVersion } from '../../nats/mesh/version.ts';
import type { SignIn } from '../../servers/connection.ts';
import { isRefusal, type ServerFailure } from '../../servers/failure.ts';
import { type Seen, type ServerObserver, serverObserver } from '../../servers/observer.ts';
import { unsupportedServer } from '../preflight/preflight.ts';
import { requireAskedPod, requireAskedRelease } from './as-asked.ts';
import { podDial } from './pod-dial.ts';
import { podState } from './pod-failure.ts';

const SERVER_TIMEOUT_MS = 4000;

/** A server that is just being reloaded or replaced may answer strangely once. */
const MOST_REFUSALS = 5;

export type ObservationTerms = {
  readonly api: KubernetesApi;
  readonly spec: ClusterSpec;
  readonly revision: string;
  /** The StatefulSet revision of which the pod with this ordinal must be made; undefined for any. */
  readonly podRevision: (ordinal: number) => string | undefined;
  readonly system: SignIn;
  /** PEM bundle of the client-facing authorities. */
  readonly trust: string;
  /** SHA-256 of the leaf that every server must present. */
  readonly fingerprint: string;
  /** Our own leaf, where servers ask for one. */
  readonly clientCertificate: Leaf | undefined;
  /** The newest release that the servers ran when they were verified last; undefined where it is unknown. */
  readonly ranRelease: string | undefined;
  /** Returns a text without the secrets of the run. */
  readonly redact: (text: string) => string;
  readonly signal: AbortSignal;
};

export type ServerState = {
  readonly uid: string;
  readonly observer: ServerObserver;
  annotatedAt: number;
  /** What the server said to the last request to reload, when it refused. */
  refusal: string | undefined;
  /** How often in a row it did not take our user for one of its system account. */
  strange: number;
};

export type PodSeen = {
  readonly name: string;
  readonly observation?: ServerObservation;
  readonly problem?: MeshProblem;
  /** The server, when it runs another configuration than the one it is to run. */
  readonly outdated?: ServerState;
  /** The running pod that was looked at. */
  readonly uid?: string;
  /** Why its server did not answer. */
  readonly failure?: ServerFailure;
  /** What the server itself says is wrong with it, where its pod is not Ready. */
  readonly ailment?: string;
  /** How the JetStream of all others goes on without it, though nothing else is wrong. */
  readonly outside?: Outsider;
};

/** One look at the server of a pod. What is not as it must be yet is a problem. */
export async function observePod(
  terms: ObservationTerms,
  name: string,
  pod: Pod | undefined,
  servers: Map<string, ServerState>,
): Promise<PodSeen> {
  if (pod === undefined || pod.terminating || pod.containers[0]?.state.kind !== 'running') {
    return notYet(name, podState(pod));
  }
  const wanted = terms.podRevision(podOrdinal(terms.spec.name, name) ?? 0);
  if (wanted !== undefined && wanted !== pod.controllerRevision) {
    // No connection: a server without clients leaves at once, and ours would hold it for its whole grace period.
    return notYet(name, `pod is of revision ${pod.controllerRevision}, expected ${wanted}`);
  }
  const server = await serverOf(terms, pod, servers);
  const seen = await server.observer.observe();
  const { uid } = pod;
  if (!seen.ok) {
    const { failure } = seen;
    requireUser(terms, pod, server, failure);
    return { uid, failure, ...notYet(name, `${podState(pod)}, ${brief(failure.message)}`) };
  }
  server.strange = 0;
  requireSupported(terms.spec.image, seen.value);
  if (wanted !== undefined) {
    requireAskedRelease(terms, pod.name, seen.value.varz.version);
  }
  const observation = {
    pod: { uid: pod.uid, statefulSetRevision: pod.controllerRevision ?? '' },
    varz: seen.value.varz,
    routez: seen.value.routez,
  };
  if (isHeldBack(terms, pod)) {
    return pod.ready ? { name, observation } : await unready(pod, server, observation);
  }
  if (!seen.value.varz.tags.includes(revisionTag(terms.revision))) {
    const ailment = pod.ready ? {} : await ailmentOf(server);
    return { uid, observation, outdated: server, ...ailment, ...notYet(name, outdatedState(server)) };
  }
  if (!seen.value.servesCertificate) {
    // Its volume may have got the configuration before the certificates, so a reload is asked for once more.
    return { uid, observation, outdated: server, ...notYet(name, 'presents another certificate than the one issued') };
  }
  return pod.ready ? { name, uid, observation } : await unready(pod, server, observation);
}

async function unready({ name, uid }: Pod, server: ServerState, observation: ServerObservation): Promise<PodSeen> {
  const told = await ailmentOf(server);
  const why = told.ailment === undefined ? '' : `: ${told.ailment}`;
  return { uid, observation, ...told, ...notYet(name, `running, not Ready yet${why}`) };
}

/** Asks what keeps a pod from being Ready: the kubelet tells of a status code, and not what the server says. */
async function ailmentOf({ observer }: ServerState): Promise<Pick<PodSeen, 'ailment'>> {
  const health = await observer.health();
  return health.ok && health.value.problem !== undefined ? { ailment: health.value.problem } : {};
}

/** Whether the pod is yet to be replaced, as its server takes the configuration of this revision only when it starts. */
export function isHeldBack(
  { spec, podRevision }: Pick<ObservationTerms, 'spec' | 'podRevision'>,
  pod: Pod | undefined,
): boolean {
  const isBelowPartition = pod !== undefined && podRevision(podOrdinal(spec.name, pod.name) ?? 0) === undefined;
  return isBelowPartition && (isLeft(pod) || needsRestart(spec, pod.annotations));
}

function outdatedState({ refusal }: ServerState): string {
  return refusal === undefined
    ? 'runs another configuration'
    : `runs another configuration, reload refused: ${refusal}`;
}

/** The kubelet reports a port that nobody listens on in four lines of namespaces and addresses. */
function brief(failure: string): string {
  return /connection refused/.test(failure) ? 'its port does not listen yet' : failure;
}

function notYet(from: string, message: string): { readonly name: string; readonly problem: MeshProblem } {
  return { name: from, problem: { from, to: undefined, reason: 'NotObserved', message: `${from}: ${message}` } };
}

/**
 * The observer of this very pod: another pod of the same name gets another.
 * @throws ActionError APPLY_REJECTED, reason ChangedByAdmission, as `requireAskedPod`.
 */
async function serverOf(terms: ObservationTerms, pod: Pod, servers: Map<string, ServerState>): Promise<ServerState> {
  const known = servers.get(pod.name);
  if (known?.uid === pod.uid) {
    return known;
  }
  await known?.observer.close();
  if (terms.podRevision(podOrdinal(terms.spec.name, pod.name) ?? 0) === pod.controllerRevision) {
    requireAskedPod(terms.spec, pod);
  }
  const { api, spec, trust, fingerprint, clientCertificate, system, signal } = terms;
  const observer = serverObserver({
    dial: podDial(api, pod.namespace, pod.name),
    serverName: podHost(spec, podOrdinal(spec.name, pod.name) ?? 0),
    timeoutMs: SERVER_TIMEOUT_MS,
    trust,
    fingerprint,
    signal,
    ...(clientCertificate === undefined ? {} : { clientCertificate }),
    ...system,
  });
  const server = { uid: pod.uid, observer, annotatedAt: Number.NEGATIVE_INFINITY, refusal: undefined, strange: 0 };
  servers.set(pod.name, server);
  return server;
}

/**
 * Credentials that somebody gave may be wrong, which no waiting heals: a server knows its system account when it starts.
 * @throws ActionError INPUT_INVALID
 */
function requireUser({ system }: ObservationTerms, pod: Pod, server: ServerState, failure: ServerFailure): void {
  const isStrange = system.jwt !== undefined && pod.ready && isRefusal(failure);
  server.strange = isStrange ? server.strange + 1 : 0;
  if (server.strange >= MOST_REFUSALS) {
    throw inputInvalid([refusedSystemCredentials(pod.name)]);
  }
}

/** @throws ActionError SERVER_UNSUPPORTED */
function requireSupported(image: string, { varz }: Seen): void {
  const version = parseServerVersion(varz.version);
  if (version === undefined || !isSupported(version)) {
    throw unsupportedServer(image, varz.version);
  }
}
