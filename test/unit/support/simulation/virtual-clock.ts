import { setImmediate as turn } from 'node:timers/promises';
import { jest } from '@jest/globals';

/** The longest time that one piece of work may take, in milliseconds of the virtual clock. */
const LIMIT_MS = 30 * 60_000;

/**
 * The number of turns of the event loop without activity after which the clock jumps to the next timer. A step of a TLS
 * handshake in memory takes one turn.
 */
const QUIET_TURNS = 4;

/**
 * The time by which the virtual clock is behind the real one. The action issues certificates by the virtual clock, and
 * OpenSSL checks them by the real clock: with this lead, hours of virtual time can pass before a new certificate would
 * begin in the real future.
 */
const LEAD_MS = 6 * 60 * 60_000;

/**
 * A clock that jumps from one timer to the next, as soon as nothing else happens. It replaces the timers, `Date`,
 * `performance.now` and `AbortSignal.timeout` of the global object; the event loop itself stays real.
 */
export class VirtualClock {
  #activity = 0;

  /** Replaces the clock. `uninstall` restores it. */
  constructor() {
    jest.useFakeTimers({
      now: Date.now() - LEAD_MS,
      doNotFake: ['nextTick', 'setImmediate', 'clearImmediate', 'queueMicrotask'],
    });
    jest.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
      const limit = new AbortController();
      setTimeout(() => limit.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError')), ms);
      return limit.signal;
    });
  }

  uninstall(): void {
    jest.clearAllTimers();
    jest.useRealTimers();
    jest.restoreAllMocks();
  }

  /** Returns the milliseconds since the clock was installed. */
  now(): number {
    return performance.now();
  }

  /** Records that something happened in this turn of the event loop, for example that bytes moved. */
  noteActivity(): void {
    this.#activity += 1;
  }

  async pass(ms: number): Promise<void> {
    this.noteActivity();
    await new Promise<void>((resolve) => {
      setTimeout(resolve, ms);
    });
    this.noteActivity();
  }

  /**
   * Lets time pass until `work` ends, and returns its result.
   * @throws the error of `work`; an error when nothing is left to happen, or when the work does not end
   */
  async run<Result>(work: Promise<Result>): Promise<Result> {
    let isSettled = false;
    const settle = (): void => {
      isSettled = true;
    };
    work.then(settle, settle);
    const endsAt = this.now() + LIMIT_MS;
    for (;;) {
      await this.#quiet();
      if (isSettled) return await work;
      if (jest.getTimerCount() === 0) throw new Error('the work waits, and nothing is left to happen');
      if (this.now() > endsAt) throw new Error(`the work did not end within ${LIMIT_MS / 60_000} minutes`);
      jest.advanceTimersToNextTimer();
    }
  }

  async #quiet(): Promise<void> {
    for (let idle = 0; idle < QUIET_TURNS; ) {
      const before = this.#activity;
      await turn();
      idle = this.#activity === before ? idle + 1 : 0;
    }
  }
}
