import { clusterNames } from '../../cluster/names.ts';
import { hasCode } from '../../errors/action-error.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import type { ObjectRef } from '../../kubernetes/resources.ts';
import { buildRenewedLease, type LeaseTenure } from '../../manifests/leases.ts';
import { decodeLease, type LeaseState } from '../../objects/lease.ts';
import { pause } from '../../time/pause.ts';
import { FIELD_MANAGER } from '../live/applier.ts';
import { lockLostError, notRenewedError } from './claim.ts';

/** Returns how often a lease is renewed: two renewals may fail before a write has to wait for one. */
function computeRenewalPeriod(ttlMs: number): number {
  return ttlMs / 3;
}

/**
 * Checks whether a write may start without a renewal first. `renewedAtMs` is the time when the last renewal was sent,
 * not when it was answered; the last third of the ttl is left for the write to arrive.
 */
export function isFresh(renewedAtMs: number, ttlMs: number, nowMs: number): boolean {
  return nowMs - renewedAtMs < ttlMs - computeRenewalPeriod(ttlMs);
}

export type LockOptions = {
  /** The API without a guard, because with a guarded one the lock would wait for itself. */
  readonly api: Pick<KubernetesApi, 'create' | 'replace' | 'get' | 'remove' | 'follow'>;
  readonly namespace: string;
  /** The name of the deployment. */
  readonly name: string;
  /** The holder, which no other run may share; `nameHolder` makes one. */
  readonly holder: string;
  /** The time to live in whole seconds; 30 s by default. */
  readonly ttlMs?: number;
  /** Runs before the first line that names another run, because another writer may have chosen that name. */
  readonly beforeNaming?: () => Promise<void>;
  /**
   * Prints a log line: the run that this one waits for, the run that the lock was taken from, or that the lock could
   * not be released.
   */
  readonly waiting: (line: string) => void;
  /** The signal that ends the wait for the lock, not the lock. */
  readonly signal: AbortSignal;
};

export type Lock = {
  /** Whether the lock was taken from an existing Lease: its run did not delete it and may still be writing. */
  readonly isTakenOver: boolean;
  /** The signal that aborts with an ActionError LOCKED (`Lost`) as soon as another run is known to have the lock. */
  readonly signal: AbortSignal;
  /**
   * Checks that this run still has the lock. The caller checks before every write. Renews first when the last renewal
   * is too long ago, as after a pause.
   * @throws ActionError LOCKED (`Lost`; `NotRenewed` after as long as the ttl).
   */
  readonly check: () => Promise<void>;
  /**
   * Deletes the Lease if this run still holds it, within 2 s. Throws nothing, because an earlier error is the one to
   * report.
   */
  readonly release: () => Promise<void>;
};

const RETRY_MS = 1_000;
/** The limit for the release, out of the few seconds in which a cancelled run has to end. */
const RELEASE_MS = 2_000;

/**
 * Holds a Lease that was written with `tenure` and answered as `written`. `sentAtMs` is a time of `performance.now()`.
 */
export function holdLock(
  { api, name, namespace, holder, waiting }: LockOptions,
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
      const manifest = buildRenewedLease(name, namespace, { ...tenure, renewedAt: new Date() }, lease);
      try {
        lease = decodeLease(await api.replace(manifest, { fieldManager: FIELD_MANAGER }, signal));
        renewedAtMs = sentMs;
        return;
      } catch (error) {
        if (!isOtherVersion(error)) throw error;
      }
      // The version changed by a renewal of ours that got no answer, by an edit such as a label, or by another run that
      // has the Lease now.
      const found = await readLease(api, ref, signal);
      if (found === undefined || found.uid !== lease.uid || found.holder !== holder)
        gone.abort(lockLostError(ref, found));
      else lease = found;
    }
  };
  /** Renews the Lease. All callers share the renewal under way. */
  const renewal = async (): Promise<void> => {
    renewing ??= renew().finally(() => {
      renewing = undefined;
    });
    await renewing;
  };
  const keepRenewing = async (): Promise<void> => {
    let pauseMs = computeRenewalPeriod(ttlMs);
    while (!gone.signal.aborted) {
      await pause(pauseMs, ended.signal);
      pauseMs = await renewal().then(
        () => computeRenewalPeriod(ttlMs),
        () => RETRY_MS, // A loss ends the loop. After an outage of the API server, the Lease may still be ours.
      );
    }
  };
  const keeping = keepRenewing().catch(() => undefined); // `release` ends it, the only way out of its pauses.

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
          if (ended.signal.aborted || performance.now() - beganMs >= ttlMs)
            throw notRenewedError(ref, holder, ttlMs, error);
          await pause(Math.min(RETRY_MS, ttlMs), gone.signal);
        }
        if (performance.now() - beganMs >= 2 * ttlMs) throw notRenewedError(ref, holder, ttlMs, undefined);
      }
    },
    release: async () => {
      ended.abort();
      await keeping;
      if (gone.signal.aborted) return;
      try {
        await removeLease(api, ref, holder, lease, AbortSignal.timeout(RELEASE_MS));
      } catch {
        // The run ends all the same. The next run waits for the ttl, or prints the run that it waits for.
        waiting(`the lock (Lease ${namespace}/${ref.name}) could not be released; it expires in ${ttlMs / 1000} s`);
      }
    },
  };
}

/** Reads the Lease; returns undefined when it does not exist. */
export async function readLease(
  api: Pick<KubernetesApi, 'get'>,
  ref: ObjectRef,
  signal: AbortSignal,
): Promise<LeaseState | undefined> {
  const object = await api.get(ref, signal);
  return object === undefined ? undefined : decodeLease(object);
}

/** Checks whether a write failed because of another write or a deletion. */
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
