import { listOf, parseJson, recordOf, textOf } from '../objects/json.ts';
import { markForeignLines, markForeignText } from '../secrets/likely-secrets.ts';
import type { ClusterConnection } from './cluster-connection.ts';
import { buildObjectPath } from './resources.ts';
import { raceAbort } from './retry.ts';
import { openWebSocket, type Transport } from './transport.ts';

export type ExecTarget = {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly command: readonly string[];
  /** The standard input of the command, up to its end. */
  readonly input: string;
};

/** The exit code of the command with all its output, or the reason why it did not run. */
export type Executed =
  | { readonly kind: 'ran'; readonly exitCode: number; readonly output: string }
  | { readonly kind: 'not-run'; readonly because: string };

const [STDIN, STDOUT, STDERR, STATUS, CLOSE] = [0, 1, 2, 3, 255];
const OPEN_TIMEOUT_MS = 15_000;
const RUN_TIMEOUT_MS = 15_000;
const MAX_OUTPUT = 2 ** 18;

/** The first protocol whose standard input has an end (Kubernetes from 1.30 on). */
const PROTOCOL = 'v5.channel.k8s.io';

/**
 * Runs a command in a container (`remotecommand` of k8s.io/apimachinery). Throws only the reason of `signal`, because
 * callers use it for optional work.
 */
export async function execute(
  { endpoint }: ClusterConnection,
  transport: Transport,
  target: ExecTarget,
  signal: AbortSignal,
): Promise<Executed> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(OPEN_TIMEOUT_MS + RUN_TIMEOUT_MS)]);
  const ended = Promise.withResolvers<Executed>();
  let output = '';
  const opening = openWebSocket(endpoint, transport, buildPath(target), (channel, bytes) => {
    const isOutput = (channel === STDOUT || channel === STDERR) && output.length < MAX_OUTPUT;
    if (isOutput) output += bytes.toString('utf8').slice(0, MAX_OUTPUT - output.length);
    if (channel === STATUS) ended.resolve(decodeOutcome(bytes.toString('utf8'), output));
    return true;
  });
  try {
    const socket = await raceAbort(opening, limit);
    try {
      if (socket.protocol !== PROTOCOL) return createNotRun(`the API server does not know ${PROTOCOL}`);
      socket.on('close', () => ended.resolve(createNotRun('the connection broke')));
      const input = Buffer.from(target.input, 'utf8');
      socket.send(Buffer.concat([Buffer.from([STDIN]), input]));
      socket.send(Buffer.from([CLOSE, STDIN]));
      return await raceAbort(ended.promise, limit);
    } finally {
      socket.terminate();
    }
  } catch (error) {
    signal.throwIfAborted();
    // A socket that opens later is not used, so it is closed.
    opening.then((late) => late.terminate(), ignore);
    return createNotRun(explainError(error));
  }
}

function buildPath({ namespace, pod, container, command }: ExecTarget): string {
  const query = new URLSearchParams([
    ...command.map((word): [string, string] => ['command', word]),
    ['container', container],
    ['stdin', 'true'],
    ['stdout', 'true'],
    ['stderr', 'true'],
  ]);
  return `${buildObjectPath({ kind: 'Pod', name: pod, namespace })}/exec?${query.toString()}`;
}

/** Decodes a `Status`, which has the exit code among its causes if it is not 0. */
export function decodeOutcome(json: string, output: string): Executed {
  const status = recordOf(parseJson(json));
  const kept = markForeignLines(output);
  if (status['status'] === 'Success') return { kind: 'ran', exitCode: 0, output: kept };
  const causes = listOf(recordOf(status['details'])['causes']).map(recordOf);
  const code = textOf(causes.find(({ reason }) => reason === 'ExitCode')?.['message']);
  if (code !== undefined && /^\d+$/.test(code)) return { kind: 'ran', exitCode: Number(code), output: kept };
  return createNotRun(markForeignText(textOf(status['message']) ?? 'the container runtime refused the command'));
}

function createNotRun(because: string): Executed {
  return { kind: 'not-run', because };
}

function explainError(error: unknown): string {
  const inner = typeof error === 'object' && error !== null && 'error' in error ? error.error : error;
  const message = Error.isError(inner) ? inner.message : 'the WebSocket did not open';
  return /Unexpected server response: 403/.test(message)
    ? 'the credentials lack the permission for pods/exec'
    : message;
}

function ignore(): void {}
