import { isMetaGroupProblem } from '../../nats/mesh/meta-group.ts';
import type { MeshProblem } from '../../nats/mesh/observation.ts';
import type { Phase } from '../../report/reports.ts';
import type { Runner } from '../../runner/runner.ts';

/** The progress of a run, by its effect on the cluster. */
export type Stage = 'preflight' | 'lock' | 'apply' | 'wait' | 'verify' | 'smoke-test' | 'delete' | 'rollback';

/** Returns the title of the log section of a stage; undefined for lines that every reader should see. */
function titleSection(stage: Stage): string | undefined {
  switch (stage) {
    case 'preflight':
    case 'lock':
    case 'delete':
    case 'rollback':
      return undefined;
    case 'apply':
      return 'apply';
    case 'wait':
      return 'wait for the servers';
    case 'verify':
      return 'security checks';
    case 'smoke-test':
      return 'smoke test';
  }
}

const PHASES: Readonly<Record<Stage, string>> = {
  preflight: 'preflight',
  lock: 'wait for the lock',
  apply: 'apply',
  wait: 'wait for the servers',
  verify: 'security checks',
  'smoke-test': 'smoke test',
  delete: 'delete',
  rollback: 'roll back',
};

/** Returns the name of a stage in the report. */
function namePhase(stage: Stage): string {
  return PHASES[stage];
}

const HEARTBEAT_MS = 15_000;

/**
 * The log lines of a wait: one line per state change, and a heartbeat with the problems that remain. Times are in
 * milliseconds of a clock that only goes forward.
 */
export class Waiting {
  readonly #runner: Pick<Runner, 'info' | 'section'>;
  readonly #now: () => number;
  readonly #endsAt: number;
  readonly #began: number;
  /** The message that was last shown for each server or pair. */
  #shown: ReadonlyMap<string, string> = new Map();
  /** The last problem of each server, without the problems between two servers. */
  readonly #reasons = new Map<string, MeshProblem>();
  /** Every state that was shown. A server that alternates between two of them makes no progress. */
  readonly #states = new Set<string>();
  readonly #taken = new Map<Stage, number>();
  #stage: Stage = 'preflight';
  #joined = '';
  #appliedAt: number | undefined;
  #enteredAt: number;
  #movedAt: number;
  #spokeAt: number;

  constructor(runner: Pick<Runner, 'info' | 'section'>, now: () => number, endsAt: number) {
    this.#runner = runner;
    this.#now = now;
    this.#endsAt = endsAt;
    this.#began = now();
    this.#enteredAt = this.#began;
    this.#movedAt = this.#began;
    this.#spokeAt = this.#began;
  }

  elapsed(): string {
    return `${((this.#now() - this.#began) / 1000).toFixed(1)} s`;
  }

  /** Returns the milliseconds until the deadline of the run; 0 after it. */
  leftMs(): number {
    return Math.max(0, this.#endsAt - this.#now());
  }

  stage(): Stage {
    return this.#stage;
  }

  /** Returns the name of the stage in the report. */
  phase(): string {
    return namePhase(this.#stage);
  }

  /** Returns how long each stage has taken so far, in the order they began. */
  phases(): readonly Phase[] {
    this.#countStage();
    return [...this.#taken].map(([stage, ms]) => ({ name: namePhase(stage), ms }));
  }

  /** Returns whether the run has begun to apply or to delete objects. */
  hasBegun(): boolean {
    return this.#appliedAt !== undefined || this.#taken.has('delete') || this.#stage === 'delete';
  }

  /** Returns the milliseconds since the run last began to apply; 0 if it has not begun. */
  appliedMsAgo(): number {
    return this.#appliedAt === undefined ? 0 : this.#now() - this.#appliedAt;
  }

  /**
   * Returns the milliseconds since the last progress: a server reached a state that this wait had not seen, a server
   * became ready, or the run reached another stage.
   */
  movedMsAgo(): number {
    return this.#now() - this.#movedAt;
  }

  /** Reports that the run has reached this stage. */
  enter(stage: Stage): void {
    this.#countStage();
    this.#stage = stage;
    if (stage === 'apply') this.#appliedAt = this.#now();
    this.#movedAt = this.#now();
    this.#runner.section(titleSection(stage));
  }

  /** Reports once the servers of other NATS clusters in the JetStream meta group. */
  tellJoined(servers: readonly string[]): void {
    const names = servers.join(', ');
    if (names !== '' && names !== this.#joined) {
      this.#say(`JetStream meta group: also contains ${names} from clusters that are joined by gateways`);
    }
    this.#joined = names;
  }

  /** Reports the problems that are new, and those that were solved since the last call. */
  show(problems: readonly MeshProblem[]): void {
    const current = new Map(problems.map((problem) => [`${problem.from} ${problem.to ?? ''}`, problem.message]));
    for (const problem of problems) {
      if (problem.to === undefined) this.#reasons.set(problem.from, problem);
    }
    this.#showNew(current);
    this.#showSolved(current);
    this.#shown = current;
    if (problems.length > 0 && this.#now() - this.#spokeAt >= HEARTBEAT_MS) {
      const left = Math.round(this.leftMs() / 1000);
      this.#say(`still waiting, ${left} s left, for: ${problems.map(({ message }) => message).join('; ')}`);
    }
  }

  #showNew(current: ReadonlyMap<string, string>): void {
    for (const [key, message] of current) {
      if (this.#shown.get(key) === message) continue;
      this.#say(message);
      this.#recordState(`${key} ${message}`);
    }
  }

  #showSolved(current: ReadonlyMap<string, string>): void {
    for (const key of this.#shown.keys()) {
      if (current.has(key)) continue;
      this.#recordState(key);
      const [from = '', to = ''] = key.split(' ');
      this.#say(to === '' ? `${from}: ${describeSolved(this.#reasons.get(from))}` : `${from} → ${to}: complete`);
    }
  }

  #recordState(state: string): void {
    if (!this.#states.has(state)) this.#movedAt = this.#now();
    this.#states.add(state);
  }

  #countStage(): void {
    this.#taken.set(this.#stage, (this.#taken.get(this.#stage) ?? 0) + this.#now() - this.#enteredAt);
    this.#enteredAt = this.#now();
  }

  #say(line: string): void {
    this.#spokeAt = this.#now();
    this.#runner.info(`[${this.elapsed()}] ${line}`);
  }
}

function describeSolved(problem: MeshProblem | undefined): string {
  if (problem?.reason === 'UnexpectedServer') return 'deleted';
  if (problem?.reason === 'StreamsToMove') return 'holds no stream any more';
  if (problem?.reason === 'OtherEndpoints') return 'leads to its servers';
  if (problem?.reason === 'NotHealthy') return 'healthy';
  if (problem?.reason === 'StreamBehind') return 'its streams are current';
  return problem !== undefined && isMetaGroupProblem(problem) ? 'JetStream complete' : 'runs this revision';
}
