import { ActionError } from '../errors.ts';
import type { LeaseState } from '../kubernetes/objects/lease.ts';
import { standingMs } from './claim.ts';

export type LeaseName = { readonly name: string; readonly namespace: string };

/** Formats the line that is logged when a run has to wait. */
export function waitingText({ name, namespace }: LeaseName, lease: LeaseState): string {
  return `waiting for the lock (Lease ${namespace}/${name}): held by ${heldText(lease)}`;
}

/** Builds the error for a deadline that passed before the run got the lock. */
export function stillHeld({ name, namespace }: LeaseName, lease: LeaseState, ttlMs: number): ActionError<'LOCKED'> {
  const seconds = standingMs(lease, ttlMs) / 1000;
  const message = `the lock (Lease ${namespace}/${name}) is still held by ${heldText(lease)}`;
  return new ActionError('LOCKED', message, {
    reason: 'Held',
    hint: `Let that run end, or give a longer timeout, and run the job again. A run that is gone loses the lock by itself ${seconds} s after its last renewal; to break it at once: kubectl -n ${namespace} delete lease ${name}`,
    details: { holder: lease.holder },
  });
}

/** Builds the error for a lease that another run holds now, or that was deleted. */
export function lost({ name, namespace }: LeaseName, now: LeaseState | undefined): ActionError<'LOCKED'> {
  const held = now?.holder === '' ? 'was released' : `is now held by ${now?.holder}`;
  const how = now === undefined ? 'was deleted' : held;
  return new ActionError(
    'LOCKED',
    `this run lost its lock: Lease ${namespace}/${name} ${how}; nothing was written since`,
    {
      reason: 'Lost',
      hint: 'This run was paused or cut off for too long, or the lease was deleted by hand. When the other run has ended, run the job again: it goes on from what is there.',
      details: { holder: now?.holder ?? '' },
    },
  );
}

/** Builds the error for a lease without a known other holder that can no longer be verified to belong to this run. */
export function notRenewed(
  { name, namespace }: LeaseName,
  holder: string,
  ttlMs: number,
  cause: unknown,
): ActionError<'LOCKED'> {
  const message = `the lock (Lease ${namespace}/${name}) could not be renewed within ${ttlMs / 1000} s, so nothing more is written`;
  return new ActionError('LOCKED', message, {
    reason: 'NotRenewed',
    hint: 'The API server does not answer in time: run the job again when it does; it goes on from what is there.',
    details: { holder },
    cause,
  });
}

function heldText({ holder, acquiredAt }: LeaseState): string {
  return acquiredAt === undefined ? holder : `${holder} since ${acquiredAt}`;
}
