import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { Environment } from './environment.ts';

export type ReportFile = { readonly name: string; readonly text: string };

/**
 * Writes the files into a new folder (mode 0700) of RUNNER_TEMP, and returns the folder. Names are relative.
 * @throws RangeError for a name that leads out of the folder, and the error of the file system
 */
export function writeReportFolder(environment: Environment, files: readonly ReportFile[]): string {
  const folder = mkdtempSync(join(environment['RUNNER_TEMP'] || tmpdir(), 'nats-cluster-'));
  for (const { name, text } of files) {
    const path = resolve(folder, name);
    const within = relative(folder, path);
    // File names contain names of pods and containers, which the action does not control.
    if (within === '' || within === '..' || within.startsWith(`..${sep}`)) {
      throw new RangeError(`the name ${JSON.stringify(name)} leads out of the report`);
    }
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { flag: 'wx' });
  }
  return folder;
}
