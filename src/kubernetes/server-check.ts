import { request as send } from 'undici';
import { ActionError } from '../errors/action-error.ts';
import { pause } from '../time/pause.ts';
import type { ClusterConnection } from './cluster-connection.ts';
import { classifyNetworkFailure, createNetworkError } from './network-error.ts';
import { canRetry, type Failure, selectRetryBudgetMs, selectRetryDelayMs } from './retry.ts';
import { buildTlsOptions, createDispatcher } from './tls-options.ts';

const TIMEOUT_MS = 15_000;

/**
 * The check of a server before any credential is read, for a connection with `isVerifiedFirst`. It requests the
 * server's version anonymously, on a connection that verifies the server as all later connections do. Any HTTP answer
 * passes, because the server has then presented the right certificate. If it is the wrong server, no token, client
 * certificate or plugin output has been read yet.
 */
export class ServerCheck {
  readonly #connection: ClusterConnection;
  #checking: Promise<void> | undefined;

  constructor(connection: ClusterConnection) {
    this.#connection = connection;
  }

  /**
   * Checks the server, unless it has passed before. After a failure, the next caller tries again.
   * @throws ActionError CLUSTER_MISMATCH when another server answers, CLUSTER_UNREACHABLE when no server does.
   */
  async run(): Promise<void> {
    if (!this.#connection.isVerifiedFirst) return;
    this.#checking ??= checkServer(this.#connection).catch((error: unknown) => {
      this.#checking = undefined;
      throw error;
    });
    await this.#checking;
  }
}

async function checkServer(connection: ClusterConnection): Promise<void> {
  const started = performance.now();
  for (let attempt = 0; ; attempt++) {
    const failure = await askAnonymously(connection);
    // A server that requires a client certificate may refuse before it is verified. The next connection has the
    // certificate, and verifies the server.
    if (failure === undefined || classifyNetworkFailure(failure.error) === 'client-certificate') return;
    const delayMs = selectRetryDelayMs(failure, attempt);
    const isSpent = performance.now() - started + delayMs > selectRetryBudgetMs(failure, false);
    if (!canRetry(failure, true) || isSpent) throw createCheckError(connection, failure.error);
    await pause(delayMs);
  }
}

type NetworkOutage = Extract<Failure, { readonly kind: 'network' }>;

async function askAnonymously({ server, endpoint }: ClusterConnection): Promise<NetworkOutage | undefined> {
  const dispatcher = createDispatcher(endpoint, buildTlsOptions(endpoint), 1);
  try {
    const { body } = await send(`${server}/version`, { dispatcher, signal: AbortSignal.timeout(TIMEOUT_MS) });
    await body.dump();
    return undefined;
  } catch (error) {
    return { kind: 'network', error };
  } finally {
    await dispatcher.destroy();
  }
}

function createCheckError({ server, expectedCa }: ClusterConnection, error: unknown): ActionError {
  if (expectedCa === undefined || classifyNetworkFailure(error) !== 'ca') return createNetworkError(server, error);
  return new ActionError(
    'CLUSTER_MISMATCH',
    `\`expected-cluster\` is CA ${expectedCa}, but another CA issued the certificate of ${server}`,
    {
      reason: 'UnknownAuthority',
      hint: 'Check the kubeconfig and context of this step. No credentials were sent, and nothing was changed.',
      details: { expected: `CA ${expectedCa}`, actual: `${server} with another CA` },
      cause: error,
    },
  );
}
