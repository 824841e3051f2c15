import { podHost } from '../../cluster/addresses.ts';
import { isOrphaned, parsePodOrdinal } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import { needsRestart } from '../../manifests/pod-template.ts';
import { formatRevisionTag } from '../../nats/conf/writer/server.ts';
import type { Outsider } from '../../nats/mesh/meta-group.ts';
import type { MeshProblem, ServerObservation } from '../../nats/mesh/observation.ts';
import type { Pod } from '../../objects/pod.ts';
import { shortenFingerprint } from '../../pki/certificate.ts';
import type { ServerFailure } from '../../servers/failure.ts';
import { type Seen, ServerObserver } from '../../servers/observers.ts';
import { describePodState } from './pods.ts';
import {
  requireRequestedPod,
  requireRequestedRelease,
  requireSupportedRelease,
  requireSystemUser,
} from './requested-server.ts';
import { createPodDial, type SystemAccess } from './server-access.ts';

const SERVER_TIMEOUT_MS = 4000;

/** The state that every server is expected to have. */
export type ServerExpectation = {
  readonly spec: ClusterSpec;
  readonly revision: string;
  /** Returns the StatefulSet revision that the pod with this ordinal must have; undefined for any. */
  readonly podRevision: (ordinal: number) => string | undefined;
  /** The SHA-256 fingerprint of the certificate that every server must present. */
  readonly fingerprint: string;
  /** The newest release that the servers ran when they were last verified; undefined if it is unknown. */
  readonly ranRelease: string | undefined;
};

/** The servers to observe: their expected state, and the way to reach them. */
export type ExpectedServers = { readonly expected: ServerExpectation; readonly access: SystemAccess };

export type ServerState = {
  readonly uid: string;
  readonly observer: Pick<ServerObserver, keyof ServerObserver>;
  annotatedAt: number;
  /** The server's answer to the last reload request, if the server refused. */
  refusal: string | undefined;
  /** The number of times in a row that the server did not accept our user as a user of its system account. */
  authRefusals: number;
};

export type PodObservation = {
  readonly name: string;
  readonly observation?: ServerObservation;
  readonly problem?: MeshProblem;
  /** The server, if it runs another configuration or presents another certificate than it should. */
  readonly outdated?: ServerState;
  /** The UID of the running pod that was observed. */
  readonly uid?: string;
  /** The reason why its server did not answer. */
  readonly failure?: ServerFailure;
  /** The problem that the server itself reports, if its pod is not Ready. */
  readonly ailment?: string;
  /** The report that the JetStream meta group works without this server, which has no other problem. */
  readonly outsider?: Outsider;
};

/**
 * Reads the state of the server in a pod once. Reports a problem if the pod or its server is not in the expected state.
 */
export async function observePod(
  { expected, access }: ExpectedServers,
  name: string,
  pod: Pod | undefined,
  servers: Map<string, ServerState>,
): Promise<PodObservation> {
  if (pod === undefined || pod.terminating || pod.containers[0]?.state.kind !== 'running') {
    return buildNotObserved(name, describePodState(pod));
  }
  const wanted = expected.podRevision(parsePodOrdinal(expected.spec.name, name) ?? 0);
  if (wanted !== undefined && wanted !== pod.controllerRevision) {
    // This run does not connect to the server, because a server that shuts down waits for its clients: our connection
    // would delay the shutdown by the whole grace period.
    return buildNotObserved(name, `pod has revision ${pod.controllerRevision}, expected ${wanted}`);
  }
  const server = await findOrDialServer({ expected, access }, pod, servers);
  const seen = await server.observer.observe();
  const { uid } = pod;
  if (!seen.ok) {
    const { failure } = seen;
    requireSystemUser(access, pod, server, failure);
    return { uid, failure, ...buildNotObserved(name, `${describePodState(pod)}, ${shortenFailure(failure.message)}`) };
  }
  server.authRefusals = 0;
  const { version } = seen.value.varz;
  requireSupportedRelease(expected.spec.image, version);
  if (wanted !== undefined) {
    requireRequestedRelease(expected, pod.name, version);
  }
  return await judgeServer(expected, pod, server, seen.value);
}

/** Compares the answers of a server with its expected state. */
async function judgeServer(
  expected: ServerExpectation,
  pod: Pod,
  server: ServerState,
  { varz, routez, fingerprint }: Seen,
): Promise<PodObservation> {
  const { name, uid } = pod;
  const observation = { pod: { uid, statefulSetRevision: pod.controllerRevision ?? '' }, varz, routez };
  if (isHeldBack(expected, pod)) {
    return pod.ready ? { name, observation } : await describeUnready(pod, server, observation);
  }
  if (!varz.tags.includes(formatRevisionTag(expected.revision))) {
    const ailment = pod.ready ? {} : await readAilment(server);
    return { uid, observation, outdated: server, ...ailment, ...buildNotObserved(name, describeOutdated(server)) };
  }
  if (fingerprint !== expected.fingerprint) {
    // The volume may have received the configuration before the certificates, so this run requests another reload.
    const [served, issued] = [fingerprint, expected.fingerprint].map(shortenFingerprint);
    const text = `presents the certificate ${served} (SHA-256), expected ${issued} of its Secret`;
    const problem = buildNotObserved(name, text);
    return { uid, observation, outdated: server, ...problem };
  }
  return pod.ready ? { name, uid, observation } : await describeUnready(pod, server, observation);
}

async function describeUnready(
  { name, uid }: Pod,
  server: ServerState,
  observation: ServerObservation,
): Promise<PodObservation> {
  const health = await readAilment(server);
  const why = health.ailment === undefined ? '' : `: ${health.ailment}`;
  return { uid, observation, ...health, ...buildNotObserved(name, `running, not Ready yet${why}`) };
}

/** Reads from the server why its pod is not Ready, because the kubelet reports only a status code. */
async function readAilment({ observer }: ServerState): Promise<Pick<PodObservation, 'ailment'>> {
  const health = await observer.health();
  return health.ok && health.value.problem !== undefined ? { ailment: health.value.problem } : {};
}

/** Checks whether the pod must be replaced because its server loads this configuration only at a start. */
export function isHeldBack(
  { spec, podRevision }: Pick<ServerExpectation, 'spec' | 'podRevision'>,
  pod: Pod | undefined,
): boolean {
  const isBelowPartition = pod !== undefined && podRevision(parsePodOrdinal(spec.name, pod.name) ?? 0) === undefined;
  return isBelowPartition && (isOrphaned(pod) || needsRestart(spec, pod.annotations));
}

function describeOutdated({ refusal }: ServerState): string {
  return refusal === undefined
    ? 'runs another configuration'
    : `runs another configuration, reload refused: ${refusal}`;
}

/**
 * Returns a short text for a port without a listener, which the kubelet reports in four lines of namespaces and
 * addresses.
 */
function shortenFailure(failure: string): string {
  return /connection refused/.test(failure) ? 'its port does not listen yet' : failure;
}

function buildNotObserved(from: string, message: string): { readonly name: string; readonly problem: MeshProblem } {
  return { name: from, problem: { from, to: undefined, reason: 'NotObserved', message: `${from}: ${message}` } };
}

/**
 * Returns the state with the observer of this pod. Another pod with the same name gets another observer.
 * @throws ActionError APPLY_REJECTED, reason ChangedByAdmission, as `requireRequestedPod`.
 */
async function findOrDialServer(
  { expected, access }: ExpectedServers,
  pod: Pod,
  servers: Map<string, ServerState>,
): Promise<ServerState> {
  const known = servers.get(pod.name);
  if (known?.uid === pod.uid) {
    return known;
  }
  await known?.observer.close();
  const { spec, podRevision, fingerprint } = expected;
  if (podRevision(parsePodOrdinal(spec.name, pod.name) ?? 0) === pod.controllerRevision) {
    requireRequestedPod(spec, pod);
  }
  const { api, trust, clientCertificate, system, signal } = access;
  const observer = new ServerObserver({
    dial: createPodDial(api, pod.namespace, pod.name),
    serverName: podHost(spec, parsePodOrdinal(spec.name, pod.name) ?? 0),
    timeoutMs: SERVER_TIMEOUT_MS,
    trust,
    fingerprint,
    signal,
    ...(clientCertificate === undefined ? {} : { clientCertificate }),
    ...system,
  });
  const server = { uid: pod.uid, observer, annotatedAt: Number.NEGATIVE_INFINITY, refusal: undefined, authRefusals: 0 };
  servers.set(pod.name, server);
  return server;
}
