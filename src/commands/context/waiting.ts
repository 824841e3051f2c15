import { ActionError, isActionError, type ObjectProblem } from '../../errors/action-error.ts';
import { isMetaGroupProblem } from '../../nats/mesh/meta-group.ts';
import type { MeshProblem } from '../../nats/mesh/observation.ts';
import type { Phase } from '../../report/reports.ts';
import type { Runner } from '../../runner/runner.ts';
import { namePhase, type Stage, titleSection } from './stage.ts';

const HEARTBEAT_MS = 15_000;

/** The view of a wait in the log: one line per state change, and a heartbeat with the missing parts. */
export type Waiting = {
  readonly show: (problems: readonly MeshProblem[]) => void;
  /** Reports once which servers of other clusters the JetStream meta group has as well. */
  readonly tellJoined: (servers: readonly string[]) => void;
  readonly elapsed: () => string;
  /** Reports that the run has reached this stage. */
  readonly enter: (stage: Stage) => void;
  readonly stage: () => Stage;
  /** Returns how long each stage has taken so far, in the order they began. */
  readonly phases: () => readonly Phase[];
  /** Returns the milliseconds since the run last began to apply; 0 before. */
  readonly appliedMsAgo: () => number;
  /**
   * Returns the milliseconds since a server last reached a state that this wait had not seen, or became ready, or the
   * run reached a stage.
   */
  readonly movedMsAgo: () => number;
};

/** Creates the view of a wait. `now` is in milliseconds, monotonic; `endsAt` is on the same clock. */
export function createWaiting(
  { info, section }: Pick<Runner, 'info' | 'section'>,
  now: () => number,
  endsAt: number,
): Waiting {
  const began = now();
  const shown = new Map<string, string>();
  /** The last problem of each server that concerns no other server. */
  const reasons = new Map<string, MeshProblem>();
  let spokeAt = began;
  let stage: Stage = 'preflight';
  let enteredAt = began;
  const taken = new Map<Stage, number>();
  const count = (): void => {
    taken.set(stage, (taken.get(stage) ?? 0) + now() - enteredAt);
    enteredAt = now();
  };
  let appliedAt: number | undefined;
  let movedAt = began;
  /** Every state that was shown. A server that alternates between two of them makes no progress. */
  const states = new Set<string>();
  const elapsed = (): string => `${((now() - began) / 1000).toFixed(1)} s`;
  const say = (line: string): void => {
    spokeAt = now();
    info(`[${elapsed()}] ${line}`);
  };
  let joined = '';
  return {
    elapsed,
    tellJoined: (servers) => {
      const names = servers.join(', ');
      if (names !== '' && names !== joined) say(`JetStream meta group: also ${names}, of clusters that gateways join`);
      joined = names;
    },
    enter: (next) => {
      count();
      stage = next;
      if (next === 'apply') appliedAt = now();
      movedAt = now();
      section(titleSection(next));
    },
    stage: () => stage,
    phases: () => {
      count();
      return [...taken].map(([each, ms]) => ({ name: namePhase(each), ms }));
    },
    appliedMsAgo: () => (appliedAt === undefined ? 0 : now() - appliedAt),
    movedMsAgo: () => now() - movedAt,
    show: (problems) => {
      const current = new Map(problems.map((problem) => [`${problem.from} ${problem.to ?? ''}`, problem.message]));
      for (const problem of problems) {
        if (problem.to === undefined) reasons.set(problem.from, problem);
      }
      for (const [key, message] of current) {
        if (shown.get(key) !== message) {
          say(message);
          if (!states.has(`${key} ${message}`)) movedAt = now();
          states.add(`${key} ${message}`);
        }
      }
      for (const key of shown.keys()) {
        if (!current.has(key)) {
          if (!states.has(key)) movedAt = now();
          states.add(key);
          const [from = '', to = ''] = key.split(' ');
          say(to === '' ? `${from}: ${describeSolved(reasons.get(from))}` : `${from} → ${to}: complete`);
        }
      }
      shown.clear();
      for (const [key, message] of current) {
        shown.set(key, message);
      }
      if (problems.length > 0 && now() - spokeAt >= HEARTBEAT_MS) {
        const left = Math.max(0, Math.round((endsAt - now()) / 1000));
        say(`still waiting, ${left} s left, for: ${problems.map(({ message }) => message).join('; ')}`);
      }
    },
  };
}

function describeSolved(problem: MeshProblem | undefined): string {
  if (problem?.reason === 'UnexpectedServer') return 'gone';
  if (problem?.reason === 'StreamsToMove') return 'holds no stream any more';
  if (problem?.reason === 'OtherEndpoints') return 'leads to its servers';
  if (problem?.reason === 'NotHealthy') return 'healthy';
  if (problem?.reason === 'StreamBehind') return 'its streams are current';
  return problem !== undefined && isMetaGroupProblem(problem) ? 'JetStream complete' : 'runs this revision';
}

const ROUTES_HINT =
  'Every server runs, but these pairs do not connect: look for a NetworkPolicy, a firewall or a node network fault between their nodes, then run the job again.';

const JETSTREAM_HINT =
  'Every route is connected, but the servers do not form a JetStream cluster: look for JetStream and RAFT lines in their logs (a full or slow volume, or the volume of another cluster), remove the cause, then run the job again.';

/** A wait in which nothing changed for this long does not end by waiting. */
const MOVING_MS = 15_000;

function adviseOnDeadline(movedMsAgo: number): string {
  const seconds = Math.round(movedMsAgo / 1000);
  return movedMsAgo < MOVING_MS
    ? `The last change was ${seconds} s ago, so a longer \`timeout\` may help.`
    : `Nothing changed for ${seconds} s, so a longer \`timeout\` does not help: remove the cause named above, then run the job again.`;
}

type Waited = {
  readonly signal: AbortSignal;
  readonly spec: { readonly name: string };
  readonly waiting: Pick<Waiting, 'movedMsAgo'>;
};

/**
 * Returns the error of the deadline: every unready server, or, when all servers are ready, the missing parts between
 * them. Returns undefined for a cancelled run.
 */
export function buildDeadlineError(
  { signal, spec, waiting }: Waited,
  unready: readonly MeshProblem[],
  mesh: readonly MeshProblem[],
): ActionError | undefined {
  if (isActionError(signal.reason)) {
    return undefined; // The cancellation is the cause.
  }
  const pairs = mesh.filter((problem) => problem.to !== undefined || isMetaGroupProblem(problem));
  const problems = (unready.length > 0 ? unready : pairs).map(
    ({ from, to, reason, message }): ObjectProblem => ({
      object: to === undefined ? `Pod/${from}` : `${from} → ${to}`,
      reason,
      message,
    }),
  );
  const said = problems.map(({ message }) => message).join('; ');
  if (unready.length > 0 || pairs.length === 0) {
    return new ActionError(
      'WAIT_TIMEOUT',
      `the deadline passed before ${spec.name} was ready: ${said || 'no server was observed'}`,
      {
        hint: adviseOnDeadline(waiting.movedMsAgo()),
        details: { problems },
      },
    );
  }
  return new ActionError('MESH_INCOMPLETE', `the deadline passed with an incomplete mesh: ${said}`, {
    reason: pairs[0]?.reason ?? 'NoRoute',
    hint: pairs.every(isMetaGroupProblem) ? JETSTREAM_HINT : ROUTES_HINT,
    details: { problems },
  });
}
