/** How the change reaches a server. */
export type Touch = 'reload' | 'restart';

/** Which server a change is tried on first, and whether that server holds it. One for each state that is applied. */
export type Trial = {
  /** Notes that the server in this pod is about to be reloaded or replaced; `wasSick`: that something ailed it before. */
  readonly touch: (pod: string, how: Touch, wasSick: boolean) => void;
  /** Returns every pod that was touched, in order. */
  readonly touched: () => readonly string[];
  /** Returns the pod that was touched first, of those that restart the first that did; undefined before. */
  readonly first: () => string | undefined;
  /** Returns how the first server was touched last; undefined before. */
  readonly how: () => Touch | undefined;
  /** Returns how long ago that was, in milliseconds. */
  readonly msAgo: () => number;
  /** Returns whether something ailed the first server before the change, which is then not the reason. */
  readonly wasSick: () => boolean;
  /** Notes that the first server was proved to hold the change. */
  readonly hold: () => void;
  /** Returns whether the first server was proved, so that others may follow. */
  readonly isHeld: () => boolean;
};

/** Begins a trial in which no server is touched yet. `now`: milliseconds, monotonic. */
export function createTrial(now: () => number): Trial {
  const touched = new Set<string>();
  let state: Tried | undefined;
  return {
    touch: (pod, how, isSick) => {
      touched.add(pod);
      // That servers take it by a reload does not show that they start with it.
      const isAnew = state === undefined || (how === 'restart' && state.isHeld && state.how === 'reload');
      if (isAnew) state = { pod, how, wasSick: isSick, isHeld: false, at: now() };
      else if (state?.pod === pod && !state.isHeld) state = { ...state, how, at: now() };
    },
    how: () => state?.how,
    msAgo: () => (state === undefined ? 0 : now() - state.at),
    wasSick: () => state?.wasSick ?? false,
    touched: () => [...touched],
    first: () => state?.pod,
    hold: () => {
      if (state !== undefined) state = { ...state, isHeld: true };
    },
    isHeld: () => state?.isHeld ?? false,
  };
}

type Tried = {
  readonly pod: string;
  readonly how: Touch;
  readonly wasSick: boolean;
  readonly isHeld: boolean;
  readonly at: number;
};
