import { deriveName, type RawInputs } from '../inputs/parse.ts';
import type { RunPlace } from '../report/failure-summary.ts';
import { createDoor, type Door } from './door.ts';
import type { OutputFile } from './output-files.ts';
import { type WrittenFolder, writeOutputFolder } from './output-folder.ts';
import { appendSummary, type ReportFile, writeReportFiles } from './report-files.ts';
import { runScript, type Script } from './script.ts';
import { buildRunUrl, type Environment, readInputs, readWorkspace } from './workspace.ts';

/** The view of a command on the machine that it runs on. Texts of the command leave only through the door. */
export type Runner = Door & {
  /** The inputs; `name` contains the derived name of a preview instead of the given text. */
  readonly inputs: RawInputs;
  /** The input `name` as it was given; undefined when it is absent. */
  readonly givenName: string | undefined;
  /** Aborted with an ActionError CANCELLED when the run is to stop. */
  readonly signal: AbortSignal;
  /** The page of the workflow run; undefined outside of GitHub Actions. */
  readonly runUrl: string | undefined;
  /** The value of the variable KUBECONFIG. */
  readonly kubeconfigPath: string | undefined;
  readonly now: () => Date;
  /**
   * Appends Markdown to the job summary at once, because the run may be killed. Warns when the summary cannot be
   * written.
   */
  readonly writeSummary: (markdown: string) => void;
  /**
   * Writes the files into a new folder (mode 0700) that exists until the end of the job, and returns the folder. Names
   * are relative. Returns undefined, with a warning, when they cannot be written.
   */
  readonly writeReport: (files: readonly ReportFile[]) => string | undefined;
  /** Returns whether `writeReport` was called, which means that the result of the run is already reported. */
  readonly hasReported: () => boolean;
  /** Records the command and the NATS cluster of the run, for the report of a failure. */
  readonly locate: (place: RunPlace) => void;
  /** Returns the recorded command and NATS cluster; undefined until they are recorded. */
  readonly place: () => RunPlace | undefined;
  /** Writes files as `writeOutputFolder` does, with paths relative to the workspace. */
  readonly writeFolder: (path: string, files: readonly OutputFile[]) => Promise<WrittenFolder>;
  /** Runs the script and returns its exit code. */
  readonly runScript: (script: Script) => Promise<number>;
};

/** The facts about the run so far, for the report of a failure. */
class RunRecord {
  #hasReported = false;
  #place: RunPlace | undefined;

  readonly hasReported = (): boolean => this.#hasReported;
  readonly place = (): RunPlace | undefined => this.#place;

  readonly locate = (place: RunPlace): void => {
    this.#place = place;
  };

  markReported(): void {
    this.#hasReported = true;
  }
}

export function createRunner(environment: Environment, signal: AbortSignal, door: Door = createDoor()): Runner {
  const given = readInputs(environment);
  const record = new RunRecord();
  const { hasReported, place, locate } = record;
  return {
    ...door,
    inputs: deriveName(given),
    givenName: given.get('name')?.trim(),
    signal,
    runUrl: buildRunUrl(environment),
    kubeconfigPath: environment.KUBECONFIG || undefined,
    now: () => new Date(),
    writeSummary: (markdown) => appendSummary(environment, markdown, door),
    writeReport: (files) => {
      record.markReported();
      return writeReportFiles(environment, files, door);
    },
    hasReported,
    place,
    locate,
    writeFolder: async (path, files) => await writeOutputFolder(readWorkspace(environment), path, files),
    runScript: (script) => runScript(environment, script),
  };
}
