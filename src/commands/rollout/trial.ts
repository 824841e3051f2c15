/** How the change reaches a server. */
export type Touch = 'reload' | 'restart';

/** Which server a change is tried on first, and whether that server holds it. One for each state that is applied. */
export type Trial = {
  /** Notes that the server in this pod is about to be reloaded or replaced; `wasSick`: that something ailed it before. */
  readonly touch: (pod: string, how: Touch, wasSick: boolean) => void;
  /** Returns every pod that was touched, in order. */
  readonly touched: () => readonly string[];
  /** Returns the pod that was touched first; undefined before. */
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
  let isHeld = false;
  let wasSick = false;
  let touch: Touch | undefined;
  let at = now();
  const first = (): string | undefined => [...touched][0];
  return {
    touch: (pod, how, isSick) => {
      if (touched.size === 0) wasSick = isSick;
      touched.add(pod);
      if (pod !== first()) return;
      touch = how;
      at = now();
    },
    how: () => touch,
    msAgo: () => now() - at,
    wasSick: () => wasSick,
    touched: () => [...touched],
    first,
    hold: () => {
      isHeld = first() !== undefined;
    },
    isHeld: () => isHeld,
  };
}
