import { dirname, join } from 'node:path';
import { ActionError, hasCode, isActionError } from '../errors/action-error.ts';
import { createInputError } from '../inputs/grammar/violations.ts';
import { hideQuotedValue, wantsSummary } from '../inputs/parse.ts';
import type { RunResult } from '../report/ending.ts';
import {
  createPlainFailure,
  type FailureReport,
  renderAnnotation,
  renderFailureJson,
  renderFailureSummary,
  renderTitle,
} from '../report/failure-summary.ts';
import { shortenText } from '../text/shorten.ts';
import type { Door, Place } from './door.ts';
import { changeTexts, redactError } from './redacted-error.ts';
import type { ReportFile } from './report-files.ts';
import type { Runner } from './runner.ts';

const BUG_HINT =
  'This is a defect of the action. Run the job again with debug logging and report the stack trace of the debug log.';

/**
 * Reports a failed run: sets `result`, writes one titled annotation with the cause and the next action, and writes the
 * report unless a command with more information has written one. All of it is free of secrets, regardless of the source
 * of the texts.
 */
export function reportFailure(error: unknown, runner: Runner): void {
  const failure = redactFailure(toActionError(error), runner);
  for (let cause = failure.cause; Error.isError(cause); cause = cause.cause) {
    runner.debug(cause.stack ?? cause.message);
  }
  runner.error(renderTitle(failure), renderAnnotation(failure, runner.place()), locateFault(failure, runner));
  runner.setOutput('result', failure.code === 'CANCELLED' ? 'cancelled' : 'failed');
  runner.setOutput('error-code', failure.code);
  if (failure.reason !== undefined) runner.setOutput('error-reason', failure.reason);
  if (!runner.hasReported()) {
    writeFailure(createPlainFailure(failure), [], runner);
  }
}

/** Writes the report of a failed run, without secrets: report.json with the other files, and the job summary. */
export function writeFailure(failure: FailureReport, files: readonly ReportFile[], runner: Runner): void {
  // The error is redacted before it becomes Markdown, because Markdown escapes would split a secret.
  const report = { ...failure, error: redactFailure(failure.error, runner) };
  const folder = runner.writeReport([{ name: 'report.json', text: renderFailureJson(report) }, ...files]);
  if (folder !== undefined) {
    runner.setOutput('report', folder);
  }
  if (wantsSummary(runner.inputs)) {
    runner.writeSummary(renderFailureSummary(report).text);
  }
}

/** Returns the error without secrets and with texts of a readable length, regardless of the source of the texts. */
function redactFailure(error: ActionError, { redact, inputs }: Runner): ActionError {
  const holdsSecret = (input: string): boolean => {
    const text = inputs.get(input) ?? '';
    return redact(text) !== text;
  };
  return redactError(omitSecretValues(error, holdsSecret), (text) => shortenText(redact(text), MAX_TEXT));
}

const MAX_TEXT = 16_384;

/**
 * Removes the quoted values of inputs that contain a secret. It also removes suggestions, because they are derived from
 * the value.
 */
function omitSecretValues(error: ActionError, holdsSecret: (input: string) => boolean): ActionError {
  if (!hasCode(error, 'INPUT_INVALID')) return error;
  const { violations } = error.details;
  const shown = violations.map((violation) => (holdsSecret(violation.input) ? hideQuotedValue(violation) : violation));
  const isOurs = createInputError(violations).message === error.message;
  return isOurs && shown.some((violation, index) => violation !== violations[index]) ? createInputError(shown) : error;
}

/** Returns the error as an `ActionError`. Any other error is a defect of this action. */
export function toActionError(error: unknown): ActionError {
  return isActionError(error) ? error : createInternalError(error);
}

/**
 * Returns the position of the fault in a file of the workspace. The names of included files are relative to the folder
 * of that file.
 */
function locateFault(failure: ActionError, { inputs }: Pick<Runner, 'inputs'>): Place | undefined {
  const file = inputs.get('config-file')?.trim();
  if (!hasCode(failure, 'INPUT_INVALID') || file === undefined || file === '') return undefined;
  const at = failure.details.violations.find(({ input }) => input === 'config-file')?.at;
  return at && { ...at, file: at.file === file ? file : join(dirname(file), at.file) };
}

function createInternalError(cause: unknown): ActionError<'INTERNAL'> {
  const message = Error.isError(cause) ? `${cause.name}: ${cause.message}` : 'a value that is not an Error was thrown';
  return new ActionError('INTERNAL', message, { hint: BUG_HINT, details: {}, cause });
}

/**
 * Returns the ending of a report without secrets. The texts are redacted before they become Markdown, because Markdown
 * escapes would split a secret. The outputs are not redacted here, because they consist only of names, and other steps
 * need them unchanged.
 */
export function renderEnding<Report>(
  report: Report,
  endingOf: (report: Report) => RunResult,
  { redact }: Pick<Door, 'redact'>,
): RunResult {
  let isRedacted = false;
  const redacted = changeTexts(report, (text) => {
    const shown = redact(text);
    isRedacted ||= shown !== text;
    return shown;
  });
  const ending = endingOf(report);
  return isRedacted ? { ...endingOf(redacted), outputs: ending.outputs } : ending;
}
