import type { ActionError, ErrorCode } from '../errors/action-error.ts';
import type { Inputs, RenderInputs } from '../inputs/inputs.ts';
import { buildPlanEnding, buildPruneEnding, buildRenderingEnding } from '../report/command-endings.ts';
import { addCluster, buildDeletionEnding, buildDeployEnding, type RunResult } from '../report/ending.ts';
import type { FailureReport } from '../report/failure-summary.ts';
import type { DeployReport } from '../report/reports.ts';
import { renderEnding, toActionError, writeFailure } from '../runner/failure.ts';
import type { Runner } from '../runner/runner.ts';
import type { Run } from './context/run.ts';
import { describeEnd, describeSafety, explainAbort } from './context/run-end.ts';
import { Waiting } from './context/waiting.ts';
import { deleteDeployment } from './delete.ts';
import { deploy } from './deploy.ts';
import { Diagnoser, type Diagnosis, explainCertificate, explainDeadline } from './diagnosis/diagnoser.ts';
import { plan } from './plan.ts';
import { loadCluster } from './preflight/connection.ts';
import { prune } from './prune.ts';
import { render } from './render.ts';
import { rotate } from './rotate.ts';
import { verify } from './verify.ts';

type ClusterInputs = Exclude<Inputs, RenderInputs>;

/** Runs one command and reports how it ended. */
export async function runCommand(inputs: Inputs, runner: Runner): Promise<void> {
  await (inputs.command === 'render' ? runOffline(inputs, runner) : runInCluster(inputs, runner));
}

/** Runs `render`, which contacts no cluster and waits for nothing. */
async function runOffline(inputs: RenderInputs, runner: Runner): Promise<void> {
  const began = performance.now();
  const ending = renderEnding(await render({ inputs, runner }), buildRenderingEnding, runner);
  reportEnding(ending, inputs, runner, `${((performance.now() - began) / 1000).toFixed(1)} s`);
}

/**
 * Whether each command reads the Secrets of its deployment. Until the command has read them, the log shows no text by
 * other writers, because that text may contain one of the secrets.
 */
const READS_SECRETS: Readonly<Record<ClusterInputs['command'], boolean>> = {
  deploy: true,
  plan: true,
  rotate: true,
  verify: true,
  delete: false,
  prune: false,
};

/** Runs a command that needs a cluster, within its deadline. */
async function runInCluster(inputs: ClusterInputs, runner: Runner): Promise<void> {
  const deadline = AbortSignal.timeout(inputs.timeoutMs);
  const signal = AbortSignal.any([runner.signal, deadline]);
  const clock = (): number => performance.now();
  const waiting = new Waiting(runner, clock, clock() + inputs.timeoutMs);
  const cluster = loadCluster(inputs, runner);
  if (READS_SECRETS[inputs.command]) runner.withhold();
  const diagnoser = new Diagnoser(runner.redact);
  let api: ReturnType<typeof cluster.connect> | undefined;
  let reportedFailure: ActionError | undefined;
  try {
    api = cluster.connect();
    const ending = await carryOut({ api, inputs, runner, waiting, diagnoser, signal, stop: runner.signal });
    reportEnding(addCluster(ending, cluster.description), inputs, runner, waiting.elapsed());
    reportedFailure = ending.failure;
  } catch (error) {
    const { credentials, server } = cluster;
    const end = { stage: waiting.stage(), changed: diagnoser.history().changed, credentials };
    const actionError = toActionError(
      explainAbort(error, { cancelled: runner.signal, deadline, timeoutMs: inputs.timeoutMs, ...end }),
    );
    const limit = runner.signal.aborted ? AbortSignal.timeout(CANCELLED_DIAGNOSIS_MS) : runner.signal;
    const diagnosis =
      api === undefined || UNDIAGNOSED_CODES.includes(actionError.code)
        ? undefined
        : await diagnoser.diagnose(api, limit);
    const failure = explainCertificate(explainDeadline(actionError, server, diagnosis), diagnosis);
    const failedRun = describeFailedRun(inputs, cluster, waiting, diagnoser);
    const observed = diagnosis && buildDiagnosisReport(diagnosis);
    reportFailure({ error: failure, run: failedRun, diagnosis: observed }, diagnosis, runner);
    throw failure;
  } finally {
    await api?.close();
  }
  if (reportedFailure !== undefined) {
    throw reportedFailure; // The report and the outputs are written already.
  }
}

/** Describes a run that failed: its NATS cluster, the stage that it reached, and the objects that it changed. */
function describeFailedRun(
  inputs: ClusterInputs,
  { place, description }: ReturnType<typeof loadCluster>,
  waiting: Waiting,
  diagnoser: Diagnoser,
): FailureReport['run'] {
  const stage = waiting.stage();
  const { command } = inputs;
  const { isFirst, ...history } = diagnoser.history();
  return {
    ...place,
    cluster: description,
    phase: waiting.phase(),
    phases: waiting.phases(),
    outcome: {
      ...history,
      end: describeEnd(stage, history.changed),
      safety: describeSafety(stage, { command, isFirst, changed: history.changed }),
      hasBegun: waiting.hasBegun(),
      hasRollback: inputs.command === 'deploy' ? inputs.rollbackOnFailure : undefined,
    },
  };
}

/**
 * The errors that need no diagnosis: all servers were verified before the smoke test began, and a wrong cluster must
 * not be queried.
 */
const UNDIAGNOSED_CODES: readonly ErrorCode[] = ['SMOKE_TEST_FAILED', 'CLUSTER_MISMATCH'];

async function carryOut({ inputs, ...run }: Run<ClusterInputs>): Promise<RunResult> {
  const { runner } = run;
  const deployed = (report: DeployReport): RunResult => buildDeployEnding(report, runner.now());
  switch (inputs.command) {
    case 'deploy':
      return renderEnding(await deploy({ ...run, inputs }), deployed, runner);
    case 'plan':
      return renderEnding(await plan({ ...run, inputs: { ...inputs, command: 'deploy' } }), buildPlanEnding, runner);
    case 'rotate':
      return renderEnding(await rotate({ ...run, inputs }), deployed, runner);
    case 'verify':
      return renderEnding(await verify({ ...run, inputs }), deployed, runner);
    case 'delete':
      return renderEnding(await deleteDeployment({ ...run, inputs }), buildDeletionEnding, runner);
    case 'prune':
      return renderEnding(await prune({ ...run, inputs }), buildPruneEnding, runner);
  }
}

function reportEnding(ending: RunResult, inputs: Pick<Inputs, 'summary'>, runner: Runner, elapsed: string): void {
  runner.section(undefined);
  runner.info(`${ending.verdict}, after ${elapsed}`);
  ending.lines.forEach((line) => runner.info(line));
  const folder = runner.writeReport([{ name: 'report.json', text: ending.json }, ...(ending.files ?? [])]);
  if (folder !== undefined) {
    runner.setOutput('report', folder);
  }
  for (const [output, value] of ending.outputs) {
    runner.setOutput(output, value);
  }
  if (inputs.summary) {
    runner.writeSummary(ending.summary.text);
  }
}

/**
 * The time limit for a diagnosis after a cancellation. A cancelled run has only a few seconds, and the release of its
 * lock needs some of them.
 */
const CANCELLED_DIAGNOSIS_MS = 1500;

function reportFailure(report: FailureReport, diagnosis: Diagnosis | undefined, runner: Runner): void {
  writeFailure(report, diagnosis?.files ?? [], runner);
  if (diagnosis !== undefined) {
    runner.section('diagnosis');
    diagnosis.lines.forEach((line) => runner.info(line));
  }
}

function buildDiagnosisReport({ causes, markdown, observed, pods }: Diagnosis): FailureReport['diagnosis'] {
  return { reason: causes[0]?.reason, ...markdown, servers: observed.servers, pairs: observed.pairs, pods };
}
