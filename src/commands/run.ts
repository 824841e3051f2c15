import process from 'node:process';
import { ActionError, isActionError } from '../errors.ts';
import type { Inputs } from '../inputs/inputs.ts';
import { connectKubernetes } from '../kubernetes/api.ts';
import { loadKubeConfig } from '../kubernetes/kubeconfig.ts';
import type { DeployReport } from '../report/deploy-report.ts';
import { deployJson, failureJson } from '../report/json.ts';
import { meshText } from '../report/mesh-table.ts';
import { deployOutputs } from '../report/outputs.ts';
import { connectionLines, deploySummary, failureSummary } from '../report/summary.ts';
import type { Runner } from '../runner/runner.ts';
import { deploy } from './deploy.ts';
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
    const report = await deploy({ api, inputs, runner, waiting, signal });
    await tell(report, inputs, runner, waiting.elapsed());
  } catch (error) {
    const failure = asFailure(error, runner.signal, deadline, inputs.timeoutMs);
    if (isActionError(failure)) {
      runner.setOutput('report', await runner.writeReport(failureJson(failure)));
      await (inputs.summary ? runner.writeSummary(failureSummary(failure)) : undefined);
    }
    throw failure;
  } finally {
    await api.close();
  }
}

async function tell(report: DeployReport, inputs: Inputs, runner: Runner, elapsed: string): Promise<void> {
  const { servers, name, result } = report;
  const mesh =
    servers.length === 1 ? 'one server, no routes expected' : `${servers.length} × ${servers.length} mesh complete`;
  runner.info(`${name}: ${result}, ${mesh}, after ${elapsed}`);
  meshText(report).forEach((line) => runner.info(`  ${line}`));
  connectionLines(report).forEach((line) => runner.info(line));
  runner.setOutput('report', await runner.writeReport(deployJson(report)));
  for (const [output, value] of deployOutputs(report)) {
    runner.setOutput(output, value);
  }
  if (inputs.summary) {
    await runner.writeSummary(deploySummary(report, runner.now()));
  }
}

/**
 * What an abort was for, whatever it made the work in flight throw. The mesh gate has an error of its own for the
 * deadline.
 */
function asFailure(error: unknown, cancelled: AbortSignal, deadline: AbortSignal, timeoutMs: number): unknown {
  if (cancelled.aborted) {
    return cancelled.reason;
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
