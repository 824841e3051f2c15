import { appendFileSync } from 'node:fs';
import * as core from '@actions/core';
import { withDerivedName } from '../inputs/derived-name.ts';
import type { OutputName } from '../inputs/outputs.ts';
import type { RawInputs } from '../inputs/parse.ts';
import { type Environment, inputsOf, runUrlOf } from './environment.ts';
import { masksFor } from './masking.ts';
import type { OutputFile } from './output-files.ts';
import { type WrittenFolder, writeOutputFolder } from './output-folder.ts';
import { type ReportFile, writeReportFolder } from './report-folder.ts';
import { runScript, type Script } from './script.ts';
import { createSections } from './sections.ts';
import { workspaceOf } from './workspace.ts';

/** The runner drops a whole summary that is larger (actions/runner, `FileCommandManager.cs`). */
const MOST_SUMMARY_BYTES = 1024 * 1024;

/** Counted from 1. */
export type Place = { readonly file: string; readonly line: number; readonly column: number };

/** What a command sees of the machine it runs on. */
export type Runner = {
  /** With the name of a preview in the place of the text it was made from. */
  readonly inputs: RawInputs;
  /** The input `name` as it was given; undefined when it is absent. */
  readonly givenName: string | undefined;
  /** Aborted with an ActionError CANCELLED when the run is to stop. */
  readonly signal: AbortSignal;
  /** Page of the workflow run; undefined outside of GitHub Actions. */
  readonly runUrl: string | undefined;
  /** The variable KUBECONFIG. */
  readonly kubeconfigPath: string | undefined;
  readonly now: () => Date;
  readonly info: (text: string) => void;
  readonly debug: (text: string) => void;
  readonly warning: (title: string, text: string) => void;
  /** `place` is in a file of the workspace. */
  readonly error: (title: string, text: string, place?: Place) => void;
  /** Later lines belong to this section of the log, which can be folded; undefined: to none. */
  readonly section: (title: string | undefined) => void;
  /** Hides a password or private key from every later log line. */
  readonly mask: (secret: string) => void;
  readonly setOutput: (name: OutputName, value: string | number | boolean) => void;
  /** Appends Markdown to the job summary; a summary that cannot be written is a warning. At once, as a run may be ended. */
  readonly writeSummary: (markdown: string) => void;
  /**
   * Writes the files into a new folder (mode 0700) that lives as long as the job, and returns the folder. Names are
   * relative. Undefined, with a warning, when they cannot be written.
   */
  readonly writeReport: (files: readonly ReportFile[]) => string | undefined;
  /** Whether that was called already: what came of the run is told, then. */
  readonly hasReported: () => boolean;
  /** As `writeOutputFolder`, from the workspace. */
  readonly writeFolder: (path: string, files: readonly OutputFile[]) => Promise<WrittenFolder>;
  /** Returns the exit code. */
  readonly runScript: (script: Script) => Promise<number>;
};

export function createRunner(environment: Environment, signal: AbortSignal): Runner {
  const sections = createSections((title) => core.startGroup(harmless(title)), core.endGroup);
  const given = inputsOf(environment);
  let hasReported = false;
  return {
    inputs: withDerivedName(given),
    givenName: given.get('name')?.trim(),
    signal,
    runUrl: runUrlOf(environment),
    kubeconfigPath: environment.KUBECONFIG || undefined,
    now: () => new Date(),
    info: (text) => {
      sections.line();
      core.info(harmless(text));
    },
    debug: core.debug,
    warning: (title, text) => core.warning(text, { title }),
    error: (title, text, place) => {
      sections.begin(undefined);
      const at = place === undefined ? {} : { file: place.file, startLine: place.line, startColumn: place.column };
      core.error(text, { title, ...at });
    },
    section: sections.begin,
    mask: (secret) => masksFor(secret).forEach(core.setSecret),
    setOutput: core.setOutput,
    writeSummary: (markdown) => appendSummary(environment, markdown),
    writeReport: (files) => {
      hasReported = true;
      return writeFiles(environment, files);
    },
    hasReported: () => hasReported,
    writeFolder: async (path, files) => await writeOutputFolder(workspaceOf(environment), path, files),
    runScript: (script) => runScript(environment, script),
  };
}

function writeFiles(environment: Environment, files: readonly ReportFile[]): string | undefined {
  try {
    return writeReportFolder(environment, files);
  } catch (cause) {
    // What came of the run must not be lost with its report.
    core.warning(`the report could not be written: ${String(cause)}`, { title: 'Report' });
    return undefined;
  }
}

/** Text from elsewhere, a server's log for example, must not be read as a workflow command. */
function harmless(text: string): string {
  return text.replaceAll(/^(\s*)(::|##\[)/gm, '$1\u200B$2');
}

function appendSummary(environment: Environment, markdown: string): void {
  if (!environment.GITHUB_STEP_SUMMARY) return;
  try {
    appendFileSync(environment.GITHUB_STEP_SUMMARY, `${shortened(markdown)}\n`);
  } catch (cause) {
    // A deployment that is proved stays proved when its report cannot be written.
    core.warning(`the job summary could not be written: ${String(cause)}`, { title: 'Summary' });
  }
}

function shortened(markdown: string): string {
  const bytes = Buffer.from(markdown);
  if (bytes.length < MOST_SUMMARY_BYTES) return markdown;
  return `${bytes.subarray(0, MOST_SUMMARY_BYTES - 100).toString('utf8')}\n\n(shortened)`;
}
