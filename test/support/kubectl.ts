import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { provideClusterPrograms } from '../cluster/build.ts';
import { printProgress } from '../cluster/progress.ts';
import { type Ended, runProgram } from './program.ts';

/** Runs scripts of bash that use kubectl, as the administrator of the cluster of KUBECONFIG, in this repository. */
export type KubectlShell = {
  readonly run: (script: string) => Promise<Ended>;
  /** Runs a script like `run`. Every result except success is an error with the output. */
  readonly requireRun: (script: string) => Promise<string>;
  readonly remove: () => Promise<void>;
};

export async function startKubectlShell(): Promise<KubectlShell> {
  const programs = await provideClusterPrograms(printProgress, new AbortController().signal);
  const folder = await mkdtemp(join(tmpdir(), 'kubectl-'));
  await writeFile(join(folder, 'kubectl'), `#!/bin/sh\nexec '${join(programs, 'kube')}' kubectl "$@"\n`, {
    mode: 0o755,
  });
  const { PATH = '', HOME = '', KUBECONFIG = '' } = process.env;
  const env = { PATH: `${folder}:${PATH}`, HOME, KUBECONFIG };
  const run: KubectlShell['run'] = async (script) =>
    await runProgram('bash', ['-euo', 'pipefail', '-c', script], { cwd: process.cwd(), env });
  return {
    run,
    requireRun: async (script) => {
      const { exitCode, output } = await run(script);
      if (exitCode !== 0) {
        throw new Error(`${script}\nended with ${exitCode}: ${output}`);
      }
      return output;
    },
    remove: async () => {
      await rm(folder, { recursive: true, force: true });
    },
  };
}
