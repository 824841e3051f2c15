import { clusterNames, FIELD_MANAGER } from '../../cluster/names.ts';
import type { ActionError } from '../../errors/action-error.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import type { ObjectRef } from '../../kubernetes/resources.ts';
import { buildRenewedLease, type LeaseHold } from '../../manifests/leases.ts';
import { decodeLease, type LeaseState } from '../../objects/lease.ts';
import { pause } from '../../time/pause.ts';
import { isOtherVersion, lockLostError, notRenewedError, readLease, removeLease } from './claim.ts';

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
  /** Runs before the first line that names another run, because another writer may have put a secret into that name. */
  readonly beforeNaming?: () => Promise<void>;
  /** Returns the milliseconds until `signal` ends the wait; undefined when that is unknown. */
  readonly leftMs?: (() => number) | undefined;
  /**
   * Prints a log line: the run that this one waits for, the run that the lock was taken from, or that the lock could
   * not be released.
   */
  readonly waiting: (line: string) => void;
  /** The signal that ends the wait for the lock. A lock that is held does not depend on it. */
  readonly signal: AbortSignal;
};

const RETRY_MS = 1_000;
/** The time limit for the release, because a cancelled run has only a few seconds. */
const RELEASE_MS = 2_000;

/** The Lease of this run, which it renews until the release; a live resource, hence a class. */
export class HeldLock {
  /** Whether the lock was taken from an existing Lease: the run that held it may still be writing. */
  readonly isTakenOver: boolean;
  readonly #api: LockOptions['api'];
  readonly #ref: ObjectRef & { readonly namespace: string };
  readonly #name: string;
  readonly #warn: (line: string) => void;
  readonly #hold: LeaseHold;
  readonly #lost = new AbortController();
  readonly #released = new AbortController();
  readonly #keeping: Promise<void>;
  #lease: LeaseState;
  #renewedAtMs: number;
  #renewing: Promise<void> | undefined;

  /**
   * Holds a Lease that was written with `hold` and answered as `lease`. `sentAtMs` is a time of `performance.now()`.
   */
  constructor(
    { api, name, namespace, waiting }: LockOptions,
    hold: LeaseHold,
    { lease, sentAtMs, isTakenOver }: WrittenLease,
  ) {
    this.isTakenOver = isTakenOver;
    this.#api = api;
    this.#ref = { kind: 'Lease', name: clusterNames(name).lease, namespace };
    this.#name = name;
    this.#warn = waiting;
    this.#hold = hold;
    this.#lease = lease;
    this.#renewedAtMs = sentAtMs;
    this.#keeping = this.#keepRenewing().catch(() => undefined); // It rejects when `release` aborts a pause.
  }

  /** Returns the signal that aborts with an ActionError LOCKED (`Lost`) once another run is known to have the lock. */
  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  /**
   * Checks that this run still has the lock. The caller checks before every write. Renews first when the last renewal
   * is too long ago, for example because the runner was paused.
   * @throws ActionError LOCKED (`Lost`, or `NotRenewed` when no renewal succeeded within the ttl).
   */
  async check(): Promise<void> {
    const { ttlMs } = this.#hold;
    const beganMs = performance.now();
    this.signal.throwIfAborted();
    while (!isFresh(this.#renewedAtMs, ttlMs, performance.now())) {
      try {
        await this.#renewOnce();
      } catch (error) {
        this.signal.throwIfAborted();
        if (this.#released.signal.aborted || performance.now() - beganMs >= ttlMs) throw this.#notRenewed(error);
        await pause(Math.min(RETRY_MS, ttlMs), this.signal);
      }
      if (performance.now() - beganMs >= 2 * ttlMs) throw this.#notRenewed(undefined);
    }
  }

  /**
   * Deletes the Lease, within 2 s, if this run still holds it. Throws nothing, so that an earlier error of the run is
   * reported.
   */
  async release(): Promise<void> {
    this.#released.abort();
    await this.#keeping;
    if (this.signal.aborted) return;
    const { holder, ttlMs } = this.#hold;
    const { name, namespace } = this.#ref;
    try {
      await removeLease(this.#api, this.#ref, holder, this.#lease, AbortSignal.timeout(RELEASE_MS));
    } catch {
      // The run ends all the same. The next run waits for the ttl, or prints the run that it waits for.
      this.#warn(`the lock (Lease ${namespace}/${name}) could not be released; it expires in ${ttlMs / 1000} s`);
    }
  }

  async #keepRenewing(): Promise<void> {
    const periodMs = computeRenewalPeriod(this.#hold.ttlMs);
    let pauseMs = periodMs;
    while (!this.signal.aborted) {
      await pause(pauseMs, this.#released.signal);
      pauseMs = await this.#renewOnce().then(
        () => periodMs,
        () => RETRY_MS, // A lost Lease ends the loop. After an outage of the API server, the Lease may still be ours.
      );
    }
  }

  /** Renews the Lease. All callers share the renewal under way. */
  async #renewOnce(): Promise<void> {
    this.#renewing ??= this.#renew().finally(() => {
      this.#renewing = undefined;
    });
    await this.#renewing;
  }

  async #renew(): Promise<void> {
    const signal = AbortSignal.any([this.#released.signal, AbortSignal.timeout(this.#hold.ttlMs)]);
    do {
      this.signal.throwIfAborted();
    } while (!(await this.#tryRenewal(signal)));
  }

  /** Writes the renewal; returns false when the version had changed and the Lease was read again. */
  async #tryRenewal(signal: AbortSignal): Promise<boolean> {
    const sentMs = performance.now();
    const hold = { ...this.#hold, renewedAt: new Date() };
    const manifest = buildRenewedLease(this.#name, this.#ref.namespace, hold, this.#lease);
    try {
      this.#lease = decodeLease(await this.#api.replace(manifest, { fieldManager: FIELD_MANAGER }, signal));
      this.#renewedAtMs = sentMs;
      return true;
    } catch (error) {
      if (!isOtherVersion(error)) throw error;
    }
    // The version changed by a renewal of ours that got no answer, by an edit such as a label, or by another run that
    // has the Lease now.
    const found = await readLease(this.#api, this.#ref, signal);
    const isOurs = found !== undefined && found.uid === this.#lease.uid && found.holder === this.#hold.holder;
    if (isOurs) this.#lease = found;
    else this.#lost.abort(lockLostError(this.#ref, found));
    return false;
  }

  #notRenewed(cause: unknown): ActionError<'LOCKED'> {
    return notRenewedError(this.#ref, this.#hold.holder, this.#hold.ttlMs, cause);
  }
}

/** A Lease as the API server answered when this run took it. */
export type WrittenLease = {
  readonly lease: LeaseState;
  /** The time of `performance.now()` at which the write was sent. */
  readonly sentAtMs: number;
  /** Whether the Lease existed before: the run that held it may still be writing. */
  readonly isTakenOver: boolean;
};
