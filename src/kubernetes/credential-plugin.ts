import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { ActionError } from '../errors/action-error.ts';
import { markForeignText } from '../secrets/likely-secrets.ts';
import { Redactor } from '../secrets/redactor.ts';
import type { Endpoint } from './endpoint.ts';
import { decodeExecCredential, type ExecCredential, encodeExecInfo } from './exec-credential.ts';
import type { PluginConfig } from './plugin-config.ts';
import type { Environment } from './proxy.ts';
import type { ReaderContext, UserCredentials } from './user-credentials.ts';

/**
 * The time limit of a plugin. A plugin that waits for input that no runner can give must not block the run until its
 * deadline.
 */
const PLUGIN_MS = 30_000;
/** The margin before the expiry, longer than a request takes. */
const EXPIRY_MARGIN_MS = 10_000;
const MAX_OUTPUT_CHARS = 1024 * 1024;

/** The credentials of a plugin, which are kept until they are about to expire. */
export class PluginCredentials {
  readonly #plugin: PluginConfig;
  readonly #context: ReaderContext;
  #credential: ExecCredential | undefined;
  #running = 0;

  constructor(plugin: PluginConfig, context: ReaderContext) {
    this.#plugin = plugin;
    this.#context = context;
  }

  /**
   * Returns the credentials, and runs the plugin if necessary.
   * @throws ActionError UNAUTHENTICATED when the plugin fails.
   */
  async read(endpoint: Endpoint): Promise<UserCredentials> {
    if (this.#credential === undefined || this.#credential.expiresAt - EXPIRY_MARGIN_MS <= this.#context.now()) {
      this.#running += 1;
      this.#credential = await runPlugin(this.#plugin, endpoint, this.#context).finally(() => {
        this.#running -= 1;
      });
    }
    const { token, certificate } = this.#credential;
    return {
      headers: token === undefined ? {} : { Authorization: `Bearer ${token}` },
      ...(certificate === undefined ? {} : { certificate }),
    };
  }

  /** Returns whether the plugin has been started and has not ended yet. */
  isRunning(): boolean {
    return this.#running > 0;
  }

  /** Drops the credentials, so that the next read runs the plugin again. */
  forget(): void {
    this.#credential = undefined;
  }
}

async function runPlugin(plugin: PluginConfig, endpoint: Endpoint, terms: ReaderContext): Promise<ExecCredential> {
  const { command, installHint } = plugin;
  const ended = await runProgram(plugin, buildPluginEnvironment(plugin, endpoint, terms.env));
  const fail = (problem: string, hint: string): ActionError<'UNAUTHENTICATED'> =>
    new ActionError('UNAUTHENTICATED', `The credential plugin ${command} of the kubeconfig ${problem}.`, {
      reason: 'CredentialPlugin',
      hint,
      details: { server: endpoint.server },
    });
  switch (ended.kind) {
    case 'not-started': {
      const advice = installHint === undefined ? '' : ` ${selectLastLines(installHint, terms.secrets).join(' ')}`;
      throw fail(`cannot be started (${ended.code})`, `Install the plugin on the runner before this step.${advice}`);
    }
    case 'timeout':
      throw fail(`did not end within ${PLUGIN_MS / 1000} s`, PLUGIN_HINT);
    case 'failed': {
      const lines = selectLastLines(ended.stderr, terms.secrets);
      const output = lines.length === 0 ? ', and wrote nothing to its standard error' : `: ${lines.join('; ')}`;
      throw fail(`ended with ${ended.how}${output}`, LOG_IN);
    }
    case 'done': {
      const decoded = decodeExecCredential(ended.stdout, plugin.apiVersion);
      if (typeof decoded !== 'string') return decoded;
      throw fail(decoded, 'Update the plugin, or use a kubeconfig with a token.');
    }
  }
}

/** The hint for a plugin that does not end. */
export const PLUGIN_HINT =
  'Run the plugin in a step before this one to see what it waits for: a workflow cannot answer its questions. Log in to its service in that step, or use a kubeconfig with a token. A longer `timeout` does not help.';

const LOG_IN = 'Log in to the plugin’s service before this step, or use a kubeconfig with a token.';

/**
 * Builds the environment of a plugin: the runner's environment, as kubectl passes its own, without the step's inputs.
 */
function buildPluginEnvironment(plugin: PluginConfig, endpoint: Endpoint, env: Environment): Environment {
  const inherited = Object.entries(env).filter(([name]) => !name.startsWith('INPUT_'));
  return {
    ...Object.fromEntries(inherited),
    ...Object.fromEntries(plugin.env),
    KUBERNETES_EXEC_INFO: encodeExecInfo(plugin, endpoint),
  };
}

type ProgramResult =
  | { readonly kind: 'done'; readonly stdout: string }
  | { readonly kind: 'failed'; readonly how: string; readonly stderr: string }
  | { readonly kind: 'not-started'; readonly code: string }
  | { readonly kind: 'timeout' };

async function runProgram({ command, args }: PluginConfig, env: Environment): Promise<ProgramResult> {
  const { promise, resolve } = Promise.withResolvers<ProgramResult>();
  let child: ChildProcessByStdio<null, Readable, Readable>;
  try {
    child = spawn(command, args, { env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    // `spawn` throws instead of emitting an error, for example when the environment is too large.
    return {
      kind: 'not-started',
      code: Error.isError(error) && 'code' in error ? String(error.code) : 'unknown error',
    };
  }
  // The `timeout` option of spawn is not used, because its timer continues even if the program does not exist.
  const timer = setTimeout(() => {
    child.kill('SIGKILL');
    // The `close` event may not come, because a program that the plugin started may hold its output open.
    resolve({ kind: 'timeout' });
  }, PLUGIN_MS);
  const written = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      if (written[name].length < MAX_OUTPUT_CHARS) written[name] += text;
    });
  }
  child.on('error', (error: NodeJS.ErrnoException) => resolve({ kind: 'not-started', code: error.code ?? error.name }));
  child.on('close', (code, signal) => {
    if (code === 0) resolve({ kind: 'done', stdout: written.stdout });
    else
      resolve({
        kind: 'failed',
        how: code === null ? `signal ${signal}` : `exit code ${code}`,
        stderr: written.stderr,
      });
  });
  return await promise.finally(() => clearTimeout(timer));
}

const MAX_LINES = 3;
const MAX_LINE_CHARS = 300;
/** The length at which long lines are cut, because a program may write any amount. */
const MAX_READ_CHARS = 2000;

/** Returns the last lines of a text, without the secrets of the kubeconfig. */
function selectLastLines(text: string, secrets: readonly string[]): readonly string[] {
  const redactor = new Redactor();
  for (const secret of secrets) redactor.add(secret);
  return text
    .slice(-MAX_LINES * MAX_READ_CHARS * 4)
    .split(/[\r\n]+/)
    .filter((line) => line.trim() !== '')
    .slice(-MAX_LINES)
    .map((line) => markForeignText(redactor.redact(line.trim().slice(0, MAX_READ_CHARS)), MAX_LINE_CHARS));
}
