import { dirname, join } from 'node:path';
import { ActionError, hasCode, isActionError } from '../errors.ts';
import { wantsSummary } from '../inputs/parse.ts';
import { unquoted } from '../inputs/unquoted.ts';
import { inputInvalid } from '../inputs/violations.ts';
import { type FailureReport, plainFailure } from '../report/failure-report.ts';
import { failureSummary, titleOf } from '../report/failure-summary.ts';
import { failureJson } from '../report/json.ts';
import { bounded } from '../text/bounded.ts';
import type { Place } from './door.ts';
import { redactedError } from './redacted-error.ts';
import type { ReportFile } from './report-folder.ts';
import type { Runner } from './runner.ts';

const BUG_HINT =
  'This is a defect of the action. Run the job again with debug logging and report the stack trace of the debug log.';

/**
 * Tells of a failed run: `result`, one titled annotation with the cause and the next action, and the report, unless a
 * command that knows more has left one. All of it is without secrets, whoever wrote the error's texts.
 */
export function reportFailure(error: unknown, runner: Runner): void {
  const failure = toldError(asActionError(error), runner);
  for (let cause = failure.cause; Error.isError(cause); cause = cause.cause) {
    runner.debug(cause.stack ?? cause.message);
  }
  runner.error(titleOf(failure), `${failure.message}\n${failure.hint}`, placeOf(failure, runner));
  runner.setOutput('result', failure.code === 'CANCELLED' ? 'cancelled' : 'failed');
  if (!runner.hasReported()) {
    leaveFailure(plainFailure(failure), [], runner);
  }
}

/** Leaves the report of a run that failed, without secrets: report.json with the files beside it, and the job summary. */
export function leaveFailure(told: FailureReport, files: readonly ReportFile[], runner: Runner): void {
  // Before it becomes Markdown, whose marks would stand within a secret.
  const report = { ...told, error: toldError(told.error, runner) };
  const folder = runner.writeReport([{ name: 'report.json', text: failureJson(report) }, ...files]);
  if (folder !== undefined) {
    runner.setOutput('report', folder);
  }
  if (wantsSummary(runner.inputs)) {
    runner.writeSummary(failureSummary(report).text);
  }
}

/** Whoever wrote them, texts of an error are without secrets and no longer than somebody would read. */
function toldError(error: ActionError, { redact, inputs }: Runner): ActionError {
  const holdsSecret = (input: string): boolean => {
    const text = inputs.get(input) ?? '';
    return redact(text) !== text;
  };
  return redactedError(withoutValues(error, holdsSecret), (text) => bounded(redact(text), MOST_TEXT));
}

const MOST_TEXT = 16_384;

/** A value that holds a secret is not quoted: not in parts, nor with what might be meant, which is made of it. */
function withoutValues(error: ActionError, holdsSecret: (input: string) => boolean): ActionError {
  if (!hasCode(error, 'INPUT_INVALID')) return error;
  const { violations } = error.details;
  const shown = violations.map((violation) => (holdsSecret(violation.input) ? unquoted(violation) : violation));
  const isOurs = inputInvalid(violations).message === error.message;
  return isOurs && shown.some((violation, index) => violation !== violations[index]) ? inputInvalid(shown) : error;
}

/** Anything that is no error of ours is a defect of ours. */
export function asActionError(error: unknown): ActionError {
  return isActionError(error) ? error : internal(error);
}

/** Where a file of the workspace is at fault. What it includes is named from its folder. */
function placeOf(failure: ActionError, { inputs }: Pick<Runner, 'inputs'>): Place | undefined {
  const file = inputs.get('config-file')?.trim();
  if (!hasCode(failure, 'INPUT_INVALID') || file === undefined || file === '') return undefined;
  const at = failure.details.violations.find(({ input }) => input === 'config-file')?.at;
  return at && { ...at, file: at.file === file ? file : join(dirname(file), at.file) };
}

function internal(cause: unknown): ActionError<'INTERNAL'> {
  const message = Error.isError(cause) ? `${cause.name}: ${cause.message}` : 'something that is no error was thrown';
  return new ActionError('INTERNAL', message, { hint: BUG_HINT, details: {}, cause });
}
