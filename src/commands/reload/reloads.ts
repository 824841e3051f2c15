import { randomBytes } from 'node:crypto';
import { FIELD_MANAGER, parsePodOrdinal } from '../../cluster/names.ts';
import type { MeshVerdict } from '../../nats/mesh/verdict.ts';
import type { ExpectedServers, PodObservation, ServerState } from '../pods/pod-observation.ts';
import type { ServerAccess } from '../pods/server-access.ts';
import { Repairs } from './repairs.ts';
import { type Trial, TrialWatch } from './trial.ts';

/** The annotation whose change makes a pod's kubelet refresh its volumes at once. */
const REVISION_ANNOTATION = 'nats-cluster-action/revision';

/** A kubelet's watches are independent of each other, so an annotation may reach it before the Secret does. */
const ANNOTATE_EVERY_MS = 3000;

/** The time in milliseconds after which all servers are reloaded at once, to repair a mesh that stays broken. */
const BROKEN_MS = 3000;

/** The reaction to servers that run another configuration. */
export type ReloadReaction = {
  /** The trial of the change on the first server. All gates for the same applied state share it. */
  readonly trial: Trial;
  /** Verifies on the first server, over new connections, everything that the change may have broken. */
  readonly verifyFirst: (pod: string) => Promise<void>;
  /** Verifies from outside the state that a server runs after its reload, before the next server is touched. */
  readonly verify: (pod: string, ordinal: number) => Promise<void>;
  /** Checks whether the Secrets still hold the files that servers are to read from their volumes. */
  readonly isVolumeCurrent: () => Promise<boolean>;
  /** Whether the wanted state of the servers differs from the one that was last verified. */
  readonly isNewState: boolean;
  /** The clients that the reloads disconnect, in words. */
  readonly disconnected: string;
  readonly info: (text: string) => void;
  /** Returns a text without the secrets of the run. */
  readonly redact: (text: string) => string;
};

type Outdated = { readonly name: string; readonly server: ServerState; readonly ailment: string | undefined };

/**
 * The reloads that bring the servers to the revision in their volumes. The first server is reloaded alone and fully
 * verified. The others follow one after the other while the mesh is complete, so that a failure of one leaves the
 * others unchanged. If the mesh is broken, the others follow all at once, because the mesh may need the change on all
 * of them.
 */
export class Reloads {
  readonly #servers: ExpectedServers;
  readonly #reload: Omit<ReloadReaction, 'isVolumeCurrent'>;
  readonly #repairs: Repairs;
  readonly #watch: TrialWatch;
  readonly #asked = new Map<string, 'asked' | Promise<void>>();
  #isRepairing = false;
  #brokenSince: number | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(servers: ExpectedServers, reload: Omit<ReloadReaction, 'isVolumeCurrent'>) {
    const now = (): number => performance.now();
    this.#servers = servers;
    this.#reload = reload;
    this.#repairs = new Repairs(servers.access, { ...reload, now });
    this.#watch = new TrialWatch(reload.trial, now);
  }

  /** Returns the pods whose servers were reloaded. */
  done(): readonly string[] {
    const restarted = this.#repairs.done();
    return [...this.#asked.keys()].filter((name) => this.#asked.get(name) === 'asked' || !restarted.includes(name));
  }

  /** Returns the pods whose servers were restarted because no reload fixed them. */
  restarted(): readonly string[] {
    return this.#repairs.done();
  }

  /** Checks whether a server is being restarted. */
  isRepairing(): boolean {
    return this.#isRepairing;
  }

  /**
   * Starts the verification of every server that has reached this revision via a reload. The first server is also
   * verified if it reached the revision via a restart. Each server is verified once. Throws the error of a server whose
   * verification has failed.
   */
  startVerifying(seen: readonly PodObservation[]): void {
    if (this.#failure !== undefined) throw this.#failure.error;
    const { trial } = this.#reload;
    const arrived = seen.filter(({ name, outdated, problem }) => {
      const isWell = outdated === undefined && problem === undefined;
      const isFirst = name === trial.first() && !trial.isVerified() && !this.#asked.has(name);
      return isWell && (this.#asked.get(name) === 'asked' || isFirst);
    });
    for (const { name } of arrived) {
      const verifying = this.#verifyServer(name);
      verifying.catch((error: unknown) => {
        this.#failure ??= { error };
      });
      this.#asked.set(name, verifying);
    }
  }

  async #verifyServer(name: string): Promise<void> {
    const { trial, verifyFirst, verify } = this.#reload;
    if (name === trial.first() && !trial.isVerified()) {
      await verifyFirst(name);
      trial.markVerified();
    }
    await verify(name, parsePodOrdinal(this.#servers.expected.spec.name, name) ?? 0);
  }

  /** Waits until all servers whose verification has started are verified. Rejects if one of them failed. */
  async waitUntilVerified(): Promise<void> {
    await Promise.all([...this.#asked.values()].filter((one) => one !== 'asked'));
  }

  /**
   * Reloads the next server, or restarts a server that no reload reaches or fixes. Returns whether it reloaded one.
   * `mesh`: the verdict on the routes between the servers, whichever revision they run.
   * @throws ActionError ROLLOUT_STALLED, with the words of the first server, if that server does not work with the
   * change
   */
  async next(seen: readonly PodObservation[], mesh: MeshVerdict): Promise<boolean> {
    this.#watch.check(seen);
    this.#isRepairing = await this.#repairs.next(seen);
    const outdated = seen.flatMap(({ name, outdated: server, ailment }) =>
      server === undefined ? [] : [{ name, server, ailment }],
    );
    if (outdated.length === 0) {
      return false;
    }
    await Promise.all(outdated.map(async (pod) => await this.#refreshVolume(pod)));
    const isSettled = seen.every(({ problem, outdated: server }) => problem === undefined || server !== undefined);
    const isWhole = isSettled && mesh.kind === 'complete';
    if (isWhole) {
      await this.waitUntilVerified();
    }
    const following = this.#reload.trial.isVerified() ? outdated : this.#selectForTrial(outdated);
    const [first] = following;
    if (this.#isRepairing || first === undefined) {
      return false;
    }
    if (isWhole) {
      this.#brokenSince = undefined;
      await this.#ask(first);
      return true;
    }
    if (!this.#isBrokenForLong(mesh)) {
      return false;
    }
    await Promise.all(following.map(async (one) => await this.#ask(one)));
    return true;
  }

  async #refreshVolume({ name, server }: Outdated): Promise<void> {
    const now = performance.now();
    if (now - server.annotatedAt > ANNOTATE_EVERY_MS) {
      server.annotatedAt = now;
      await refreshVolume(this.#servers.access, this.#servers.expected.revision, name);
    }
  }

  /** Returns the only server that may be reloaded before the first server is verified. */
  #selectForTrial(outdated: readonly Outdated[]): readonly Outdated[] {
    const first = this.#reload.trial.first();
    return first === undefined ? outdated.slice(0, 1) : outdated.filter(({ name }) => name === first);
  }

  /** Checks whether the mesh has been broken for 3 s; the time then begins again. */
  #isBrokenForLong(mesh: MeshVerdict): boolean {
    const now = performance.now();
    this.#brokenSince = mesh.kind === 'incomplete' ? (this.#brokenSince ?? now) : undefined;
    if (this.#brokenSince === undefined || now - this.#brokenSince < BROKEN_MS) {
      return false;
    }
    this.#brokenSince = now;
    return true;
  }

  async #ask({ name, server, ailment }: Outdated): Promise<void> {
    const { trial, info, disconnected, redact } = this.#reload;
    if (trial.first() === undefined) {
      info(`reloading ${name} first: ${disconnected}`);
      const health = await server.observer.health();
      trial.touch(name, 'reload', ailment !== undefined || (health.ok && health.value.problem !== undefined));
    } else {
      trial.touch(name, 'reload', false);
    }
    this.#asked.set(name, 'asked');
    const answer = await server.observer.reload();
    // The answer may quote the configuration.
    server.refusal = answer.ok ? undefined : redact(answer.failure.message);
  }
}

/** Makes the pod's kubelet refresh its volume now instead of within a minute or two. */
export async function refreshVolume({ api, spec, signal }: ServerAccess, revision: string, pod: string): Promise<void> {
  const different = randomBytes(4).toString('hex');
  const value = { metadata: { annotations: { [REVISION_ANNOTATION]: `${revision}.${different}` } } };
  const ref = { kind: 'Pod', name: pod, namespace: spec.namespace } as const;
  await api.patch(ref, { kind: 'merge', value }, { fieldManager: FIELD_MANAGER }, signal);
}
