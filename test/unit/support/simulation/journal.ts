import type { VirtualClock } from './virtual-clock.ts';

/** One event, with the time of the virtual clock in milliseconds. */
export type Entry = {
  readonly atMs: number;
  /**
   * The kind. `write`: a client changed an object. `delete-pod`: the StatefulSet controller deleted a pod. `start`,
   * `leave`, `stop` and `reload`: a server did so. `join`: two servers connected to each other. `ready`: a pod became
   * Ready.
   */
  readonly kind: 'write' | 'delete-pod' | 'start' | 'leave' | 'stop' | 'reload' | 'join' | 'ready';
  /** The object or the pod, for example `StatefulSet/nats` or `nats-0`. */
  readonly subject: string;
  /** The verb of a write, or the revision tag that a server runs afterwards. */
  readonly detail: string;
};

/** All events of the simulated cluster, in order. */
export class Journal {
  readonly #clock: VirtualClock;
  readonly #entries: Entry[] = [];

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  add(kind: Entry['kind'], subject: string, detail = ''): void {
    this.#entries.push({ atMs: Math.round(this.#clock.now()), kind, subject, detail });
    this.#clock.noteActivity();
  }

  /** Returns the entries of these kinds from the entry at `from` on. */
  entries(kinds: readonly Entry['kind'][], from = 0): readonly Entry[] {
    return this.#entries.slice(from).filter(({ kind }) => kinds.includes(kind));
  }

  /** Returns the same entries in words, as `leave nats-2`. */
  words(kinds: readonly Entry['kind'][], from = 0): readonly string[] {
    return this.entries(kinds, from).map(({ kind, subject }) => `${kind} ${subject}`);
  }

  /** Returns the number of entries so far, which is the index of the next entry. */
  get length(): number {
    return this.#entries.length;
  }
}
