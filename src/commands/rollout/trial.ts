/** The way in which a change reaches a server. */
export type Touch = 'reload' | 'restart';

/**
 * The server on which a change is tried first, and whether that server works with it. Each applied state has its own
 * trial.
 */
export type Trial = {
  /**
   * Records that the server in this pod is about to be reloaded or replaced. `wasSick`: whether it had a problem
   * before.
   */
  readonly touch: (pod: string, how: Touch, wasSick: boolean) => void;
  /** Returns every pod that was touched, in order. */
  readonly touched: () => readonly string[];
  /**
   * Returns the pod that was touched first; after verified reloads, the pod that was restarted first; undefined before.
   */
  readonly first: () => string | undefined;
  /** Returns how the first server was last touched; undefined before. */
  readonly how: () => Touch | undefined;
  /** Returns the milliseconds since the first server was last touched; 0 before. */
  readonly msAgo: () => number;
  /** Returns whether the first server had a problem before the change, which is then not the cause. */
  readonly wasSick: () => boolean;
  /** Records that the first server is verified to work with the change. */
  readonly hold: () => void;
  /** Returns whether the first server is verified, so that others may follow. */
  readonly isHeld: () => boolean;
};

/** Starts a trial in which no server is touched yet. `now`: milliseconds, monotonic. */
export function createTrial(now: () => number): Trial {
  const touched = new Set<string>();
  let state: Tried | undefined;
  return {
    touch: (pod, how, isSick) => {
      touched.add(pod);
      // A successful reload does not show that servers also start with the change.
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
