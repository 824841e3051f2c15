import { setTimeout as delay } from 'node:timers/promises';
import { ApiException } from '@kubernetes/client-node';
import type { ActionResult } from '../support/action.ts';
import { type ChaosCase, type Moment, TIMEOUT_MS } from './case.ts';
import { type Scene, type Struck, strike } from './strike.ts';

/** One run and its fault; times are in milliseconds from the start of the process. */
export type WatchedRun = {
  readonly result: ActionResult;
  readonly endedAtMs: number;
  readonly struck: Struck | undefined;
  readonly struckAtMs: number | undefined;
  /** Returns the time of the latest strike. It may come after the end of the run, until `undo` is called. */
  readonly latestStrikeMs: () => number | undefined;
  /** The time when the fault ended by itself, before the run ended. */
  readonly healedAtMs: number | undefined;
  /** Repairs the remaining effects of the fault. */
  readonly undo: () => Promise<void>;
  readonly isHung: boolean;
  /** Log lines with their times. */
  readonly log: readonly string[];
};

/** The time after which a run counts as hung. */
const HUNG_MS = TIMEOUT_MS + 30_000;

/** The interval of attempts, because the target of a fault may appear later. */
const RETRY_MS = 100;

/** Runs the action and lets the fault of the case strike at its moment. */
export async function runWatched(chaos: ChaosCase, given: Omit<Scene, 'pid' | 'inputs'>): Promise<WatchedRun> {
  const began = performance.now();
  const now = (): number => Math.round(performance.now() - began);
  const log: string[] = [];
  const ended = new AbortController();
  const hung = new AbortController();
  let pid: number | undefined;
  const scene: Scene = { ...given, inputs: chaos.inputs, pid: () => pid };
  const lines = lineCounter();
  const striking = watchFault(chaos, scene, { began, now, ended: ended.signal, line: lines.reached, log });
  striking.catch(() => {}); // The code that awaits the promise below receives the error.
  const limit = setTimeout(() => hung.abort('SIGKILL'), HUNG_MS);
  const result = await given.deployment.run(chaos.inputs, {
    onStart: (id) => {
      pid = id;
    },
    onLine: (line) => {
      if (line.startsWith('::add-mask::')) return; // The line has a secret of the run; the runner does not show it.
      log.push(`${now()} ${line}`);
      lines.count();
    },
    signal: hung.signal,
  });
  pid = undefined;
  clearTimeout(limit);
  const endedAtMs = now();
  ended.abort();
  return { result, endedAtMs, log, isHung: hung.signal.aborted, ...(await striking) };
}

type Watch = {
  /** The start of the process, by the clock of `performance`. */
  readonly began: number;
  readonly now: () => number;
  readonly ended: AbortSignal;
  readonly line: (line: number) => Promise<void>;
  readonly log: string[];
};

type Strike = Pick<WatchedRun, 'struck' | 'struckAtMs' | 'latestStrikeMs' | 'healedAtMs' | 'undo'>;

async function watchFault(chaos: ChaosCase, scene: Scene, { began, now, ended, line, log }: Watch): Promise<Strike> {
  const none: Strike = {
    struck: undefined,
    struckAtMs: undefined,
    latestStrikeMs: () => undefined,
    healedAtMs: undefined,
    undo: async () => {},
  };
  if (!(await isReached(chaos.moment, { ended, line }))) return none;
  let struckAtMs = now();
  let struck = await strikeIfThere(chaos, scene);
  while (struck === undefined && chaos.fault.kind !== 'none' && (await isPassed(RETRY_MS, ended))) {
    struckAtMs = now();
    struck = await strikeIfThere(chaos, scene);
  }
  if (struck === undefined) return none;
  log.push(`${struckAtMs}-${now()} *** ${chaos.fault.kind}: ${struck.note}`);
  const { latestAt = () => began + struckAtMs } = struck;
  const latestStrikeMs = (): number => Math.round(latestAt() - began);
  let isUndone = false;
  const undo = async (): Promise<void> => {
    if (!isUndone) {
      isUndone = true;
      await struck.undo();
      log.push(`${now()} *** over`);
    }
  };
  if (!('holdMs' in chaos.fault) || !(await isPassed(chaos.fault.holdMs, ended))) {
    return { struck, struckAtMs, latestStrikeMs, healedAtMs: undefined, undo };
  }
  await undo();
  return { struck, struckAtMs, latestStrikeMs, healedAtMs: now(), undo };
}

async function strikeIfThere({ fault }: ChaosCase, scene: Scene): Promise<Struck | undefined> {
  try {
    return await strike(fault, scene);
  } catch (error) {
    // The picked object has disappeared or changed since it was listed, so the next attempt picks again.
    if (error instanceof ApiException && (error.code === 404 || error.code === 409)) return undefined;
    throw error;
  }
}

async function isReached(moment: Moment, { ended, line }: Pick<Watch, 'ended' | 'line'>): Promise<boolean> {
  if (moment.kind === 'line') {
    const stopped = new Promise<void>((resolve) => ended.addEventListener('abort', () => resolve(), { once: true }));
    await Promise.race([line(moment.line), stopped]);
  }
  return !ended.aborted && (await isPassed(moment.afterMs, ended));
}

/** Waits for the moment. Returns false if the run ended before. */
async function isPassed(afterMs: number, ended: AbortSignal): Promise<boolean> {
  return await delay(afterMs, true, { signal: ended }).catch(() => false);
}

function lineCounter(): { readonly count: () => void; readonly reached: (line: number) => Promise<void> } {
  let seen = 0;
  const waiting = new Map<number, () => void>();
  return {
    count: () => {
      seen += 1;
      waiting.get(seen)?.();
    },
    reached: async (line) => {
      if (seen < line) await new Promise<void>((resolve) => waiting.set(line, resolve));
    },
  };
}
