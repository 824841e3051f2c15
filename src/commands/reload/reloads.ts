import { randomBytes } from 'node:crypto';
import { podOrdinal } from '../../cluster/names.ts';
import type { MeshVerdict } from '../../nats/mesh/verdict.ts';
import { FIELD_MANAGER } from '../live/applier.ts';
import type { ObservationTerms, PodObservation, ServerState } from '../pods/pod-observation.ts';
import { createRepairs } from './repairs.ts';
import { createTrialWatch, type Trial } from './trial.ts';

/** The annotation whose change makes a pod's kubelet refresh its volumes at once. */
const REVISION_ANNOTATION = 'nats-cluster-action/revision';

/** A kubelet's watches are independent of each other, so an annotation may reach it before the Secret does. */
const ANNOTATE_EVERY_MS = 3000;

/** A mesh that is broken for this long before a reload does not stay whole by reloading one server after the other. */
const BROKEN_MS = 3000;

export type ReloadTerms = {
  /** The trial on the first server; shared by all gates of one state of the cluster. */
  readonly trial: Trial;
  /** Verifies on the first server, over connections of its own, everything that the change may have broken. */
  readonly proveFirst: (pod: string) => Promise<void>;
  /** Verifies from outside the state that a server runs after its reload, before the next server is touched. */
  readonly prove: (pod: string, ordinal: number) => Promise<void>;
  /** Checks whether the Secrets still hold the files that servers are to read from their volumes. */
  readonly isVolumeCurrent: () => Promise<boolean>;
  /** Whether servers are to run another state than the one that was verified on them. */
  readonly isNews: boolean;
  /** The clients that the reloads disconnect, in words. */
  readonly disconnected: string;
  readonly info: (text: string) => void;
};

export type Reloads = {
  /**
   * Starts to verify every server that has reached this revision by a reload, once, and the server that was touched
   * first, by whichever way it reached the revision. Throws the error of a server that failed before.
   */
  readonly prove: (seen: readonly PodObservation[]) => void;
  /** Waits until all servers whose verification has started are verified. Rejects if one of them failed. */
  readonly proved: () => Promise<void>;
  /**
   * Reloads the next server, or restarts a server that no reload reaches or fixes. Returns whether it reloaded one.
   * `mesh`: the routes, whichever revision the servers run.
   * @throws ActionError ROLLOUT_STALLED, with the words of the first server, if that server does not work with the
   * change
   */
  readonly next: (seen: readonly PodObservation[], mesh: MeshVerdict) => Promise<boolean>;
  /** Returns whether a server is being restarted. */
  readonly isRepairing: () => boolean;
  readonly done: () => readonly string[];
  /** Returns the pods whose servers were restarted because no reload reached or fixed them. */
  readonly restarted: () => readonly string[];
};

/**
 * Creates the reloads that bring the servers to the revision in their volumes. The first server is reloaded alone and
 * fully verified. The others follow one after the other while the mesh is whole, so that a failure of one leaves the
 * others as they are. They follow all at once where the mesh is broken, because it may need all of them.
 */
export function createReloads(terms: ObservationTerms, reload: Omit<ReloadTerms, 'isVolumeCurrent'>): Reloads {
  const { trial, prove, proveFirst } = reload;
  const asked = new Map<string, 'asked' | Promise<void>>();
  const now = (): number => performance.now();
  const repairs = createRepairs({ ...terms, ...reload, now });
  const watch = createTrialWatch(trial, now);
  let isRepairing = false;
  let brokenSince: number | undefined;
  let disproof: { readonly error: unknown } | undefined;
  const proved = async (): Promise<void> => {
    await Promise.all([...asked.values()].filter((one) => one !== 'asked'));
  };
  const ask = async ({ name, server, ailment }: Outdated): Promise<void> => {
    if (trial.first() === undefined) {
      reload.info(`reloading ${name} first: ${reload.disconnected}`);
      const health = await server.observer.health();
      trial.touch(name, 'reload', ailment !== undefined || (health.ok && health.value.problem !== undefined));
    } else {
      trial.touch(name, 'reload', false);
    }
    asked.set(name, 'asked');
    const answer = await server.observer.reload();
    // The answer may quote the configuration.
    server.refusal = answer.ok ? undefined : terms.redact(answer.failure.message);
  };
  const proofOf = async (name: string): Promise<void> => {
    if (name === trial.first() && !trial.isHeld()) {
      await proveFirst(name);
      trial.hold();
    }
    await prove(name, podOrdinal(terms.spec.name, name) ?? 0);
  };
  return {
    done: () => [...asked.keys()].filter((name) => asked.get(name) === 'asked' || !repairs.done().includes(name)),
    restarted: repairs.done,
    isRepairing: () => isRepairing,
    prove: (seen) => {
      if (disproof !== undefined) {
        throw disproof.error;
      }
      const arrived = seen.filter(({ name, outdated, problem }) => {
        const isWell = outdated === undefined && problem === undefined;
        const isFirst = name === trial.first() && !trial.isHeld() && !asked.has(name);
        return isWell && (asked.get(name) === 'asked' || isFirst);
      });
      for (const { name } of arrived) {
        const proving = proofOf(name);
        proving.catch((error: unknown) => {
          disproof ??= { error };
        });
        asked.set(name, proving);
      }
    },
    proved,
    next: async (seen, mesh) => {
      watch.check(seen);
      isRepairing = await repairs.next(seen);
      const outdated = seen.flatMap(({ name, outdated: server, ailment }) =>
        server === undefined ? [] : [{ name, server, ailment }],
      );
      if (outdated.length === 0) {
        return false;
      }
      await Promise.all(outdated.map(async (pod) => await refreshVolumeOf(terms, pod)));
      const isSettled = seen.every(({ problem, outdated: server }) => problem === undefined || server !== undefined);
      const isWhole = isSettled && mesh.kind === 'complete';
      if (isWhole) {
        await proved();
      }
      const following = trial.isHeld() ? outdated : onTrial(trial, outdated);
      const [first] = following;
      if (isRepairing || first === undefined) {
        return false;
      }
      if (isWhole) {
        brokenSince = undefined;
        await ask(first);
        return true;
      }
      brokenSince = mesh.kind === 'incomplete' ? (brokenSince ?? now()) : undefined;
      if (brokenSince === undefined || now() - brokenSince < BROKEN_MS) {
        return false;
      }
      brokenSince = now();
      await Promise.all(following.map(ask));
      return true;
    },
  };
}

type Outdated = { readonly name: string; readonly server: ServerState; readonly ailment: string | undefined };

/**
 * Returns the servers that may be reloaded before the first server is verified: this server, or one that becomes it.
 */
function onTrial(trial: Trial, outdated: readonly Outdated[]): readonly Outdated[] {
  const first = trial.first();
  return first === undefined ? outdated.slice(0, 1) : outdated.filter(({ name }) => name === first);
}

async function refreshVolumeOf(
  terms: ObservationTerms,
  { name, server }: Pick<Outdated, 'name' | 'server'>,
): Promise<void> {
  const now = performance.now();
  if (now - server.annotatedAt > ANNOTATE_EVERY_MS) {
    server.annotatedAt = now;
    await refreshVolume(terms, name);
  }
}

/** Makes the pod's kubelet refresh its volume now instead of within a minute or two. */
export async function refreshVolume({ api, spec, revision, signal }: ObservationTerms, pod: string): Promise<void> {
  const different = randomBytes(4).toString('hex');
  const value = { metadata: { annotations: { [REVISION_ANNOTATION]: `${revision}.${different}` } } };
  const ref = { kind: 'Pod', name: pod, namespace: spec.namespace } as const;
  await api.patch(ref, { kind: 'merge', value }, { fieldManager: FIELD_MANAGER }, signal);
}
