/** The phases of a rotation in their order; `idle` before and after. A rotation never goes back. */
export const ROTATION_PHASES = ['idle', 'trust-both', 'swap-leaves', 'overlap', 'drop-old'] as const;

export type RotationPhase = (typeof ROTATION_PHASES)[number];

/**
 * The progress of replacing one value that clients and servers, or two servers, must agree on: a CA or a user. It is
 * stored with the objects, so that the next run can continue.
 */
export type Track<Value> =
  | { readonly phase: 'idle'; readonly current: Value }
  /**
   * Servers still present the current value, and accept the next one too. `since` is the time at which a run had
   * published the next value and verified that every server accepts it. Clients can begin to use the next value only
   * then. Undefined until then, because the run that began the rotation may have died before.
   */
  | { readonly phase: 'trust-both'; readonly current: Value; readonly next: Value; readonly since: Date | undefined }
  /** Servers present the new value one by one, and still accept the previous one. */
  | { readonly phase: 'swap-leaves'; readonly current: Value; readonly previous: Value }
  /**
   * Every server presents the new value, and still accepts the previous one until clients no longer use it. `since` is
   * the time at which this phase began.
   */
  | { readonly phase: 'overlap'; readonly current: Value; readonly previous: Value; readonly since: Date }
  /** Servers stop accepting the previous value. */
  | { readonly phase: 'drop-old'; readonly current: Value; readonly previous: Value };

export type OverlapRule = {
  readonly now: Date;
  /** The time in milliseconds that clients have to replace the old value; 0 for values that only servers use. */
  readonly overlapMs: number;
  /**
   * The phase in which the rotation waits for clients. `overlap`: clients that know only the old value can still verify
   * the new one, so they get time after the servers present it. `trust-both`: clients cannot verify it, so they get
   * time before. `both`: clients cannot verify it, and their own certificates are from the old CA, which they can
   * replace only afterwards.
   */
  readonly waitsIn: 'trust-both' | 'overlap' | 'both';
};

/** Returns the value that is presented: it signs certificates, or authenticates. */
export function selectPresented<Value>({ current }: Track<Value>): Value {
  return current;
}

/** Returns the values that every server accepts, the presented one first. */
export function listAccepted<Value>(track: Track<Value>): readonly Value[] {
  switch (track.phase) {
    case 'idle':
    case 'drop-old':
      return [track.current];
    case 'trust-both':
      return [track.current, track.next];
    case 'swap-leaves':
    case 'overlap':
      return [track.current, track.previous];
  }
}

/**
 * Starts the replacement of the current value. A rotation in progress has to finish first, so its track stays
 * unchanged.
 */
export function beginRotation<Value>(track: Track<Value>, next: Value): Track<Value> {
  return track.phase === 'idle' ? { phase: 'trust-both', current: track.current, next, since: undefined } : track;
}

/**
 * Returns the track that follows: the next phase, or the start of a wait. The caller may use it only after every server
 * was verified to be in the present phase. Returns the same track if it has to wait, or if nothing is left to do.
 */
export function advanceRotation<Value>(track: Track<Value>, terms: OverlapRule): Track<Value> {
  switch (track.phase) {
    case 'idle':
      return track;
    case 'trust-both':
      if (shouldWait(track.phase, terms) && track.since === undefined) return { ...track, since: terms.now };
      return isOver(track, terms) ? { phase: 'swap-leaves', current: track.next, previous: track.current } : track;
    case 'swap-leaves':
      return { ...track, phase: 'overlap', since: terms.now };
    case 'overlap':
      return isOver(track, terms) ? { phase: 'drop-old', current: track.current, previous: track.previous } : track;
    case 'drop-old':
      return { phase: 'idle', current: track.current };
  }
}

/**
 * Returns the time when a waiting track continues; undefined for a track that does not wait, or has not started to
 * wait.
 */
export function computeNextPhaseTime<Value>(track: Track<Value>, terms: OverlapRule): Date | undefined {
  if (track.phase !== 'trust-both' && track.phase !== 'overlap') return undefined;
  if (track.since === undefined || !shouldWait(track.phase, terms)) return undefined;
  return new Date(track.since.getTime() + terms.overlapMs);
}

/** Returns the phase to report for several tracks: the earliest of those in progress. */
export function findEarliestPhase(tracks: readonly Track<unknown>[]): RotationPhase {
  return ROTATION_PHASES.find((phase) => phase !== 'idle' && tracks.some((track) => track.phase === phase)) ?? 'idle';
}

function shouldWait(phase: 'trust-both' | 'overlap', { waitsIn }: OverlapRule): boolean {
  return waitsIn === 'both' || waitsIn === phase;
}

function isOver(track: Track<unknown>, terms: OverlapRule): boolean {
  const continuesAt = computeNextPhaseTime(track, terms);
  return continuesAt === undefined || terms.now.getTime() >= continuesAt.getTime();
}

/**
 * Returns the credentials that a server requires of its peers (`cluster.authorization`; undefined requires none), and
 * those that it presents to them in its route URLs. A server supports a single route user (nats-io/nats-server#3490),
 * so it cannot accept the old and the new one at the same time. During a rotation it therefore requires none, and the
 * route certificates still keep unknown peers out.
 */
export function decideRouteAuthorization<Credentials>(track: Track<Credentials>): {
  readonly accepted: Credentials | undefined;
  readonly presented: Credentials;
} {
  const presented = selectPresented(track);
  switch (track.phase) {
    case 'idle':
    case 'drop-old':
      return { accepted: presented, presented };
    case 'trust-both':
    case 'swap-leaves':
    case 'overlap':
      return { accepted: undefined, presented };
  }
}
