import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { KubeConfig } from '@kubernetes/client-node';
import type { ActionResult } from '../support/action.ts';
import { kubeconfigOf, makeDeployment, type TestDeployment } from '../support/deployment.ts';
import { expectFailure } from '../support/failure.ts';
import { type HeldRequests, holdRequests } from '../support/held-requests.ts';
import { findLeaks, findLeaksInNamespace, readSecrets } from '../support/leaks.ts';
import { errorTitle } from '../support/live-cluster.ts';
import { planted, plantedSecrets } from '../support/planted-secrets.ts';
import type { Fault, Inputs, Running, Scene } from './fault.ts';
import { type FaultResult, plain, recordTheme } from './results.ts';
import { startRun } from './running.ts';
import { readServers } from './visible.ts';

export type Theme<On extends Scene> = {
  readonly name: string;
  readonly faults: readonly Fault<On>[];
  /** Inputs of every run of the theme. */
  readonly inputs?: Inputs;
  /** The secret parts of these inputs. */
  readonly secrets?: readonly string[];
  /** Returns the administrator's kubeconfig of the cluster, by default the shared one. */
  readonly admin?: () => string;
  readonly sceneOf: (scene: Scene) => On;
};

const NO_ANSWER = 'the API server does not answer';
const GREEN = ['deployed', 'unchanged', 'rotated', 'rotating', 'verified'];

/**
 * Describes one test per fault: the test makes the fault, runs the action, checks its report, removes the cause, and
 * requires that a plain second run succeeds.
 */
export function describeTheme<On extends Scene>(theme: Theme<On>): void {
  describe(`a fault (${theme.name})`, () => {
    const results: FaultResult[] = [];
    let running: Promise<TestDeployment> | undefined;

    afterAll(async () => {
      await (await running)?.remove();
      await recordTheme(theme.name, results, results.length === theme.faults.length);
    });

    test.each(theme.faults.map((fault) => [fault.fault, fault] as const))(
      'is reported or survived, and the next run succeeds: %s',
      async (_, fault) => {
        const make = async (): Promise<TestDeployment> => await makeDeployment(theme.name, theme.admin?.());
        if (fault.on === 'running') {
          running ??= deploy(await make(), { ...planted, ...theme.inputs });
          results.push(await play(theme, fault, await running));
          return;
        }
        const deployment = await make();
        try {
          results.push(await play(theme, fault, deployment));
        } finally {
          await deployment.remove();
        }
      },
    );
  });
}

async function deploy(deployment: TestDeployment, inputs: Inputs): Promise<TestDeployment> {
  await deployment.requireRun(inputs);
  return deployment;
}

async function play<On extends Scene>(
  theme: Theme<On>,
  fault: Fault<On>,
  deployment: TestDeployment,
): Promise<FaultResult> {
  const folder = await mkdtemp(join(tmpdir(), 'fault-'));
  const base = { ...planted, timeout: '3m', ...theme.inputs, ...fault.inputs };
  const { scene, close } = sceneIn(theme, deployment, base, folder);
  try {
    const before = [...plantedSecrets, ...(theme.secrets ?? []), ...(await readSecrets(deployment))];
    const made = await fault.make(scene);
    let met: FaultResult;
    try {
      met = await checkFault(fault, scene, made, before);
    } finally {
      await made.run.result;
      await made.undo?.();
    }
    const more = typeof fault.again === 'function' ? fault.again(deployment.space) : fault.again;
    const again = await deployment.run({ ...base, ...more });
    expect({ green: again.exitCode === 0 || tail(again) }).toEqual({ green: true });
    expect(GREEN).toContain(again.outputs['result']);
    const secrets = [...new Set([...before, ...(await readSecrets(deployment))])];
    expect([...findLeaks(again, secrets), ...(await findLeaksInNamespace(deployment, secrets))]).toEqual([]);
    return met;
  } finally {
    await close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Checks the run with the fault; `before` has the secrets from the time before it. */
async function checkFault<On extends Scene>(
  fault: Fault<On>,
  scene: On,
  { run, visible }: Awaited<ReturnType<Fault<On>['make']>>,
  before: readonly string[],
): Promise<FaultResult> {
  visible?.catch(() => {}); // The code below that awaits the promise receives the error.
  const result = await run.result;
  const endedAt = run.endedAt() ?? Number.NaN;
  const state = await readServers(scene.deployment.space).catch(() => NO_ANSWER);
  const title = errorTitle(result) ?? (result.exitCode === 0 ? 'green' : 'red without a title');
  const isExpected = typeof fault.code === 'string' ? title === fault.code : fault.code.test(title);
  expect({ title, log: isExpected ? '' : tail(result) }).toEqual({
    title: isExpected ? title : String(fault.code),
    log: '',
  });
  const [first = '', ...hint] = linesOf(result);
  // A list begins on the next line.
  const message = first.endsWith(':') ? `${first} ${hint[0]?.trim() ?? ''}` : first;
  for (const words of fault.tells ?? []) expectWords(message, words);
  for (const words of fault.hint ?? []) expectWords(hint.join('\n'), words);
  if (fault.state !== undefined) expect(state).toMatch(fault.state);
  const after = await readSecrets(scene.deployment).catch(() => []); // Without an API server, `before` has them.
  const secrets = [...new Set([...before, ...after])];
  expect(findLeaks(result, secrets)).toEqual([]);
  if (state !== NO_ANSWER) expect(await findLeaksInNamespace(scene.deployment, secrets)).toEqual([]);
  await fault.check?.(scene, result);
  const seconds = visible === undefined ? undefined : Math.max(0, endedAt - (await visible)) / 1000;
  if (fault.withinSeconds !== undefined) expect(seconds).toBeLessThanOrEqual(fault.withinSeconds);
  return { fault: fault.fault, code: title, seconds, message: plain(message, scene.deployment.space.name), state };
}

/**
 * Checks the properties that all runs of this kind have. Returns the lines of the annotation, or the last line of the
 * log of a successful run.
 */
function linesOf(result: ActionResult): readonly string[] {
  if (result.exitCode === 0) return result.stdout.split('\n').filter((line) => / after [\d.]+ s$/.test(line));
  const [, title = '', text = ''] = /^::error title=(.*?)::(.*)$/m.exec(result.stdout) ?? [];
  expect(result.exitCode).not.toBe(0);
  // A cancelled run has another result, and bad inputs are reported before there is anything to summarize.
  if (title !== 'CANCELLED' && title !== 'INPUT_INVALID') expectFailure(result);
  return text.replaceAll('%0A', '\n').replaceAll('%25', '%').split('\n');
}

function expectWords(text: string, words: string | RegExp): void {
  if (typeof words === 'string') expect(text).toContain(words);
  else expect(text).toMatch(words);
}

function sceneIn<On extends Scene>(
  theme: Theme<On>,
  deployment: TestDeployment,
  base: Inputs,
  folder: string,
): { readonly scene: On; readonly close: () => Promise<void> } {
  const open: HeldRequests[] = [];
  const runs: Running[] = [];
  const scene = theme.sceneOf({
    deployment,
    start: (inputs = {}) => {
      const run = startRun(async (options) => await deployment.run({ ...base, ...inputs }, options), {
        RUNNER_TEMP: folder,
      });
      runs.push(run);
      return run;
    },
    hold: async (isHeld) => {
      const held = await holdRequests(deployment.space, isHeld);
      open.push(held);
      return held;
    },
    through: async ({ url }) => {
      const { name = '', token = '' } = ownUser(deployment) ?? {};
      return { kubeconfig: kubeconfigOf(deployment.space, name, token, url) };
    },
  });
  const close = async (): Promise<void> => {
    for (const run of runs) run.kill('SIGKILL'); // Only the runs that a failed test left.
    await Promise.allSettled(runs.map(async ({ result }) => await result));
    for (const held of open) await held.close();
  };
  return { scene, close };
}

function ownUser({ kubeconfig }: TestDeployment) {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  return config.getCurrentUser();
}

function tail({ stdout, stderr }: ActionResult): string {
  const lines = `${stdout}\n${stderr}`.split('\n').filter((line) => line !== '' && !line.startsWith('::add-mask::'));
  return lines.slice(-40).join('\n');
}
