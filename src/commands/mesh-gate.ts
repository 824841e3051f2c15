import { setTimeout as delay } from 'node:timers/promises';
import { podHost } from '../cluster/addresses.ts';
import { podNames, podOrdinal } from '../cluster/names.ts';
import type { ClusterSpec } from '../cluster/spec.ts';
import type { KubernetesApi } from '../kubernetes/api.ts';
import type { Pod } from '../kubernetes/objects/pod.ts';
import type { Credentials } from '../manifests/material.ts';
import { revisionTag } from '../nats/conf/server.ts';
import type { MeshExpectation, MeshProblem, MeshSample, ServerObservation } from '../nats/mesh/observation.ts';
import type { MeshPair } from '../nats/mesh/pair.ts';
import { meshMatrix, meshVerdict, STABLE_SAMPLES } from '../nats/mesh/verdict.ts';
import { isSupported, parseServerVersion } from '../nats/mesh/version.ts';
import { type Seen, type ServerObserver, serverObserver } from '../servers/observer.ts';
import { FIELD_MANAGER } from './applied.ts';
import { podDial } from './pod-dial.ts';
import { podFailure, podState } from './pod-failure.ts';
import { type FollowedPods, followPods } from './pods.ts';
import { unsupportedServer } from './preflight.ts';
import { stillWaiting, type Waiting } from './waiting.ts';

/** The annotation whose change makes a pod's kubelet refresh its volumes at once. */
const REVISION_ANNOTATION = 'nats-cluster-action/revision';

const ROUND_MS = 200;
const SETTLING_ROUND_MS = 60;
const SERVER_TIMEOUT_MS = 4000;
/** A kubelet's watches are independent of each other, so an annotation may reach it before the Secret does. */
const ANNOTATE_EVERY_MS = 3000;

export type GateTerms = {
  readonly api: KubernetesApi;
  readonly spec: ClusterSpec;
  readonly revision: string;
  /** The StatefulSet revision that a pod with this ordinal must be made of. */
  readonly podRevision: (ordinal: number) => string;
  readonly system: Credentials;
  /** PEM bundle of the client-facing authorities. */
  readonly trust: string;
  /** SHA-256 of the leaf that every server must present. */
  readonly fingerprint: string;
  readonly waiting: Waiting;
  readonly signal: AbortSignal;
};

export type PassedGate = {
  readonly pairs: readonly MeshPair[];
  readonly readyReplicas: number;
  readonly versions: readonly string[];
  /** The pods whose servers were reloaded on the way. */
  readonly reloaded: readonly string[];
};

type ServerState = {
  readonly uid: string;
  readonly observer: ServerObserver;
  annotatedAt: number;
};

type Round = { readonly sample: MeshSample; readonly problems: readonly MeshProblem[]; readonly pods: readonly Pod[] };

/**
 * Waits until every server of this revision runs this configuration, presents this certificate and holds a complete,
 * stable set of routes to exactly its peers. Servers of an older revision are reloaded on the way.
 * @throws ActionError ROLLOUT_STALLED, SERVER_UNSUPPORTED at once; MESH_INCOMPLETE or WAIT_TIMEOUT at the deadline.
 */
export async function passMeshGate(terms: GateTerms): Promise<PassedGate> {
  const { signal, waiting } = terms;
  const pods = await followPods(terms.api, terms.spec, signal);
  const servers = new Map<string, ServerState>();
  const reloaded = new Set<string>();
  const history: { expectation: MeshExpectation; sample: MeshSample }[] = [];
  let last: Round | undefined;
  try {
    for (;;) {
      pods.check();
      const round = await observeRound(terms, pods, servers, reloaded);
      last = round;
      const expectation = expectationOf(terms, pods.current());
      history.push({ expectation, sample: round.sample });
      history.splice(0, history.length - STABLE_SAMPLES);
      const verdict = meshVerdict(
        expectation,
        history.map(({ sample }) => sample),
      );
      const mesh = verdict.kind === 'incomplete' ? verdict.problems : [];
      waiting.show([...round.problems, ...(round.problems.length === 0 ? mesh : [])]);
      if (verdict.kind === 'complete' && round.problems.length === 0) {
        const versions = [...new Set(round.sample.map(({ varz }) => varz.version))];
        const pairs = meshMatrix(expectation, round.sample);
        return { pairs, readyReplicas: round.pods.length, versions, reloaded: [...reloaded] };
      }
      await delay(verdict.kind === 'settling' ? SETTLING_ROUND_MS : ROUND_MS, undefined, { signal });
    }
  } catch (error) {
    throw signal.aborted ? (stillWaiting(terms, last?.problems ?? [], lastMesh(terms, pods, last)) ?? error) : error;
  } finally {
    await pods.close();
    await Promise.all([...servers.values()].map(async ({ observer }) => await observer.close()));
  }
}

function lastMesh(terms: GateTerms, pods: FollowedPods, last: Round | undefined): readonly MeshProblem[] {
  const verdict = meshVerdict(expectationOf(terms, pods.current()), last === undefined ? [] : [last.sample]);
  return verdict.kind === 'incomplete' ? verdict.problems : [];
}

function expectationOf({ spec, revision, podRevision }: GateTerms, pods: ReadonlyMap<string, Pod>): MeshExpectation {
  return {
    clusterName: spec.name,
    revisionTag: revisionTag(revision),
    poolSize: undefined,
    pinnedAccounts: [],
    servers: podNames(spec).map((serverName, ordinal) => ({
      serverName,
      uid: pods.get(serverName)?.uid ?? '',
      statefulSetRevision: podRevision(ordinal),
    })),
  };
}

/** Looks at every server once, all at the same time. */
async function observeRound(
  terms: GateTerms,
  followed: FollowedPods,
  servers: Map<string, ServerState>,
  reloaded: Set<string>,
): Promise<Round> {
  const pods = followed.current();
  const names = podNames(terms.spec);
  const seen = await Promise.all(
    names.map(async (name) => await observePod(terms, name, pods.get(name), servers, reloaded)),
  );
  const surplus = [...pods.keys()].filter(
    (name) => podOrdinal(terms.spec.name, name) !== undefined && !names.includes(name),
  );
  const leaving = surplus.map((from): MeshProblem => {
    return { from, to: undefined, reason: 'UnexpectedServer', message: `${from}: ${podState(pods.get(from))}` };
  });
  return {
    sample: seen.flatMap(({ observation }) => observation ?? []),
    problems: [...seen.flatMap(({ problem }) => problem ?? []), ...leaving],
    pods: names.flatMap((name) => pods.get(name) ?? []).filter(({ ready }) => ready),
  };
}

type PodSeen = { readonly observation?: ServerObservation; readonly problem?: MeshProblem };

async function observePod(
  terms: GateTerms,
  name: string,
  pod: Pod | undefined,
  servers: Map<string, ServerState>,
  reloaded: Set<string>,
): Promise<PodSeen> {
  const failure = pod === undefined || pod.terminating ? undefined : podFailure(pod);
  if (failure !== undefined) {
    throw failure;
  }
  if (pod === undefined || pod.terminating || pod.containers[0]?.state.kind !== 'running') {
    return notYet(name, podState(pod));
  }
  const wanted = terms.podRevision(podOrdinal(terms.spec.name, name) ?? 0);
  if (pod.controllerRevision !== wanted) {
    // No connection: a server without clients leaves at once, and ours would hold it for its whole grace period.
    return notYet(name, `pod is of revision ${pod.controllerRevision}, expected ${wanted}`);
  }
  const server = await serverOf(terms, pod, servers);
  const seen = await server.observer.observe();
  if (!seen.ok) {
    return notYet(name, `${podState(pod)}, ${brief(seen.failure.message)}`);
  }
  requireSupported(terms.spec.image, seen.value);
  const observation = {
    pod: { uid: pod.uid, statefulSetRevision: pod.controllerRevision ?? '' },
    varz: seen.value.varz,
    routez: seen.value.routez,
  };
  if (!seen.value.varz.tags.includes(revisionTag(terms.revision))) {
    const said = await reload(terms, pod, server);
    reloaded.add(name);
    return { observation, ...notYet(name, said) };
  }
  if (!seen.value.servesCertificate) {
    return { observation, ...notYet(name, 'presents another certificate than the one issued') };
  }
  return pod.ready ? { observation } : { observation, ...notYet(name, 'running, not Ready yet') };
}

/** The kubelet reports a port that nobody listens on in four lines of namespaces and addresses. */
function brief(failure: string): string {
  return /connection refused/.test(failure) ? 'its port does not listen yet' : failure;
}

function notYet(from: string, message: string): { readonly problem: MeshProblem } {
  return { problem: { from, to: undefined, reason: 'NotObserved', message: `${from}: ${message}` } };
}

/** The observer of this very pod: another pod of the same name gets another. */
async function serverOf(terms: GateTerms, pod: Pod, servers: Map<string, ServerState>): Promise<ServerState> {
  const known = servers.get(pod.name);
  if (known?.uid === pod.uid) {
    return known;
  }
  await known?.observer.close();
  const { api, spec, trust, fingerprint, system, signal } = terms;
  const observer = serverObserver({
    dial: podDial(api, pod.namespace, pod.name),
    serverName: podHost(spec, podOrdinal(spec.name, pod.name) ?? 0),
    timeoutMs: SERVER_TIMEOUT_MS,
    trust,
    fingerprint,
    signal,
    ...system,
  });
  const server = { uid: pod.uid, observer, annotatedAt: Number.NEGATIVE_INFINITY };
  servers.set(pod.name, server);
  return server;
}

/** Has the kubelet refresh the pod's volume, then the server read it. Until it is there a reload changes nothing. */
async function reload(terms: GateTerms, pod: Pod, server: ServerState): Promise<string> {
  const now = performance.now();
  if (now - server.annotatedAt > ANNOTATE_EVERY_MS) {
    server.annotatedAt = now;
    const value = `${terms.revision}.${Math.round(now)}`;
    const ref = { kind: 'Pod', name: pod.name, namespace: pod.namespace } as const;
    const body = { metadata: { annotations: { [REVISION_ANNOTATION]: value } } };
    await terms.api.patch(ref, { kind: 'merge', value: body }, { fieldManager: FIELD_MANAGER }, terms.signal);
  }
  const answer = await server.observer.reload();
  return answer.ok ? 'reloading the new configuration' : `reload refused: ${answer.failure.message}`;
}

/** @throws ActionError SERVER_UNSUPPORTED */
function requireSupported(image: string, { varz }: Seen): void {
  const version = parseServerVersion(varz.version);
  if (version === undefined || !isSupported(version)) {
    throw unsupportedServer(image, varz.version);
  }
}
