import { clusterNames } from '../../cluster/names.ts';
import { hasCode } from '../../errors.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import { pause } from '../../kubernetes/interruption.ts';
import { decodeLease } from '../../kubernetes/objects/lease.ts';
import type { ObjectRef } from '../../kubernetes/resources.ts';
import type { LeaseState } from '../../lock/claim.ts';
import { lost, notRenewed } from '../../lock/refusal.ts';
import { isFresh, renewalPeriodMs } from '../../lock/tenure.ts';
import { type LeaseTenure, renewedLeaseManifest } from '../../manifests/lease.ts';
import { FIELD_MANAGER } from '../rollout/applied.ts';

export type LockTerms = {
  /** Not a guarded one: the lock would wait for itself. */
  readonly api: Pick<KubernetesApi, 'create' | 'replace' | 'get' | 'remove' | 'follow'>;
  readonly namespace: string;
  /** Of the deployment. */
  readonly name: string;
  /** No other run may have the same; `lockHolder` makes one. */
  readonly holder: string;
  /** 30 s by default; whole seconds. */
  readonly ttlMs?: number;
  /** Called before the first line that names another run, because others may have written that name. */
  readonly beforeNaming?: () => Promise<void>;
  /** A line of the log: whom it waits for, whom it was taken from, that it could not be released. */
  readonly waiting: (line: string) => void;
  /** Ends the waiting for the lock, not the lock. */
  readonly signal: AbortSignal;
};

export type Lock = {
  /** From a run that did not release it and may still be writing. */
  readonly isTakenOver: boolean;
  /** Aborted with an ActionError LOCKED (`Lost`) as soon as it is known that another has it. */
  readonly signal: AbortSignal;
  /**
   * To be called before every write. Renews first when the last renewal is too long ago, as after a pause.
   * @throws ActionError LOCKED (`Lost`; `NotRenewed` after as long as the ttl).
   */
  readonly check: () => Promise<void>;
  /** Deletes the lease if it still is this run's, within 2 s. Throws nothing: what went before is the error to tell. */
  readonly release: () => Promise<void>;
};

const RETRY_MS = 1_000;
/** Of the few seconds in which a cancelled run has to end. */
const RELEASE_MS = 2_000;

/** Holds a lease that was written with `tenure` and answered as `written`; `sentAtMs` on `performance.now()`. */
export function holdLock(
  { api, name, namespace, holder, waiting }: LockTerms,
  tenure: LeaseTenure,
  written: LeaseState,
  sentAtMs: number,
  isTakenOver: boolean,
): Lock {
  const { ttlMs } = tenure;
  const ref = { kind: 'Lease', name: clusterNames(name).lease, namespace } as const;
  const gone = new AbortController();
  const ended = new AbortController();
  let lease = written;
  let renewedAtMs = sentAtMs;
  let renewing: Promise<void> | undefined;

  const renew = async (): Promise<void> => {
    const signal = AbortSignal.any([ended.signal, AbortSignal.timeout(ttlMs)]);
    for (;;) {
      gone.signal.throwIfAborted();
      const sentMs = performance.now();
      const manifest = renewedLeaseManifest(name, namespace, { ...tenure, renewedAt: new Date() }, lease);
      try {
        lease = decodeLease(await api.replace(manifest, { fieldManager: FIELD_MANAGER }, signal));
        renewedAtMs = sentMs;
        return;
      } catch (error) {
        if (!isOtherVersion(error)) throw error;
      }
      // The version of a renewal of ours that got no answer, or of somebody's label; or it is another's by now.
      const found = await readLease(api, ref, signal);
      if (found === undefined || found.uid !== lease.uid || found.holder !== holder) gone.abort(lost(ref, found));
      else lease = found;
    }
  };
  /** Whoever needs a renewal shares the one under way. */
  const renewal = async (): Promise<void> => {
    renewing ??= renew().finally(() => {
      renewing = undefined;
    });
    await renewing;
  };
  const keepRenewing = async (): Promise<void> => {
    let pauseMs = renewalPeriodMs(ttlMs);
    while (!gone.signal.aborted) {
      await pause(pauseMs, ended.signal);
      pauseMs = await renewal().then(
        () => renewalPeriodMs(ttlMs),
        () => RETRY_MS, // Lost ends the loop; an API server that is away may come back with the lease still ours.
      );
    }
  };
  const keeping = keepRenewing().catch(() => undefined); // Ended by `release`, the only way out of its pauses.

  return {
    isTakenOver,
    signal: gone.signal,
    check: async () => {
      const beganMs = performance.now();
      gone.signal.throwIfAborted();
      while (!isFresh(renewedAtMs, ttlMs, performance.now())) {
        try {
          await renewal();
        } catch (error) {
          gone.signal.throwIfAborted();
          if (ended.signal.aborted || performance.now() - beganMs >= ttlMs) throw notRenewed(ref, holder, ttlMs, error);
          await pause(Math.min(RETRY_MS, ttlMs), gone.signal);
        }
        if (performance.now() - beganMs >= 2 * ttlMs) throw notRenewed(ref, holder, ttlMs, undefined);
      }
    },
    release: async () => {
      ended.abort();
      await keeping;
      if (gone.signal.aborted) return;
      try {
        await removeLease(api, ref, holder, lease, AbortSignal.timeout(RELEASE_MS));
      } catch {
        // The run ends as it would have; the next one waits for the ttl, or is told whom it waits for.
        waiting(`the lock (Lease ${namespace}/${ref.name}) could not be released; it expires in ${ttlMs / 1000} s`);
      }
    },
  };
}

/** Undefined when there is none. */
export async function readLease(
  api: Pick<KubernetesApi, 'get'>,
  ref: ObjectRef,
  signal: AbortSignal,
): Promise<LeaseState | undefined> {
  const object = await api.get(ref, signal);
  return object === undefined ? undefined : decodeLease(object);
}

/** A write lost to another, or to a deletion. */
export function isOtherVersion(error: unknown): boolean {
  return hasCode(error, 'APPLY_CONFLICT') || (hasCode(error, 'APPLY_REJECTED') && error.reason === 'NotFound');
}

async function removeLease(
  api: Pick<KubernetesApi, 'get' | 'remove'>,
  ref: ObjectRef,
  holder: string,
  last: LeaseState,
  signal: AbortSignal,
): Promise<void> {
  for (let lease: LeaseState | undefined = last; lease?.uid === last.uid && lease.holder === holder; ) {
    try {
      const { uid, resourceVersion } = lease;
      await api.remove(ref, { uid, resourceVersion }, signal);
      return;
    } catch (error) {
      if (!isOtherVersion(error)) throw error;
    }
    lease = await readLease(api, ref, signal); // A renewal that was cut off may have been written.
  }
}
