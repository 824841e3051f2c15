import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { clusterNames, FIELD_MANAGER, MANAGER_LABEL, selectByName } from '../../cluster/names.ts';
import { ActionError, isActionError } from '../../errors/action-error.ts';
import type { FollowEvent } from '../../kubernetes/watch.ts';
import { buildLease, buildRenewedLease } from '../../manifests/leases.ts';
import { decodeLease, type LeaseState } from '../../objects/lease.ts';
import type { KubernetesObject } from '../../objects/object.ts';
import { pause } from '../../time/pause.ts';
import { describeOwnership, determineOwnership } from '../live/ownership.ts';
import {
  type Claim,
  decideClaim,
  describeLongWait,
  describeWait,
  isOtherVersion,
  type LeaseName,
  limitTtl,
  type ObservedLease,
  observeLease,
  stillHeldError,
} from './claim.ts';
import { HeldLock, type LockOptions } from './held-lock.ts';

/**
 * Refuses a Lease under the name of the lock if its labels show an owner other than this deployment. A Lease without
 * labels may be taken, because it shows only that the lock is held.
 * @throws ActionError CHANGE_FORBIDDEN (`ForeignObjects`)
 */
export function requireOwnLease(name: string, lease: KubernetesObject): void {
  const ownership = determineOwnership(name, lease);
  const isLabelled = lease.metadata.labels[MANAGER_LABEL] !== undefined;
  if (ownership.kind !== 'of-deployment' && !(ownership.kind === 'of-other' && isLabelled)) {
    return;
  }
  const object = `Lease/${lease.metadata.name}`;
  const message = `${object}, which this action needs as the lock of ${name}, ${describeOwnership(lease, ownership)}`;
  throw new ActionError('CHANGE_FORBIDDEN', message, {
    reason: 'ForeignObjects',
    hint: `Nothing was changed. Give this deployment another name, or, if that Lease is not needed, delete it: \`kubectl --namespace ${lease.metadata.namespace ?? 'default'} delete lease ${lease.metadata.name}\``,
    details: { problems: [{ object, reason: 'OtherDeployment', message }] },
  });
}

const TTL_MS = 30_000;
const HEARTBEAT_MS = 15_000;

/** Returns the name of this run, which runs that wait for its lock print. The suffix distinguishes jobs of one run. */
export function nameHolder(runUrl: string | undefined): string {
  return `${runUrl ?? `${hostname()}/${process.pid}`}#${randomBytes(4).toString('hex')}`;
}

/**
 * Makes this run the only one that changes the deployment: takes the Lease, and waits while another run holds it.
 *
 * @throws ActionError LOCKED (`Held`) when `signal` ends the wait by its deadline; the reason of `signal` when it is an
 * ActionError, for example after a cancellation; CHANGE_FORBIDDEN (`ForeignObjects`) when the Lease belongs to another
 * deployment or owner; FORBIDDEN; NAMESPACE_MISSING; CLUSTER_UNREACHABLE.
 */
export async function acquireLock(options: LockOptions): Promise<HeldLock> {
  const { api, namespace, name, holder, signal, ttlMs = TTL_MS } = options;
  const ref = { kind: 'Lease', name: clusterNames(name).lease, namespace } as const;
  const changes = new LeaseChanges(options);
  const log = new WaitLog(ref, options);
  let seen: ObservedLease | undefined;
  try {
    for (;;) {
      const claim = decideClaim(seen, { holder, ttlMs }, performance.now());
      if (claim.kind === 'wait') {
        await log.show(claim.lease, performance.now());
        const change = await changes.within(Math.min(claim.forMs, HEARTBEAT_MS));
        if (change !== undefined) seen = observeLease(seen, change.lease, performance.now());
        continue;
      }
      const lock = await takeLease(options, ttlMs, claim);
      if (lock !== undefined) return lock;
      const found = await api.get(ref, signal);
      if (found !== undefined) requireOwnLease(name, found);
      seen = observeLease(seen, found && decodeLease(found), performance.now());
    }
  } catch (error) {
    const isDeadline = signal.aborted && !isActionError(signal.reason);
    if (!isDeadline || seen === undefined) throw error;
    throw stillHeldError(ref, seen.lease, ttlMs);
  } finally {
    await changes.end();
  }
}

/** Writes the Lease and holds it; returns undefined when another run was faster. */
async function takeLease(
  options: LockOptions,
  ttlMs: number,
  claim: Exclude<Claim, { readonly kind: 'wait' }>,
): Promise<HeldLock | undefined> {
  const { api, namespace, name, holder, signal, waiting } = options;
  const acquiredAt = new Date();
  const transitions = claim.kind === 'take' ? claim.lease.transitions + 1 : 0;
  const hold = { holder, ttlMs, acquiredAt, renewedAt: acquiredAt, transitions };
  const writing = { fieldManager: FIELD_MANAGER };
  const sentAtMs = performance.now();
  try {
    const object =
      claim.kind === 'create'
        ? await api.create(buildLease(name, namespace, hold), writing, signal)
        : await api.replace(buildRenewedLease(name, namespace, hold, claim.lease), writing, signal);
    if (claim.kind === 'take' && claim.because === 'expired') {
      const unrenewedMs = limitTtl(claim.lease, ttlMs);
      await options.beforeNaming?.();
      waiting(`took over the lock from ${claim.lease.holder}, which did not renew it for ${unrenewedMs / 1000} s`);
    }
    return new HeldLock(options, hold, { lease: decodeLease(object), sentAtMs, isTakenOver: claim.kind === 'take' });
  } catch (error) {
    if (isOtherVersion(error)) return undefined;
    throw error;
  }
}

/** The log lines of a wait for the lock: one line for each holder, and a heartbeat. */
export class WaitLog {
  readonly #ref: LeaseName;
  readonly #options: Pick<LockOptions, 'waiting' | 'beforeNaming' | 'leftMs'>;
  #holder: string | undefined;
  #spokeAtMs = 0;

  constructor(ref: LeaseName, options: Pick<LockOptions, 'waiting' | 'beforeNaming' | 'leftMs'>) {
    this.#ref = ref;
    this.#options = options;
  }

  /** Prints a line if the holder has changed, or if the last line is older than the heartbeat. */
  async show(lease: LeaseState, nowMs: number): Promise<void> {
    const { waiting, beforeNaming, leftMs } = this.#options;
    const isOther = lease.holder !== this.#holder;
    if (!isOther && nowMs - this.#spokeAtMs < HEARTBEAT_MS) return;
    if (isOther) await beforeNaming?.();
    waiting(isOther ? describeWait(this.#ref, lease) : describeLongWait(this.#ref, lease, leftMs?.()));
    this.#holder = lease.holder;
    this.#spokeAtMs = nowMs;
  }
}

/** A change of the Lease; `lease` is undefined after a deletion. */
type Change = { readonly lease: LeaseState | undefined };

/** The changes of the Lease, watched from the first wait on; a live resource, hence a class. */
class LeaseChanges {
  readonly #options: LockOptions;
  readonly #ended = new AbortController();
  #events: AsyncIterator<FollowEvent> | undefined;
  #next: Promise<IteratorResult<FollowEvent>> | undefined;

  constructor(options: LockOptions) {
    this.#options = options;
  }

  /** Returns the next change; undefined when none occurs within this time. */
  async within(timeMs: number): Promise<Change | undefined> {
    this.#events ??= this.#follow();
    this.#next ??= this.#events.next();
    const timer = new AbortController();
    try {
      const limit = AbortSignal.any([this.#options.signal, timer.signal]);
      const result = await Promise.race([this.#next, pause(timeMs, limit)]);
      if (result === undefined) return undefined;
      this.#next = undefined;
      return result.done === true ? undefined : convertEvent(result.value);
    } finally {
      timer.abort();
    }
  }

  async end(): Promise<void> {
    this.#ended.abort();
    await this.#next?.catch(() => undefined); // The abort always settles it.
    await this.#events?.return?.();
  }

  #follow(): AsyncIterator<FollowEvent> {
    const { api, namespace, name, signal } = this.#options;
    const selection = selectByName(clusterNames(name).lease, namespace);
    return api.follow('Lease', selection, AbortSignal.any([signal, this.#ended.signal]))[Symbol.asyncIterator]();
  }
}

function convertEvent(event: FollowEvent): Change {
  switch (event.kind) {
    case 'listed':
      return { lease: event.objects.map(decodeLease)[0] };
    case 'added':
    case 'modified':
      return { lease: decodeLease(event.object) };
    case 'deleted':
      return { lease: undefined };
  }
}
