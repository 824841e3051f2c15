import { podNames } from '../../cluster/names.ts';
import { type ErrorCode, hasCode } from '../../errors/action-error.ts';
import { findMissingPairs, type MeshProblem } from '../../nats/mesh/observation.ts';
import { connectServer } from '../../servers/connection.ts';
import { reloadServer } from '../../servers/system.ts';
import { pause } from '../../time/pause.ts';
import type { ExpectedServers, ServerState } from '../pods/pod-observation.ts';
import { buildServerTarget } from '../pods/server-access.ts';
import { type ReloadReaction, refreshVolume } from '../reload/reloads.ts';

/** Twice the longest time in milliseconds that a kubelet took to refresh a volume after an annotation. */
const PAUSE_BEFORE_RELOAD_MS = 2000;

/**
 * Makes every server, or those in `pods`, read its volume once more. The tag of a server shows its configuration, but
 * not whether it has loaded the trust bundles: the kubelet updates each Secret in a volume separately. The next check
 * detects a server that refused the reload.
 */
export async function reloadAgain(
  { expected, access }: ExpectedServers,
  pods = podNames(expected.spec),
): Promise<void> {
  const { trust, clientCertificate, system, signal } = access;
  await Promise.all(pods.map(async (pod) => await refreshVolume(access, expected.revision, pod)));
  await pause(PAUSE_BEFORE_RELOAD_MS, signal);
  for (const pod of pods) {
    const target = buildServerTarget(access, pod, trust, clientCertificate);
    const opened = await connectServer({ ...target, ...system });
    if (opened.ok) {
      await reloadServer(opened.value, target.timeoutMs);
      await opened.value.close();
    }
  }
}

type RetriedCheck = {
  readonly gate: ExpectedServers & { readonly reactions: { readonly reload?: ReloadReaction | undefined } };
  readonly info: (line: string) => void;
  /** The error code of a failed check. */
  readonly code: ErrorCode;
  readonly attempts: number;
};

/**
 * Runs a check, and reloads the servers once more before a failure counts: the data that a server holds in memory may
 * be older than its tag shows. A failure counts at once if the Secrets differ from the applied ones, because a reload
 * would then load the wrong content.
 */
export async function retryAfterReload<Result>(
  { gate, info, code, attempts }: RetriedCheck,
  check: () => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await check();
    } catch (error) {
      if (!hasCode(error, code) || attempt === attempts || !(await gate.reactions.reload?.isVolumeCurrent())) {
        throw error;
      }
      info(`check failed, reloading the servers once more: ${error.message}`);
      await reloadAgain(gate);
    }
  }
}

/**
 * The time without routes after which volumes are read again. A server dials a missing peer again after 1.0 to 1.1 s
 * (nats-server `reConnectToRoute`).
 */
const BROKEN_MS = 1500;
/** The time before the reload. A kubelet took at most 1.0 s to refresh a volume after an annotation. */
const REFRESH_MS = 1200;

type RereadingOptions = {
  readonly servers: ReadonlyMap<string, ServerState>;
  readonly isVolumeCurrent: ReloadReaction['isVolumeCurrent'];
  /** Returns the time in milliseconds. */
  readonly now: () => number;
};

type State =
  | { readonly kind: 'watching'; readonly brokenSince: number | undefined }
  | { readonly kind: 'refreshing'; readonly pods: readonly string[]; readonly readyAt: number }
  | { readonly kind: 'done' };

/**
 * Makes the servers that miss routes read their volumes again, once in a wait. A server that runs this revision may
 * still hold a certificate or password that was changed in a Secret and corrected since, because its tag does not show
 * that. A reload of data that is already loaded changes nothing and disconnects no client.
 */
export class Rereading {
  readonly #gate: ExpectedServers;
  readonly #options: RereadingOptions;
  #state: State = { kind: 'watching', brokenSince: undefined };

  constructor(gate: ExpectedServers, options: RereadingOptions) {
    this.#gate = gate;
    this.#options = options;
  }

  /**
   * Returns whether servers are reading their volumes again; the caller passes the problems of every round. Log lines
   * about routes from before the reload may be outdated.
   */
  async next(problems: readonly MeshProblem[]): Promise<boolean> {
    switch (this.#state.kind) {
      case 'watching':
        return await this.#watch(findRoutelessPods(problems), this.#state.brokenSince);
      case 'refreshing':
        if (this.#options.now() >= this.#state.readyAt) await this.#reload(this.#state.pods);
        return true;
      case 'done':
        return false;
    }
  }

  /** Refreshes the volumes once routes have been missing for long enough. Returns whether it did. */
  async #watch(pods: readonly string[], knownSince: number | undefined): Promise<boolean> {
    const { now, isVolumeCurrent } = this.#options;
    const { expected, access } = this.#gate;
    const brokenSince = pods.length === 0 ? undefined : (knownSince ?? now());
    this.#state = { kind: 'watching', brokenSince };
    if (brokenSince === undefined || now() - brokenSince < BROKEN_MS) {
      return false;
    }
    if (!(await isVolumeCurrent())) {
      this.#state = { kind: 'done' }; // A reload would load the wrong content; the gate reports the cause.
      return false;
    }
    await Promise.all(pods.map(async (pod) => await refreshVolume(access, expected.revision, pod)));
    this.#state = { kind: 'refreshing', pods, readyAt: now() + REFRESH_MS };
    return true;
  }

  /** Reloads the servers. A refusal shows in the state of the mesh afterwards. */
  async #reload(pods: readonly string[]): Promise<void> {
    const { servers } = this.#options;
    await Promise.all(pods.map(async (pod) => await servers.get(pod)?.observer.reload()));
    this.#state = { kind: 'done' };
  }
}

/**
 * Returns both ends of every pair without routes; an empty list while there is another problem, such as a missing
 * server.
 */
function findRoutelessPods(problems: readonly MeshProblem[]): readonly string[] {
  const pairs = findMissingPairs(problems);
  return pairs.length < problems.length ? [] : [...new Set(pairs.flatMap(({ from, to }) => [from, to]))];
}
