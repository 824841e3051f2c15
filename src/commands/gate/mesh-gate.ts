import { podNames, podOrdinal } from '../../cluster/names.ts';
import type { ObjectList } from '../../kubernetes/watch.ts';
import { joinedServers } from '../../nats/mesh/meta-group.ts';
import type { MeshProblem, MeshSample } from '../../nats/mesh/observation.ts';
import type { MeshPair } from '../../nats/mesh/pair.ts';
import { meshMatrix, meshVerdict, STABLE_SAMPLES } from '../../nats/mesh/verdict.ts';
import type { Pod } from '../../objects/pod.ts';
import { pause } from '../../time/pause.ts';
import { buildDeadlineError, type Waiting } from '../context/waiting.ts';
import type { Diagnoser } from '../diagnosis/diagnoser.ts';
import { FailFast } from '../diagnosis/fail-fast.ts';
import type { HealthCheck } from '../pods/jetstream-servers.ts';
import { type ObservationTerms, observePod, type PodObservation, type ServerState } from '../pods/pod-observation.ts';
import { describePodState, type FollowedPods, followPods } from '../pods/pods.ts';
import { type StuckPodOptions, StuckPods } from '../pods/stuck-pods.ts';
import type { OutsideProofs } from '../proofs/outside-proofs.ts';
import { createReloads, type ReloadTerms } from '../reload/reloads.ts';
import { meshExpectation, observedPods, withOutsiders } from './mesh-expectation.ts';
import { createRereading } from './rereading.ts';

const ROUND_MS = 200;
/**
 * The pause in milliseconds while only routes are missing: servers dial within milliseconds of each other once they
 * can.
 */
const MESH_ROUND_MS = 100;
/** The pause in milliseconds while the mesh settles. A refused connection lives for less time than this. */
const SETTLING_ROUND_MS = 30;

export type GateTerms = ObservationTerms & {
  readonly waiting: Waiting;
  readonly diagnoser: Diagnoser;
  /** The way to bring servers that run something else to this revision; undefined leaves such servers as they are. */
  readonly reload: ReloadTerms | undefined;
  /** The way to replace pods that waiting cannot fix; without it, every pod that fails counts. */
  readonly stuck?: StuckPodOptions | undefined;
  /** Checks the servers once the mesh is complete; the gate is not passed before the check finds no problem. */
  readonly health?: HealthCheck | undefined;
  /** The receiver of every observation, given where much is to be verified from outside afterwards. */
  readonly proofs?: Pick<OutsideProofs, 'saw'> | undefined;
  /** The deployment's pods as they were listed a moment ago; the gate lists the pods itself without them. */
  readonly knownPods?: ObjectList | undefined;
};

export type PassedGate = {
  readonly pairs: readonly MeshPair[];
  readonly readyReplicas: number;
  /** The UIDs of the servers' pods, by name. */
  readonly podUids: ReadonlyMap<string, string>;
  readonly versions: readonly string[];
  /** The server that the servers name as leader of JetStream; undefined without JetStream, and for a single server. */
  readonly metaLeader: string | undefined;
  /** The pods whose servers were reloaded on the way. */
  readonly reloaded: readonly string[];
  /** The pods that were replaced on the way because no reload reached or fixed their servers. */
  readonly restarted: readonly string[];
};

type Round = {
  readonly seen: readonly PodObservation[];
  readonly sample: MeshSample;
  readonly problems: readonly MeshProblem[];
  readonly pods: readonly Pod[];
};

/**
 * Waits until every server of this revision runs this configuration, presents this certificate and holds a complete,
 * stable set of routes to exactly its peers. Reloads servers of another configuration on the way.
 * @throws ActionError ROLLOUT_STALLED, APPLY_REJECTED, PKI_INVALID, MESH_INCOMPLETE for problems that waiting cannot
 * fix, SERVER_UNSUPPORTED at once; MESH_INCOMPLETE or WAIT_TIMEOUT at the deadline.
 */
export async function passMeshGate(terms: GateTerms): Promise<PassedGate> {
  const { signal, waiting } = terms;
  const pods = await followPods(terms.api, terms.spec, signal, terms.knownPods);
  const servers = new Map<string, ServerState>();
  const reloads = terms.reload === undefined ? undefined : createReloads(terms, terms.reload);
  const rereading =
    terms.reload === undefined ? undefined : createRereading(terms, { servers, now: Date.now, ...terms.reload });
  const stuck = terms.stuck === undefined ? undefined : new StuckPods(terms.stuck);
  const failFast = new FailFast({ ...terms, now: Date.now, newSince: Date.now() - waiting.appliedMsAgo() });
  let history: readonly MeshSample[] = [];
  let last: Round | undefined;
  try {
    for (;;) {
      pods.check();
      const round = await observeRound(terms, pods, servers);
      const expectation = meshExpectation(terms, pods.current());
      history = [...history, round.sample].slice(-STABLE_SAMPLES);
      const verdict = meshVerdict(expectation, history);
      const mesh = verdict.kind === 'incomplete' ? verdict.problems : [];
      const found = round.problems.length === 0 ? mesh : round.problems;
      const isComplete = verdict.kind === 'complete' && found.length === 0;
      const problems = (isComplete ? await terms.health?.(observedPods(terms, pods.current())) : undefined) ?? found;
      last = { ...round, problems: isComplete ? problems : round.problems };
      terms.proofs?.saw(round.seen, verdict.kind !== 'incomplete');
      waiting.show(problems);
      const pairs = meshMatrix(expectation, round.sample);
      terms.diagnoser.saw(pairs, problems);
      const isRereading = (await rereading?.next(problems)) ?? false;
      if (isRereading || reloads?.isRepairing() === true) {
        failFast.forgive();
      } else if (problems.length > 0) {
        const all = [...pods.current().values()];
        throwIfAny(failFast.check((await stuck?.replaceStuck(all, problems)) ?? all, problems));
      }
      reloads?.prove(round.seen);
      if (isComplete && problems.length === 0) {
        await reloads?.proved();
        const versions = [...new Set(round.sample.map(({ varz }) => varz.version))];
        const groups = round.sample.flatMap(({ varz }) => varz.jetstream?.metaGroup ?? []);
        const [metaLeader] = groups.flatMap(({ leader }) => leader ?? []);
        waiting.tellJoined(joinedServers(podNames(terms.spec), groups));
        const podUids = new Map(round.pods.map(({ name, uid }) => [name, uid]));
        const [reloaded, restarted] = [reloads?.done() ?? [], reloads?.restarted() ?? []];
        const readyReplicas = round.pods.length;
        return { pairs, readyReplicas, podUids, versions, metaLeader, reloaded, restarted };
      }
      // A reload could break only routes, and the election of a meta leader may need a reload.
      const anyRevision = meshVerdict({ ...expectation, revisionTag: undefined, jetstream: false }, history);
      const isReloaded = await reloads?.next(
        withOutsiders({ ...terms, expectation }, pods.current(), round, mesh),
        anyRevision,
      );
      history = isReloaded === true ? [] : history;
      const isSettling = anyRevision.kind === 'settling' || isReloaded === true;
      const unsettledMs = round.problems.length === 0 ? MESH_ROUND_MS : ROUND_MS;
      await pause(isSettling ? SETTLING_ROUND_MS : unsettledMs, signal);
    }
  } catch (error) {
    throw signal.aborted
      ? (buildDeadlineError(terms, last?.problems ?? [], lastMesh(terms, pods, last)) ?? error)
      : error;
  } finally {
    await failFast.close();
    await pods.close();
    await Promise.all([...servers.values()].map(async ({ observer }) => await observer.close()));
  }
}

function throwIfAny(error: Error | undefined): void {
  if (error !== undefined) {
    throw error;
  }
}

function lastMesh(terms: GateTerms, pods: FollowedPods, last: Round | undefined): readonly MeshProblem[] {
  const verdict = meshVerdict(meshExpectation(terms, pods.current()), last === undefined ? [] : [last.sample]);
  return verdict.kind === 'incomplete' ? verdict.problems : [];
}

/** Reads the state of every server once, all at the same time. */
async function observeRound(
  terms: GateTerms,
  followed: FollowedPods,
  servers: Map<string, ServerState>,
): Promise<Round> {
  const pods = followed.current();
  const names = observedPods(terms, pods);
  const seen = await Promise.all(names.map(async (name) => await observePod(terms, name, pods.get(name), servers)));
  const wanted = podNames(terms.spec);
  const surplus = [...pods.keys()].filter(
    (name) => podOrdinal(terms.spec.name, name) !== undefined && !wanted.includes(name),
  );
  const leaving = surplus.map((from): MeshProblem => {
    return { from, to: undefined, reason: 'UnexpectedServer', message: `${from}: ${describePodState(pods.get(from))}` };
  });
  return {
    seen,
    sample: seen.flatMap(({ observation }) => observation ?? []),
    problems: [...seen.flatMap(({ problem }) => problem ?? []), ...leaving],
    pods: names.flatMap((name) => pods.get(name) ?? []).filter(({ ready }) => ready),
  };
}
