import type { Run } from '../../../../src/commands/context/run.ts';
import { Waiting } from '../../../../src/commands/context/waiting.ts';
import { deploy } from '../../../../src/commands/deploy.ts';
import { Diagnoser } from '../../../../src/commands/diagnosis/diagnoser.ts';
import type { DeployInputs, VerifyInputs } from '../../../../src/inputs/inputs.ts';
import { parseDeployInputs, parseInputs, type RawInputs } from '../../../../src/inputs/parse.ts';
import type { Runner } from '../../../../src/runner/runner.ts';
import { NAMESPACE, type SimulatedCluster } from './simulated-cluster.ts';

const TIMEOUT_MS = 40_000;

/** The inputs of a step by name; `namespace` is always given. */
export type Given = Readonly<Record<string, string>>;

function rawInputs(given: Given): RawInputs {
  return new Map(Object.entries({ namespace: NAMESPACE, ...given }));
}

/** A run of a command against a simulated cluster, with the lines of its log. */
export type SimulatedRun<Inputs> = Run<Inputs> & {
  readonly lines: readonly string[];
  readonly cancel: (reason: Error) => void;
};

export function deployRun(cluster: SimulatedCluster, given: Given = {}): SimulatedRun<DeployInputs> {
  const raw = rawInputs(given);
  return runOf(cluster, raw, parseDeployInputs(raw));
}

/** Deploys, and returns the index of the next entry in the journal. */
export async function deployed(cluster: SimulatedCluster, given: Given = {}): Promise<number> {
  await cluster.clock.run(deploy(deployRun(cluster, given)));
  return cluster.journal.length;
}

export function verifyRun(cluster: SimulatedCluster, given: Given = {}): SimulatedRun<VerifyInputs> {
  const raw = rawInputs({ ...given, command: 'verify' });
  const inputs = parseInputs(raw);
  if (inputs.command !== 'verify') throw new Error('the inputs are not those of verify');
  return runOf(cluster, raw, inputs);
}

function runOf<Inputs>(cluster: SimulatedCluster, raw: RawInputs, inputs: Inputs): SimulatedRun<Inputs> {
  const cancelled = new AbortController();
  const lines: string[] = [];
  const runner = runnerOf(raw, cancelled.signal, lines);
  const now = (): number => performance.now();
  return {
    api: cluster.api,
    inputs,
    runner,
    waiting: new Waiting(runner, now, now() + TIMEOUT_MS),
    diagnoser: new Diagnoser(runner.redact),
    signal: AbortSignal.any([cancelled.signal, AbortSignal.timeout(TIMEOUT_MS)]),
    stop: cancelled.signal,
    lines,
    cancel: (reason) => cancelled.abort(reason),
  };
}

function runnerOf(inputs: RawInputs, signal: AbortSignal, lines: string[]): Runner {
  const ignore = (): void => {};
  return {
    info: (text) => lines.push(text),
    debug: ignore,
    warning: (title, text) => lines.push(`${title}: ${text}`),
    error: (title, text) => lines.push(`${title}: ${text}`),
    section: ignore,
    setOutput: ignore,
    hide: ignore,
    redact: (text) => text,
    redactMarkdown: (markdown) => markdown,
    withhold: ignore,
    release: ignore,
    end: ignore,
    inputs,
    givenName: inputs.get('name'),
    signal,
    runUrl: 'https://github.example/run/1',
    kubeconfigPath: undefined,
    now: () => new Date(),
    writeSummary: ignore,
    writeReport: () => undefined,
    hasReported: () => false,
    locate: ignore,
    place: () => undefined,
    writeFolder: async () => {
      throw new Error('folders are not modelled');
    },
    runScript: async () => 0,
  };
}
