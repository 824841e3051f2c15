import { withDerivedName } from '../inputs/derived-name.ts';
import type { RawInputs } from '../inputs/parse.ts';
import { createDoor, type Door } from './door.ts';
import { type Environment, inputsOf, runUrlOf } from './environment.ts';
import type { OutputFile } from './output-files.ts';
import { type WrittenFolder, writeOutputFolder } from './output-folder.ts';
import { appendSummary, writeFiles } from './report-files.ts';
import type { ReportFile } from './report-folder.ts';
import { runScript, type Script } from './script.ts';
import { workspaceOf } from './workspace.ts';

/** What a command sees of the machine it runs on. Its texts leave by the door. */
export type Runner = Door & {
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

export function createRunner(environment: Environment, signal: AbortSignal, door: Door = createDoor()): Runner {
  const given = inputsOf(environment);
  let hasReported = false;
  return {
    ...door,
    inputs: withDerivedName(given),
    givenName: given.get('name')?.trim(),
    signal,
    runUrl: runUrlOf(environment),
    kubeconfigPath: environment.KUBECONFIG || undefined,
    now: () => new Date(),
    writeSummary: (markdown) => appendSummary(environment, markdown, door),
    writeReport: (files) => {
      hasReported = true;
      return writeFiles(environment, files, door);
    },
    hasReported: () => hasReported,
    writeFolder: async (path, files) => await writeOutputFolder(workspaceOf(environment), path, files),
    runScript: (script) => runScript(environment, script),
  };
}
