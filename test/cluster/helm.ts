import { provideGoProgram } from './build.ts';
import { printProgress } from './progress.ts';
import { HELM_VERSION } from './versions.ts';

/** Returns the path of the program `helm`, built into the cache when it is missing. */
export async function provideHelm(signal: AbortSignal = new AbortController().signal): Promise<string> {
  return await provideGoProgram('helm.sh/helm/v4/cmd/helm', HELM_VERSION, printProgress, signal);
}
