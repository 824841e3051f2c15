import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestDeployment } from '../test/support/deployment.ts';
import type { AuditLog } from './audit.ts';
import { monotonicUs } from './clock.ts';
import { type CpuProfile, moduleLines, type Profiled, type Slice, type Span, slicesOf } from './profile.ts';
import { type TimedRun, type TimingOptions, timeRun } from './timed-run.ts';

const DIST = fileURLToPath(new URL('../dist', import.meta.url));
const SAMPLE_EVERY_US = 250;

/**
 * Lets `run` start one program of node with `env`. Returns the profile that the program wrote, and the result of `run`.
 */
export async function withProfile<Result>(
  run: (env: Readonly<Record<string, string>>) => Promise<Result>,
): Promise<{ readonly result: Result; readonly profile: CpuProfile }> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-profile-'));
  try {
    const options = `--cpu-prof --cpu-prof-dir=${folder} --cpu-prof-interval=${SAMPLE_EVERY_US}`;
    const result = await run({ NODE_OPTIONS: options });
    return { result, profile: await longestProfile(folder) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export type ProfileOptions = Pick<TimingOptions, 'parts' | 'once'> & {
  readonly log: AuditLog;
  readonly sliceMs: number;
};

/** Runs the action once under V8's profiler, which makes it slower, and returns the use of its time. */
export async function profileRun(
  deployment: TestDeployment,
  inputs: Readonly<Record<string, string>>,
  { log, sliceMs, ...timing }: ProfileOptions,
): Promise<readonly Slice[]> {
  const mark = await log.mark();
  const { result: timed, profile } = await withProfile(
    async (env) => await timeRun(deployment, inputs, { ...timing, env }),
  );
  const agoMs = performance.now() - timed.startedAt;
  const startedAt = monotonicUs() - agoMs * 1000;
  const startedWallMs = Date.now() - agoMs;
  const asked = await log.since(mark, deployment);
  const requests = asked.map(({ verb, resource, receivedAt, answeredAt }): Span => {
    return { activity: `${verb} ${resource}`, fromMs: receivedAt - startedWallMs, toMs: answeredAt - startedWallMs };
  });
  const { elapsedMs } = timed;
  return slicesOf(
    { profile, startedAt, elapsedMs, moduleAt: await bundleModules(), parts: partSpans(timed), requests },
    sliceMs,
  );
}

function partSpans({ parts }: TimedRun): readonly Span[] {
  let fromMs = 0;
  return Object.entries(parts).map(([activity, ms]) => {
    const span = { activity, fromMs, toMs: fromMs + ms };
    fromMs = span.toMs;
    return span;
  });
}

/**
 * Reads the longest profile, because programs that the action itself starts are profiled as well and have fewer
 * samples.
 */
async function longestProfile(folder: string): Promise<CpuProfile> {
  const names = await readdir(folder);
  const profiles = await Promise.all(
    names.map(async (name) => parseProfile(await readFile(join(folder, name), 'utf8'))),
  );
  const [longest] = profiles.toSorted((one, other) => other.samples.length - one.samples.length);
  if (longest === undefined) throw new Error('node wrote no profile');
  return longest;
}

function parseProfile(text: string): CpuProfile {
  const profile: unknown = JSON.parse(text);
  if (!isProfile(profile)) throw new Error('node wrote a profile of another form');
  return profile;
}

function isProfile(value: unknown): value is CpuProfile {
  if (typeof value !== 'object' || value === null) return false;
  const fields = new Map<string, unknown>(Object.entries(value));
  return (
    ['nodes', 'samples', 'timeDeltas'].every((name) => Array.isArray(fields.get(name))) &&
    ['startTime', 'endTime'].every((name) => typeof fields.get(name) === 'number')
  );
}

async function bundleModules(): Promise<Profiled['moduleAt']> {
  const names = (await readdir(DIST)).filter((name) => name.endsWith('.js'));
  const read = names.map(async (name) => [name, moduleLines(await readFile(join(DIST, name), 'utf8'))] as const);
  const modules = new Map(await Promise.all(read));
  return (url, line) => (url.startsWith('file:') ? modules.get(basename(url))?.(line) : undefined);
}
