import { provideGoProgram } from './build.ts';
import { type Progress, printProgress } from './progress.ts';
import type { NatsServerVersion } from './versions.ts';

/** Returns the path of nats-server at a release, built into the cache when it is missing. */
export async function provideNatsServer(
  version: NatsServerVersion,
  progress: Progress = printProgress,
  signal: AbortSignal = new AbortController().signal,
): Promise<string> {
  return await provideGoProgram('github.com/nats-io/nats-server/v2', version, progress, signal);
}
