/** The phases of a rotation in their order; `idle` before and after. They only ever roll forward. */
export const ROTATION_PHASES = ['idle', 'trust-both', 'swap-leaves', 'overlap', 'drop-old'] as const;

export type RotationPhase = (typeof ROTATION_PHASES)[number];

/**
 * How far one thing that two sides must agree on (an authority, a user) has got in being replaced. It is kept with
 * the objects, so that whichever run comes next goes on from it.
 */
export type Track<Value> =
  | { readonly phase: 'idle'; readonly current: Value }
  /**
   * Accepted, presented nowhere yet. `since` every server was proved to accept it and it is published: those who have
   * to follow before the change cannot do so earlier, and the run that began may have died before it published.
   */
  | { readonly phase: 'trust-both'; readonly current: Value; readonly next: Value; readonly since: Date | undefined }
  | { readonly phase: 'swap-leaves'; readonly current: Value; readonly previous: Value }
  /** `since` every server presents the new one; those who still use the old one have time to follow. */
  | { readonly phase: 'overlap'; readonly current: Value; readonly previous: Value; readonly since: Date }
  | { readonly phase: 'drop-old'; readonly current: Value; readonly previous: Value };

export type OverlapTerms = {
  readonly now: Date;
  /** How long those who use the old one have to follow; 0 for what only the servers themselves use. */
  readonly overlapMs: number;
  /**
   * `overlap`: who knows only the old one can still verify the new one, so time is given after the change.
   * `trust-both`: he cannot, so he is given the time before it. `both`: he cannot, and what he was given himself (the
   * certificate of a client) is of the old one, which he can replace only after it.
   */
  readonly waitsIn: 'trust-both' | 'overlap' | 'both';
};

/** What is presented: signs, or signs in. */
export function presentedBy<Value>({ current }: Track<Value>): Value {
  return current;
}

/** What every server accepts, the presented one first. */
export function acceptedBy<Value>(track: Track<Value>): readonly Value[] {
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

/** Begins to replace what is current. A rotation under way is to be finished first, so it stays as it is. */
export function begun<Value>(track: Track<Value>, next: Value): Track<Value> {
  return track.phase === 'idle' ? { phase: 'trust-both', current: track.current, next, since: undefined } : track;
}

/**
 * What follows, to be entered only when every server was proved to be where the track is: the next phase, or the
 * beginning of a wait. The same track when there is nothing to do but to wait, or nothing at all.
 */
export function advanced<Value>(track: Track<Value>, terms: OverlapTerms): Track<Value> {
  switch (track.phase) {
    case 'idle':
      return track;
    case 'trust-both':
      if (waits(track.phase, terms) && track.since === undefined) return { ...track, since: terms.now };
      return isOver(track, terms) ? { phase: 'swap-leaves', current: track.next, previous: track.current } : track;
    case 'swap-leaves':
      return { ...track, phase: 'overlap', since: terms.now };
    case 'overlap':
      return isOver(track, terms) ? { phase: 'drop-old', current: track.current, previous: track.previous } : track;
    case 'drop-old':
      return { phase: 'idle', current: track.current };
  }
}

/** When a track that waits goes on; undefined for one that does not wait, or has not begun to. */
export function goesOnAt<Value>(track: Track<Value>, terms: OverlapTerms): Date | undefined {
  if (track.phase !== 'trust-both' && track.phase !== 'overlap') return undefined;
  if (track.since === undefined || !waits(track.phase, terms)) return undefined;
  return new Date(track.since.getTime() + terms.overlapMs);
}

/** The phase to report for several tracks: the earliest of those under way. */
export function phaseOf(tracks: readonly Track<unknown>[]): RotationPhase {
  return ROTATION_PHASES.find((phase) => phase !== 'idle' && tracks.some((track) => track.phase === phase)) ?? 'idle';
}

function waits(phase: 'trust-both' | 'overlap', { waitsIn }: OverlapTerms): boolean {
  return waitsIn === 'both' || waitsIn === phase;
}

function isOver(track: Track<unknown>, terms: OverlapTerms): boolean {
  const goesOn = goesOnAt(track, terms);
  return goesOn === undefined || terms.now.getTime() >= goesOn.getTime();
}
