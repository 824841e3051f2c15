import { ActionError, hasCode } from '../../errors/action-error.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import type { ObjectRef } from '../../kubernetes/resources.ts';
import { decodeLease, type LeaseState } from '../../objects/lease.ts';
import { formatDate } from '../../text/duration-text.ts';

/** A lease, and the time on the local monotonic clock since which it has not changed. */
export type ObservedLease = { readonly lease: LeaseState; readonly sinceMs: number };

export type Claim =
  | { readonly kind: 'create' }
  /** A write with the observed version as a precondition, which ensures that the lease has not changed. */
  | { readonly kind: 'take'; readonly lease: LeaseState; readonly because: 'released' | 'own' | 'expired' }
  | { readonly kind: 'wait'; readonly lease: LeaseState; readonly forMs: number };

/** Records an observed lease. A lease that has not changed keeps the time of its first observation. */
export function observeLease(
  before: ObservedLease | undefined,
  lease: LeaseState | undefined,
  nowMs: number,
): ObservedLease | undefined {
  if (lease === undefined) return undefined;
  const isSame = before?.lease.uid === lease.uid && before.lease.resourceVersion === lease.resourceVersion;
  return isSame ? before : { lease, sinceMs: nowMs };
}

/**
 * Returns how long a run waits for an unchanged lease of another run. All runs of this Action write the same ttl, so a
 * longer ttl comes from another writer. No run waits for longer than its own ttl.
 */
export function limitTtl({ ttlMs }: Pick<LeaseState, 'ttlMs'>, ownTtlMs: number): number {
  return Math.min(ttlMs ?? ownTtlMs, ownTtlMs);
}

/**
 * Returns what `holder` may do about a lease. The lease of another holder is taken only after it was unchanged for its
 * ttl (`limitTtl`) on the local clock. The other holder renewed the lease before this run first observed it, so the
 * other holder stops writing before that time has passed.
 */
export function decideClaim(
  seen: ObservedLease | undefined,
  { holder, ttlMs }: { readonly holder: string; readonly ttlMs: number },
  nowMs: number,
): Claim {
  if (seen === undefined) return { kind: 'create' };
  const { lease, sinceMs } = seen;
  if (lease.holder === '') return { kind: 'take', lease, because: 'released' };
  if (lease.holder === holder) return { kind: 'take', lease, because: 'own' };
  const leftMs = sinceMs + limitTtl(lease, ttlMs) - nowMs;
  return leftMs > 0 ? { kind: 'wait', lease, forMs: leftMs } : { kind: 'take', lease, because: 'expired' };
}

export type LeaseName = { readonly name: string; readonly namespace: string };

/** Formats the line that is logged when a run has to wait. */
export function describeWait({ name, namespace }: LeaseName, lease: LeaseState): string {
  return `waiting for the lock (Lease ${namespace}/${name}): held by ${describeHolder(lease)}`;
}

/** Formats the line that is logged at every heartbeat while a run still has to wait. */
export function describeLongWait(
  { name, namespace }: LeaseName,
  lease: LeaseState,
  leftMs: number | undefined,
): string {
  const left = leftMs === undefined ? '' : `, ${Math.max(0, Math.round(leftMs / 1000))} s left`;
  return `still waiting for the lock (Lease ${namespace}/${name})${left}: held by ${describeHolder(lease)}`;
}

/** Builds the error for a deadline that passed before the run got the lock. */
export function stillHeldError(
  { name, namespace }: LeaseName,
  lease: LeaseState,
  ttlMs: number,
): ActionError<'LOCKED'> {
  const seconds = limitTtl(lease, ttlMs) / 1000;
  const message = `the lock (Lease ${namespace}/${name}) is still held by ${describeHolder(lease)}`;
  return new ActionError('LOCKED', message, {
    reason: 'Held',
    hint: `Wait until that run has ended, or set a longer \`timeout\`, and run the job again. The lock of a run that was killed expires ${seconds} s after its last renewal. To break that lock at once, run \`kubectl -n ${namespace} delete lease ${name}\`.`,
    details: { holder: lease.holder },
  });
}

/** Builds the error for a lease that another run holds now, or that was deleted. */
export function lockLostError({ name, namespace }: LeaseName, now: LeaseState | undefined): ActionError<'LOCKED'> {
  const held = now?.holder === '' ? 'was released' : `is now held by ${now?.holder}`;
  const how = now === undefined ? 'was deleted' : held;
  return new ActionError(
    'LOCKED',
    `this run lost its lock: Lease ${namespace}/${name} ${how}; this run has written nothing since`,
    {
      reason: 'Lost',
      hint: 'This run was paused or disconnected for too long, or the Lease was deleted manually. When the other run has ended, run the job again: it continues from the current state.',
      details: { holder: now?.holder ?? '' },
    },
  );
}

/** Builds the error for a lease that could not be renewed in time, so that another run may hold it by now. */
export function notRenewedError(
  { name, namespace }: LeaseName,
  holder: string,
  ttlMs: number,
  cause: unknown,
): ActionError<'LOCKED'> {
  const message = `the lock (Lease ${namespace}/${name}) could not be renewed within ${ttlMs / 1000} s, so this run writes nothing more`;
  return new ActionError('LOCKED', message, {
    reason: 'NotRenewed',
    hint: 'The API server does not answer in time. Run the job again when it does: it continues from the current state.',
    details: { holder },
    cause,
  });
}

function describeHolder({ holder, acquiredAt }: LeaseState): string {
  if (acquiredAt === undefined) return holder;
  const date = new Date(acquiredAt);
  // Another writer may have put any text into the field.
  return `${holder} since ${Number.isNaN(date.getTime()) ? acquiredAt : formatDate(date)}`;
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

/** Deletes the Lease `last` as long as `holder` holds it. */
export async function removeLease(
  api: Pick<KubernetesApi, 'get' | 'remove'>,
  ref: ObjectRef,
  holder: string,
  last: LeaseState,
  signal: AbortSignal,
): Promise<void> {
  let lease: LeaseState | undefined = last;
  while (lease?.uid === last.uid && lease.holder === holder) {
    try {
      const { uid, resourceVersion } = lease;
      await api.remove(ref, { uid, resourceVersion }, signal);
      return;
    } catch (error) {
      if (!isOtherVersion(error)) throw error;
    }
    lease = await readLease(api, ref, signal); // A renewal without an answer may have changed the version.
  }
}
