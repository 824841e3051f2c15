import type { ActionResult } from '../test/support/action.ts';
import type { TestDeployment } from '../test/support/deployment.ts';

/** A part of a run, and the log line that ends it. */
export type Part = { readonly part: string; readonly line: RegExp };

export type TimedRun = {
  readonly result: ActionResult;
  /** The time from the start of the action's process to its end. */
  readonly elapsedMs: number;
  /** The value of `performance.now()` at the start. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly parts: Readonly<Record<string, number>>;
};

export type TimingOptions = {
  readonly parts: readonly Part[];
  /** The parts that end with their first line. */
  readonly once?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
};

/**
 * Runs the action and measures each part of the run from the times of its log lines. A part ends with its last line.
 * The time after the last part is that of the report.
 */
export async function timeRun(
  { run }: Pick<TestDeployment, 'run'>,
  inputs: Readonly<Record<string, string>>,
  { parts, once = [], env = {} }: TimingOptions,
): Promise<TimedRun> {
  const endsAt = new Map<string, number>();
  const onLine = (line: string): void => {
    const part = parts.find((each) => each.line.test(line))?.part;
    if (part !== undefined && !(once.includes(part) && endsAt.has(part))) endsAt.set(part, performance.now());
  };
  let [startedAt, endedAt] = [Number.NaN, Number.NaN];
  const onStart = (): void => {
    startedAt = performance.now();
  };
  const onEnd = (): void => {
    endedAt = performance.now();
  };
  const result = await run(inputs, { onLine, onStart, onEnd, env });
  let from = startedAt;
  const taken: [string, number][] = [];
  for (const { part } of parts) {
    const at = Math.max(from, endsAt.get(part) ?? from);
    taken.push([part, at - from]);
    from = at;
  }
  const rest = [...taken, ['report and end', endedAt - from] as const];
  return { result, elapsedMs: endedAt - startedAt, startedAt, endedAt, parts: Object.fromEntries(rest) };
}
