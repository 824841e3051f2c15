import { randomBytes } from 'node:crypto';
import { podOrdinal } from '../../cluster/names.ts';
import type { MeshVerdict } from '../../nats/mesh/verdict.ts';
import type { ObservationTerms, PodSeen, ServerState } from '../gate/pod-observation.ts';
import { FIELD_MANAGER } from './applied.ts';

/** The annotation whose change makes a pod's kubelet refresh its volumes at once. */
const REVISION_ANNOTATION = 'nats-cluster-action/revision';

/** A kubelet's watches are independent of each other, so an annotation may reach it before the Secret does. */
const ANNOTATE_EVERY_MS = 3000;

/** A mesh that is broken for this long before a reload is not kept whole by reloading one after the other. */
const BROKEN_MS = 3000;

export type ReloadTerms = {
  /** Proves from outside what a server runs after its reload, before the next one is touched. */
  readonly prove: (pod: string, ordinal: number) => Promise<void>;
  /** Whether the Secrets still hold what servers are to read from their volumes. */
  readonly isVolumeCurrent: () => Promise<boolean>;
};

export type Reloads = {
  /** Begins to prove every server that has reached this revision by a reload, once; throws what disproved one before. */
  readonly prove: (seen: readonly PodSeen[]) => void;
  /** Rejects where one of them was disproved; resolves when all that were begun are proved. */
  readonly proved: () => Promise<void>;
  /** Reloads what is to be reloaded next; whether it did. `mesh`: the routes, whatever revision the servers run. */
  readonly next: (seen: readonly PodSeen[], mesh: MeshVerdict) => Promise<boolean>;
  readonly done: () => readonly string[];
};

/**
 * Brings the servers to the revision in their volumes: one after the other while the mesh is whole, so that what
 * breaks one leaves the others as they are; all at once where the mesh is broken, as it may need all of them.
 */
export function createReloads(terms: ObservationTerms, { prove }: Pick<ReloadTerms, 'prove'>): Reloads {
  const reloaded = new Map<string, 'asked' | Promise<void>>();
  let brokenSince: number | undefined;
  let disproof: { readonly error: unknown } | undefined;
  const proved = async (): Promise<void> => {
    await Promise.all([...reloaded.values()].filter((one) => one !== 'asked'));
  };
  const reload = async ({ name, server }: Outdated): Promise<void> => {
    reloaded.set(name, 'asked');
    const answer = await server.observer.reload();
    // It may quote the configuration.
    server.refusal = answer.ok ? undefined : terms.redact(answer.failure.message);
  };
  return {
    done: () => [...reloaded.keys()],
    prove: (seen) => {
      if (disproof !== undefined) {
        throw disproof.error;
      }
      const arrived = seen.filter(
        ({ name, outdated, problem }) =>
          outdated === undefined && problem === undefined && reloaded.get(name) === 'asked',
      );
      for (const { name } of arrived) {
        const proving = prove(name, podOrdinal(terms.spec.name, name) ?? 0);
        proving.catch((error: unknown) => {
          disproof ??= { error };
        });
        reloaded.set(name, proving);
      }
    },
    proved,
    next: async (seen, mesh) => {
      const outdated = seen.flatMap(({ name, outdated: server }) => (server === undefined ? [] : [{ name, server }]));
      const [first] = outdated;
      if (first === undefined) {
        return false;
      }
      await Promise.all(outdated.map(async (pod) => await refreshVolumeOf(terms, pod)));
      const isSettled = seen.every(({ problem, outdated: server }) => problem === undefined || server !== undefined);
      if (isSettled && mesh.kind === 'complete') {
        brokenSince = undefined;
        await proved();
        await reload(first);
        return true;
      }
      brokenSince = mesh.kind === 'incomplete' ? (brokenSince ?? performance.now()) : undefined;
      if (brokenSince === undefined || performance.now() - brokenSince < BROKEN_MS) {
        return false;
      }
      brokenSince = performance.now();
      await Promise.all(outdated.map(reload));
      return true;
    },
  };
}

type Outdated = { readonly name: string; readonly server: ServerState };

async function refreshVolumeOf(terms: ObservationTerms, { name, server }: Outdated): Promise<void> {
  const now = performance.now();
  if (now - server.annotatedAt > ANNOTATE_EVERY_MS) {
    server.annotatedAt = now;
    await refreshVolume(terms, name);
  }
}

/** Has the pod's kubelet refresh its volume now instead of within a minute or two. */
export async function refreshVolume({ api, spec, revision, signal }: ObservationTerms, pod: string): Promise<void> {
  const different = randomBytes(4).toString('hex');
  const value = { metadata: { annotations: { [REVISION_ANNOTATION]: `${revision}.${different}` } } };
  const ref = { kind: 'Pod', name: pod, namespace: spec.namespace } as const;
  await api.patch(ref, { kind: 'merge', value }, { fieldManager: FIELD_MANAGER }, signal);
}
