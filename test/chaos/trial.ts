import { CoordinationV1Api } from '@kubernetes/client-node';
import type { ClusterFaults } from '../cluster/faults.ts';
import { holdAgreement, holdRestart, holdTwice, holdUndo } from '../laws/hold-laws.ts';
import type { ActionResult } from '../support/action.ts';
import { makeDeployment, type TestDeployment } from '../support/deployment.ts';
import { findLeaks, findLeaksInNamespace, readSecrets } from '../support/leaks.ts';
import type { TestNamespace } from '../support/namespace.ts';
import { type PodMoment, startPodTimeline, unsafeEnds } from '../support/pod-timeline.ts';
import { type ChaosCase, describeCase, NAME } from './case.ts';
import { awaitSettled, type Expected, type Observation, observe } from './observer.ts';
import { codeOf, findMissingReason, findRuleViolations, settleMs, wasSeen } from './verdict.ts';
import { runWatched, type WatchedRun } from './watched-run.ts';

/** A cluster that tests may break. */
export type ChaosCluster = {
  /** The administrator's kubeconfig. */
  readonly kubeconfig: string;
  readonly faults: ClusterFaults;
  readonly awaitCluster: () => Promise<void>;
};

/**
 * The outcome of one case. `problems` are the disagreements between the action and the observer; empty in a case that
 * passes.
 */
export type Outcome = {
  readonly seed: number;
  readonly description: string;
  /** The result: `green`, the code of a failed run, or a text for a fault without a target. */
  readonly ended: string;
  readonly tookMs: number;
  readonly problems: readonly string[];
  readonly log: readonly string[];
};

const RED_LINES = 12;

/**
 * Plays one case to its end, removes the cause, runs a plain `deploy`, and checks the laws. Leaves nothing in the
 * cluster.
 */
export async function playCase(cluster: ChaosCluster, chaos: ChaosCase, holdsLaws: boolean): Promise<Outcome> {
  const began = performance.now();
  const deployment = await makeDeployment(`chaos-${chaos.seed}`, cluster.kubeconfig);
  try {
    const started = chaos.start === undefined ? undefined : await deployment.run(chaos.start);
    const base = { seed: chaos.seed, description: describeCase(chaos) };
    const took = (): number => Math.round(performance.now() - began);
    if (started !== undefined && started.exitCode !== 0) {
      const problems = [`the deployment before it: ${codeOf(started)}`];
      return { ...base, ended: 'not begun', tookMs: took(), problems, log: outputLines(started) };
    }
    const timeline = await startPodTimeline(deployment.space);
    const run = await runWatched(chaos, { deployment, faults: cluster.faults, awaitCluster: cluster.awaitCluster });
    const moments = timeline.moments();
    timeline.stop();
    const problems = [...(await checkAndUndo(deployment, run, chaos)), ...findServersAwayTogether(moments, run, chaos)];
    const again = await rerun(deployment, chaos, holdsLaws);
    const ended = `${codeOf(run.result)}${run.struckAtMs === undefined ? ', not struck' : ''}`;
    const log = [...run.log, ...again.log];
    return { ...base, ended, tookMs: took(), problems: [...problems, ...again.problems], log };
  } finally {
    await deployment.remove();
  }
}

/** Checks the run, and always undoes the fault, because a cut network would outlive the namespace. */
async function checkAndUndo(...args: Parameters<typeof checkRun>): Promise<readonly string[]> {
  try {
    return await checkRun(...args);
  } finally {
    await args[1].undo();
  }
}

async function checkRun(deployment: TestDeployment, run: WatchedRun, chaos: ChaosCase): Promise<readonly string[]> {
  const { space } = deployment;
  const expected = expectedOf(chaos);
  const before = await observeBeforeUndo(space, run, chaos);
  await run.undo();
  const second = await run.struck?.second;
  const isGreen = run.result.exitCode === 0;
  const after = isGreen ? await awaitSettled(space, expected, settleMs(run, chaos)) : undefined;
  const secrets = await readSecrets(deployment);
  const results = [run.result, ...(second === undefined ? [] : [second])];
  return [
    ...findRuleViolations(run, chaos),
    ...results.flatMap((result) => findMissingReason({ ...run, result }, chaos, before)),
    ...(isGreen && before?.whole === false ? describeObservation('it succeeded while the fault existed', before) : []),
    ...(after?.whole === false ? describeObservation('it succeeded', after) : []),
    ...results.flatMap((result) => findLeaks(result, secrets)),
    ...(await findLeaksInNamespace(deployment, secrets)),
    ...(run.result.exitCode === 137 ? [] : await heldLock(space)),
  ];
}

/**
 * Returns the observation while the fault still exists. A failed run is always observed, a successful run only if it
 * must have seen the fault.
 */
async function observeBeforeUndo(
  space: TestNamespace,
  run: WatchedRun,
  chaos: ChaosCase,
): Promise<Observation | undefined> {
  const { kind } = chaos.fault;
  const isApiGone = (kind === 'api-killed' || kind === 'api-paused') && run.healedAtMs === undefined;
  if (isApiGone) return undefined; // The API is not available to the observer.
  if (run.result.exitCode !== 0) return await observe(space, expectedOf(chaos));
  // A changed Secret and dropped packets do not end an existing connection.
  const breaks = kind === 'node-killed' || (kind === 'edited' && chaos.fault.edit === 'scale');
  return breaks && wasSeen(run) ? await awaitSettled(space, expectedOf(chaos), 3000) : undefined;
}

type Rerun = { readonly problems: readonly string[]; readonly log: readonly string[] };

async function rerun(deployment: TestDeployment, chaos: ChaosCase, holdsLaws: boolean): Promise<Rerun> {
  const result = await deployment.run({ ...chaos.target, timeout: '4m' });
  if (result.exitCode !== 0) {
    return {
      problems: [`the run afterwards: ${codeOf(result)}`],
      log: ['--- the run afterwards', ...outputLines(result)],
    };
  }
  const observation = await awaitSettled(deployment.space, expectedOf(chaos), 3000);
  const problems = [
    ...(observation.whole ? [] : describeObservation('the run afterwards: green', observation)),
    ...(observation.whole && holdsLaws ? await findBrokenLaws(deployment, chaos) : []),
    ...findLeaks(result, await readSecrets(deployment)),
    ...(await heldLock(deployment.space)),
  ];
  return { problems, log: problems.length === 0 ? [] : ['--- the run afterwards', ...outputLines(result)] };
}

/**
 * Checks the four laws of a successful step after the end of the fault: `verify` agrees, a second run changes nothing,
 * a server can restart, and the previous inputs restore the previous state.
 */
async function findBrokenLaws(
  deployment: TestDeployment,
  { seed, start, target }: ChaosCase,
): Promise<readonly string[]> {
  try {
    await holdAgreement(deployment, target);
    await holdTwice(deployment, target);
    await holdRestart(deployment, target, [`${NAME}-${seed % Number(target['replicas'])}`]);
    if (start !== undefined) await holdUndo(deployment, start);
    return [];
  } catch (error) {
    return [`a law does not hold: ${Error.isError(error) ? error.message : String(error)}`];
  }
}

/**
 * Checks that the action never makes two servers unavailable at the same time. Edits of other users do not count,
 * because the StatefulSet controller then replaces pods without the action.
 */
function findServersAwayTogether(
  moments: readonly PodMoment[],
  { struck }: WatchedRun,
  chaos: ChaosCase,
): readonly string[] {
  const { fault, start, target, isExclusive } = chaos;
  if (isExclusive || fault.kind === 'edited') return [];
  const lasting = Math.min(Number(start?.['replicas'] ?? 0), Number(target['replicas']));
  const servers = Array.from({ length: lasting }, (_, ordinal) => `${NAME}-${ordinal}`);
  return unsafeEnds(moments, { servers, struck: struck?.ended ?? new Set() });
}

function expectedOf({ target }: ChaosCase): Expected {
  const version = (target['image'] ?? '').slice('nats:'.length);
  return { name: NAME, servers: Number(target['replicas']), version };
}

async function heldLock({ config, name: namespace }: TestNamespace): Promise<readonly string[]> {
  const { items } = await config.makeApiClient(CoordinationV1Api).listNamespacedLease({ namespace });
  const holders = items.map(({ spec }) => spec?.holderIdentity ?? '').filter((holder) => holder !== '');
  return holders.map((holder) => `the lock is still held by ${holder}`);
}

function describeObservation(verdict: string, { why }: Observation): readonly string[] {
  return [`${verdict}, but the observer sees: ${why.slice(0, RED_LINES).join('; ')}`];
}

function outputLines({ stdout, stderr }: ActionResult): readonly string[] {
  return `${stdout}\n${stderr}`.split('\n').filter((line) => line !== '' && !line.startsWith('::add-mask::'));
}
