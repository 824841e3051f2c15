import { podNames } from '../../cluster/names.ts';
import type { ActionError } from '../../errors/action-error.ts';
import type { ObjectList } from '../../kubernetes/watch.ts';
import { findJoinedServers } from '../../nats/mesh/meta-group.ts';
import type { MeshExpectation, MeshProblem, MeshSample } from '../../nats/mesh/observation.ts';
import type { MeshPair } from '../../nats/mesh/pair.ts';
import { checkMesh, collectPairs, STABLE_SAMPLES } from '../../nats/mesh/verdict.ts';
import { pause } from '../../time/pause.ts';
import { buildDeadlineError } from '../context/deadline-error.ts';
import type { Run } from '../context/run.ts';
import { FailFast } from '../diagnosis/fail-fast.ts';
import type { HealthCheck } from '../pods/jetstream-servers.ts';
import type { ExpectedServers, ServerState } from '../pods/pod-observation.ts';
import { FollowedPods } from '../pods/pods.ts';
import { type StuckPodOptions, StuckPods } from '../pods/stuck-pods.ts';
import type { OutsideProofs } from '../proofs/outside-proofs.ts';
import { type ReloadReaction, Reloads } from '../reload/reloads.ts';
import { expectMesh, markOutsiders, observeServers, type Round, selectObservedPods } from './mesh-expectation.ts';
import { Rereading } from './rereading.ts';

const ROUND_MS = 200;
/**
 * The pause in milliseconds while only routes are missing: servers dial within milliseconds of each other once they
 * can.
 */
const MESH_ROUND_MS = 100;
/** The pause in milliseconds while the mesh settles. A refused connection lives for less time than this. */
const SETTLING_ROUND_MS = 30;

/** The reactions of the gate to the servers that it observes. */
export type GateReactions = {
  /** Reloads servers that run another configuration. Without it, such servers stay as they are. */
  readonly reload?: ReloadReaction | undefined;
  /** Replaces pods that waiting cannot fix. Without it, every pod that fails counts. */
  readonly stuck?: StuckPodOptions | undefined;
  /** Checks the servers once the mesh is complete. The gate is passed only when the check finds no problem. */
  readonly health?: Pick<HealthCheck, 'findProblems'> | undefined;
  /** Receives every observation, so that the checks from outside can begin during the wait. */
  readonly proofs?: Pick<OutsideProofs, 'saw'> | undefined;
};

/** The servers that have to be as expected, and the reactions to those that are not. */
export type Gate = ExpectedServers & { readonly reactions: GateReactions };

/** The parts of a run that the gate needs. */
export type GateRun = Pick<Run<unknown>, 'api' | 'waiting' | 'diagnoser' | 'signal'>;

export type PassedGate = {
  readonly pairs: readonly MeshPair[];
  readonly readyReplicas: number;
  /** The UIDs of the servers' pods, by name. */
  readonly podUids: ReadonlyMap<string, string>;
  readonly versions: readonly string[];
  /** The server that the servers name as leader of JetStream; undefined without JetStream, and for a single server. */
  readonly metaLeader: string | undefined;
  /** The pods whose servers were reloaded during the wait. */
  readonly reloaded: readonly string[];
  /** The pods that were replaced during the wait because no reload reached or fixed their servers. */
  readonly restarted: readonly string[];
};

/**
 * Waits until every server of this revision runs this configuration, presents this certificate and holds a complete,
 * stable set of routes to exactly its peers. Reloads servers of another configuration during the wait. `knownPods` are
 * the pods of the deployment as they were listed a moment ago; the gate lists the pods itself without them.
 * @throws ActionError ROLLOUT_STALLED, APPLY_REJECTED, PKI_INVALID, MESH_INCOMPLETE for problems that waiting cannot
 * fix, SERVER_UNSUPPORTED at once; MESH_INCOMPLETE or WAIT_TIMEOUT at the deadline.
 */
export async function passMeshGate(run: GateRun, gate: Gate, knownPods?: ObjectList): Promise<PassedGate> {
  const { spec } = gate.expected;
  const pods = await new FollowedPods(run.api, spec, run.signal, knownPods).waitUntilListed();
  const rounds = new GateRounds(run, gate, pods);
  try {
    for (;;) {
      const passed = await rounds.play();
      if (passed !== undefined) return passed;
      await pause(rounds.pauseMs, run.signal);
    }
  } catch (error) {
    throw run.signal.aborted ? (rounds.explainDeadline() ?? error) : error;
  } finally {
    await rounds.close();
    await pods.close();
  }
}

/** The rounds of one wait: each observes every server and reacts to it. */
class GateRounds {
  /** The pause in milliseconds before the next round. */
  pauseMs = ROUND_MS;
  readonly #run: GateRun;
  readonly #gate: Gate;
  readonly #pods: FollowedPods;
  readonly #servers = new Map<string, ServerState>();
  readonly #reloads: Reloads | undefined;
  readonly #rereading: Rereading | undefined;
  readonly #stuck: StuckPods | undefined;
  readonly #failFast: FailFast;
  #history: readonly MeshSample[] = [];
  #last: Round | undefined;

  constructor(run: GateRun, gate: Gate, pods: FollowedPods) {
    const { expected, reactions } = gate;
    const { reload, stuck } = reactions;
    [this.#run, this.#gate, this.#pods] = [run, gate, pods];
    this.#reloads = reload === undefined ? undefined : new Reloads(gate, reload);
    this.#rereading =
      reload === undefined ? undefined : new Rereading(gate, { ...reload, servers: this.#servers, now: Date.now });
    this.#stuck = stuck === undefined ? undefined : new StuckPods(stuck);
    const { api, signal, waiting, diagnoser } = run;
    const newSince = Date.now() - waiting.appliedMsAgo();
    const { redact } = diagnoser;
    this.#failFast = new FailFast({ api, signal, spec: expected.spec, redact, now: Date.now, newSince });
  }

  /** Observes the servers and reacts once. Returns the result once the gate is passed. */
  async play(): Promise<PassedGate | undefined> {
    this.#pods.check();
    const { waiting, diagnoser } = this.#run;
    const { expected, reactions } = this.#gate;
    const round = await observeServers(this.#gate, this.#pods.current(), this.#servers);
    const expectation = expectMesh(expected, this.#pods.current());
    this.#history = [...this.#history, round.sample].slice(-STABLE_SAMPLES);
    const verdict = checkMesh(expectation, this.#history);
    const mesh = verdict.kind === 'incomplete' ? verdict.problems : [];
    const found = round.problems.length === 0 ? mesh : round.problems;
    const isComplete = verdict.kind === 'complete' && found.length === 0;
    const problems = isComplete ? await this.#checkHealth() : found;
    this.#last = { ...round, problems: isComplete ? problems : round.problems };
    reactions.proofs?.saw(round.seen, verdict.kind !== 'incomplete');
    waiting.show(problems);
    const pairs = collectPairs(expectation, round.sample);
    diagnoser.saw(pairs, problems);
    await this.#endEarly(problems);
    this.#reloads?.startVerifying(round.seen);
    if (isComplete && problems.length === 0) {
      await this.#reloads?.waitUntilVerified();
      return this.#pass(round, pairs);
    }
    await this.#reloadNext(round, expectation, mesh);
    return undefined;
  }

  async #checkHealth(): Promise<readonly MeshProblem[]> {
    const { expected, reactions } = this.#gate;
    return (await reactions.health?.findProblems(selectObservedPods(expected, this.#pods.current()))) ?? [];
  }

  /** Throws a cause that waiting cannot fix, unless a reaction to the cause is in progress. */
  async #endEarly(problems: readonly MeshProblem[]): Promise<void> {
    const isRereading = (await this.#rereading?.next(problems)) ?? false;
    if (isRereading || this.#reloads?.isRepairing() === true) {
      this.#failFast.forgive();
    } else if (problems.length > 0) {
      const all = [...this.#pods.current().values()];
      const error = this.#failFast.check((await this.#stuck?.replaceStuck(all, problems)) ?? all, problems);
      if (error !== undefined) throw error;
    }
  }

  async #reloadNext(round: Round, expectation: MeshExpectation, mesh: readonly MeshProblem[]): Promise<void> {
    // JetStream is left out: a reload can break only routes, and the election of a meta leader may need a reload.
    const anyRevision = checkMesh({ ...expectation, revisionTag: undefined, jetstream: false }, this.#history);
    const { stuck } = this.#gate.reactions;
    const marked = markOutsiders({ expectation, stuck }, this.#pods.current(), round, mesh);
    const isReloaded = (await this.#reloads?.next(marked, anyRevision)) === true;
    if (isReloaded) this.#history = [];
    const unsettledMs = round.problems.length === 0 ? MESH_ROUND_MS : ROUND_MS;
    this.pauseMs = anyRevision.kind === 'settling' || isReloaded ? SETTLING_ROUND_MS : unsettledMs;
  }

  #pass({ sample, pods }: Round, pairs: readonly MeshPair[]): PassedGate {
    const { spec } = this.#gate.expected;
    const versions = [...new Set(sample.map(({ varz }) => varz.version))];
    const groups = sample.flatMap(({ varz }) => varz.jetstream?.metaGroup ?? []);
    const [metaLeader] = groups.flatMap(({ leader }) => leader ?? []);
    this.#run.waiting.tellJoined(findJoinedServers(podNames(spec), groups));
    const podUids = new Map(pods.map(({ name, uid }) => [name, uid]));
    const [reloaded, restarted] = [this.#reloads?.done() ?? [], this.#reloads?.restarted() ?? []];
    return { pairs, readyReplicas: pods.length, podUids, versions, metaLeader, reloaded, restarted };
  }

  /** Returns the error of the deadline; undefined for a cancelled run. */
  explainDeadline(): ActionError | undefined {
    const { spec } = this.#gate.expected;
    const samples = this.#last === undefined ? [] : [this.#last.sample];
    const verdict = checkMesh(expectMesh(this.#gate.expected, this.#pods.current()), samples);
    const mesh = verdict.kind === 'incomplete' ? verdict.problems : [];
    return buildDeadlineError({ ...this.#run, spec }, this.#last?.problems ?? [], mesh);
  }

  async close(): Promise<void> {
    await this.#failFast.close();
    await Promise.all([...this.#servers.values()].map(async ({ observer }) => await observer.close()));
  }
}
