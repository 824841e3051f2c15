import { createConnection, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** One program the supervisor runs inside the cluster's namespaces. */
export type Program = {
  readonly name: string;
  readonly argv: readonly string[];
  readonly env: readonly string[];
  /** The file to which its output is appended. */
  readonly log: string;
};

export type ProgramState = {
  readonly name: string;
  readonly pid: number;
  readonly running: boolean;
  readonly code: number;
};

type Answer = {
  readonly error?: string;
  readonly committed: boolean;
  readonly code: number;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly processes?: readonly ProgramState[];
};

/** A connection to the supervisor: one line of JSON for each request, one line for each answer. */
export class Supervisor {
  readonly #socket: Socket;
  readonly #answers: AsyncIterator<string>;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#answers = createInterface({ input: socket })[Symbol.asyncIterator]();
  }

  /** @throws the socket's error (ENOENT, ECONNREFUSED) when no supervisor listens there. */
  static async connect(path: string): Promise<Supervisor> {
    const socket = createConnection(path);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    socket.on('error', () => undefined); // The end of file of the next answer reports it.
    return new Supervisor(socket);
  }

  close(): void {
    this.#socket.destroy();
  }

  /** Claims the cluster. Until the cluster is committed, it ends when this connection ends. */
  async claim(): Promise<void> {
    await this.#ask({ op: 'claim' });
  }

  async commit(): Promise<void> {
    await this.#ask({ op: 'commit' });
  }

  async run(program: Program): Promise<void> {
    await this.#ask({ op: 'run', ...program });
  }

  /** Runs a program to its end inside the cluster's network. */
  async exec(
    argv: readonly string[],
    options: { readonly env?: readonly string[]; readonly stdin?: string; readonly seconds?: number } = {},
  ): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
    const env = options.env ?? [PATH];
    const answer = await this.#ask({
      op: 'exec',
      argv,
      env,
      stdin: options.stdin ?? '',
      seconds: options.seconds ?? 60,
    });
    return { code: answer.code, stdout: answer.stdout ?? '', stderr: answer.stderr ?? '' };
  }

  /** Runs a program like {@link Supervisor.exec}; a non-zero exit is an error. */
  async require(...argv: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.exec(argv);
    if (code !== 0) {
      throw new Error(`${argv.join(' ')} ended with ${code} inside the cluster: ${stderr.trim()}`);
    }
    return stdout;
  }

  async signal(name: string, signal: number): Promise<void> {
    await this.#ask({ op: 'signal', name, signal });
  }

  /** Ends at once every process whose command line or cgroup contains one of the texts. */
  async kill(match: readonly string[]): Promise<void> {
    await this.#ask({ op: 'kill', match });
  }

  async programs(): Promise<readonly ProgramState[]> {
    return (await this.#ask({ op: 'list' })).processes ?? [];
  }

  async isCommitted(): Promise<boolean> {
    return (await this.#ask({ op: 'list' })).committed;
  }

  async shutdown(): Promise<void> {
    await this.#ask({ op: 'shutdown' });
  }

  /** Sends a request. The supervisor answers in order, so each request waits for the previous one. */
  async #ask(request: Readonly<Record<string, unknown>>): Promise<Answer> {
    const asked = this.#last.then(async () => {
      this.#socket.write(`${JSON.stringify(request)}\n`);
      const line = await this.#answers.next();
      if (line.done === true) {
        throw new Error(`the cluster's supervisor ended while asked to ${String(request['op'])}`);
      }
      const answer: Answer = JSON.parse(line.value);
      if (answer.error !== undefined) {
        throw new Error(`supervisor: ${String(request['op'])} ${String(request['name'] ?? '')}: ${answer.error}`);
      }
      return answer;
    });
    this.#last = asked.catch(() => undefined); // The caller of `asked` has the error.
    return await asked;
  }
}

/** The path on which the cluster's programs find each other. */
export const PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
