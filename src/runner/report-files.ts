import { appendFileSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { isRecord } from '../objects/json.ts';
import { shortenMarkdown } from '../text/markdown.ts';
import type { Door } from './door.ts';
import type { Environment } from './workspace.ts';

export type ReportFile = { readonly name: string; readonly text: string };

/**
 * Writes the files into a new folder (mode 0700) of RUNNER_TEMP, and returns the folder. Names are relative.
 * @throws RangeError for a name outside of the folder; the error of the file system
 */
function writeReportFolder(environment: Environment, files: readonly ReportFile[]): string {
  const folder = mkdtempSync(join(environment['RUNNER_TEMP'] || tmpdir(), 'nats-cluster-'));
  for (const { name, text } of files) {
    const path = resolve(folder, name);
    const within = relative(folder, path);
    // File names contain names of pods and containers, which the action does not control.
    if (within === '' || within === '..' || within.startsWith(`..${sep}`)) {
      throw new RangeError(`the file name ${JSON.stringify(name)} is outside of the report folder`);
    }
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { flag: 'wx' });
  }
  return folder;
}

/** The size above which the runner drops the whole summary (actions/runner, `FileCommandManager.cs`). */
const MAX_SUMMARY_BYTES = 1024 * 1024;

type RedactingDoor = Pick<Door, 'redact' | 'redactMarkdown' | 'warning'>;

/**
 * Writes the files, without secrets, into a new folder (mode 0700). Returns undefined, with a warning, when they cannot
 * be written.
 */
export function writeReportFiles(
  environment: Environment,
  files: readonly ReportFile[],
  door: RedactingDoor,
): string | undefined {
  try {
    return writeReportFolder(
      environment,
      files.map(({ name, text }) => ({ name, text: redactFile(name, text, door) })),
    );
  } catch (cause) {
    // The result of the run must not be lost with its report.
    door.warning('Report', `the report files could not be written: ${String(cause)}`);
    return undefined;
  }
}

function redactFile(name: string, text: string, door: RedactingDoor): string {
  if (name.endsWith('.json')) return redactJson(text, door);
  return name.endsWith('.md') ? door.redactMarkdown(text) : door.redact(text);
}

/** Redacts each value separately, so that the text remains valid JSON. */
function redactJson(text: string, { redact }: RedactingDoor): string {
  const value: unknown = JSON.parse(text, (_key, inner: unknown) => {
    if (typeof inner === 'string') return redact(inner);
    if (!isRecord(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).map(([key, kept]) => [redact(key), kept]));
  });
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** Appends Markdown, without secrets, to the job summary. Warns when the summary cannot be written. */
export function appendSummary(environment: Environment, markdown: string, door: RedactingDoor): void {
  if (!environment.GITHUB_STEP_SUMMARY) return;
  try {
    appendFileSync(
      environment.GITHUB_STEP_SUMMARY,
      `${shortenMarkdown(door.redactMarkdown(markdown), MAX_SUMMARY_BYTES - 1)}\n`,
    );
  } catch (cause) {
    // A verified deployment remains verified when its report cannot be written.
    door.warning('Summary', `the job summary could not be written: ${String(cause)}`);
  }
}
