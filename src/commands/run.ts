import process from 'node:process';
import { ActionError, hasCode, isActionError } from '../errors.ts';
import type { Inputs } from '../inputs/inputs.ts';
import { connectKubernetes } from '../kubernetes/api.ts';
import { loadKubeConfig } from '../kubernetes/kubeconfig.ts';
import type { DeployReport } from '../report/deploy-report.ts';
import { deployJson, failureJson } from '../report/json.ts';
import { meshText } from '../report/mesh-table.ts';
import { deployOutputs } from '../report/outputs.ts';
import { connectionLines, deploySummary, failureSummary, meshVerdictText } from '../report/summary.ts';
import type { Runner } from '../runner/runner.ts';
import { deploy, type Run } from './deploy.ts';
import { rotate } from './rotate.ts';
import { type Stage, stageText } from './stage.ts';
import { verify } from './verify.ts';
import { createWaiting } from './waiting.ts';

/** Runs one command within its deadline, and reports however it ends. */
export async function runCommand(inputs: Inputs, runner: Runner): Promise<void> {
  const deadline = AbortSignal.timeout(inputs.timeoutMs);
  const signal = AbortSignal.any([runner.signal, deadline]);
  const clock = (): number => performance.now();
  const waiting = createWaiting(runner.info, clock, clock() + inputs.timeoutMs);
  const connection = loadKubeConfig(inputs.kubeconfig, inputs.context, process.env);
  runner.info(`cluster ${connection.server}, context ${connection.context}`);
  const api = connectKubernetes(connection);
  try {
    const report = await carryOut({ api, inputs, runner, waiting, signal });
    await tell(report, inputs, runner, waiting.elapsed());
  } catch (error) {
    const failure = asFailure(error, {
      cancelled: runner.signal,
      deadline,
      timeoutMs: inputs.timeoutMs,
      stage: waiting.stage(),
    });
    if (isActionError(failure)) {
      runner.setOutput('report', await runner.writeReport(failureJson(failure)));
      await (inputs.summary ? runner.writeSummary(failureSummary(failure)) : undefined);
    }
    throw failure;
  } finally {
    await api.close();
  }
}

async function carryOut({ inputs, ...run }: Run<Inputs>): Promise<DeployReport> {
  switch (inputs.command) {
    case 'deploy':
      return await deploy({ ...run, inputs });
    case 'rotate':
      return await rotate({ ...run, inputs });
    case 'verify':
      return await verify({ ...run, inputs });
  }
}

async function tell(report: DeployReport, inputs: Inputs, runner: Runner, elapsed: string): Promise<void> {
  runner.info(`${report.name}: ${report.result}, ${meshVerdictText(report)}, after ${elapsed}`);
  if (report.level === 'mesh') {
    meshText(report).forEach((line) => runner.info(`  ${line}`));
  }
  runner.info(`rotation phase ${report.rotationPhase}, next renewal due ${report.renewalDue.toISOString()}`);
  connectionLines(report).forEach((line) => runner.info(line));
  runner.setOutput('report', await runner.writeReport(deployJson(report)));
  for (const [output, value] of deployOutputs(report)) {
    runner.setOutput(output, value);
  }
  if (inputs.summary) {
    await runner.writeSummary(deploySummary(report, runner.now()));
  }
}

type End = {
  readonly cancelled: AbortSignal;
  readonly deadline: AbortSignal;
  readonly timeoutMs: number;
  readonly stage: Stage;
};

/** The cancellation, and where it left the cluster. */
function stoppedAt(stage: Stage, reason: unknown): unknown {
  if (!hasCode(reason, 'CANCELLED')) {
    return reason;
  }
  const { message, hint, details } = reason;
  return new ActionError('CANCELLED', `${message} ${stageText(stage)}`, { hint, details, cause: reason });
}

/**
 * What an abort was for, whatever it made the work in flight throw. The mesh gate has an error of its own for the
 * deadline.
 */
function asFailure(error: unknown, { cancelled, deadline, timeoutMs, stage }: End): unknown {
  if (cancelled.aborted) {
    return stoppedAt(stage, cancelled.reason);
  }
  if (!deadline.aborted || isActionError(error)) {
    return error;
  }
  return new ActionError('WAIT_TIMEOUT', `the deadline of ${timeoutMs / 1000} s passed before all was proved`, {
    hint: 'Give a longer timeout, or look at why the API server is slow, and run the job again.',
    details: { problems: [] },
    cause: error,
  });
}
