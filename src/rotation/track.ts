/** The phases of a rotation in their order; `idle` before and after. A rotation never goes back. */
export const ROTATION_PHASES = ['idle', 'trust-both', 'swap-leaves', 'overlap', 'drop-old'] as const;

export type RotationPhase = (typeof ROTATION_PHASES)[number];

/**
 * The progress of a replacement of one value that two sides must agree on (a CA, a user). It is stored with the
 * objects, so that the next run can continue.
 */
export type Track<Value> =
  | { readonly phase: 'idle'; readonly current: Value }
  /**
   * The next value is accepted, but not presented yet. `since` is the time since which every server was verified to
   * accept it and it is published: clients that have to follow before the change cannot do so earlier, and the run that
   * began may have died before it published the value.
   */
  | { readonly phase: 'trust-both'; readonly current: Value; readonly next: Value; readonly since: Date | undefined }
  | { readonly phase: 'swap-leaves'; readonly current: Value; readonly previous: Value }
  /**
   * `since` is the time since which every server presents the new value; clients that still use the old one have time
   * to follow.
   */
  | { readonly phase: 'overlap'; readonly current: Value; readonly previous: Value; readonly since: Date }
  | { readonly phase: 'drop-old'; readonly current: Value; readonly previous: Value };

export type OverlapRule = {
  readonly now: Date;
  /**
   * The time for clients of the old value to follow, in milliseconds; 0 for values that only the servers themselves
   * use.
   */
  readonly overlapMs: number;
  /**
   * The phase that waits. `overlap`: a client that knows only the old value can still verify the new one, so it gets
   * the time after the change. `trust-both`: the client cannot verify it, so it gets the time before the change.
   * `both`: the client cannot verify it, and its own certificate is from the old CA, which it can replace only after
   * the change.
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

/** Returns the time when a waiting track continues; undefined for a track that does not wait, or has not started to. */
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
  const goesOn = computeNextPhaseTime(track, terms);
  return goesOn === undefined || terms.now.getTime() >= goesOn.getTime();
}

/**
 * Returns the credentials that a server requires of its peers (`cluster.authorization`; undefined requires none), and
 * those that it presents to them in its route URLs. A server supports a single route user (nats-io/nats-server#3490),
 * so it cannot accept two at a time as other tracks do. Instead it accepts every peer in between: the route
 * certificates still keep unknown peers out.
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
