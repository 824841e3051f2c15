import { runCommand } from './command.ts';

const OLDEST = [1, 21] as const;
const CANDIDATES = ['go', '/usr/local/go/bin/go', '/usr/lib/go/bin/go'] as const;

/**
 * Returns the path of a Go that can fetch the toolchain of our modules (1.21 and newer can).
 * @throws Error with the versions found when no Go is suitable.
 */
export async function findGo(signal: AbortSignal): Promise<string> {
  const found: string[] = [];
  for (const candidate of CANDIDATES) {
    try {
      const { stdout } = await runCommand(candidate, ['version'], { signal });
      const match = /go(\d+)\.(\d+)/.exec(stdout);
      const [major, minor] = [Number(match?.[1] ?? 0), Number(match?.[2] ?? 0)];
      if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) {
        return candidate;
      }
      found.push(`${candidate} is ${stdout.trim()}`);
    } catch (error) {
      signal.throwIfAborted();
      found.push(`${candidate}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new Error(
    `The embedded Kubernetes is built with Go ≥ ${OLDEST.join('.')}, and none was found (${found.join('; ')}). ` +
      'Install Go and put it on PATH; with sudo, pass PATH on: sudo env "PATH=$PATH" npm run cluster -- start',
  );
}
