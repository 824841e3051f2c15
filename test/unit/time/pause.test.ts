import { getActiveResourcesInfo } from 'node:process';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { pause } from '../../../src/time/pause.ts';

const DELAY_MS = 60_000;

/** Counts the timers that keep the process alive. */
const countTimers = (): number => getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

/** Returns the reason with which a pause ends; undefined if it ends by itself. */
const endOf = async (paused: Promise<void>): Promise<unknown> =>
  await paused.then(
    () => undefined,
    (reason: unknown) => reason,
  );

describe('a pause', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  test('ends after its time, and not before', async () => {
    let isOver = false;
    const paused = pause(DELAY_MS).then(() => {
      isOver = true;
    });
    await jest.advanceTimersByTimeAsync(DELAY_MS - 1);
    expect(isOver).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    await paused;
    expect(jest.getTimerCount()).toBe(0);
  });

  test('ends with the reason of its signal, and leaves no timer', async () => {
    const stop = new AbortController();
    const end = endOf(pause(DELAY_MS, stop.signal));
    expect(jest.getTimerCount()).toBe(1);
    stop.abort('cancelled');
    expect(await end).toBe('cancelled');
    expect(jest.getTimerCount()).toBe(0);
  });

  test('does not begin if its signal is already aborted', async () => {
    expect(await endOf(pause(DELAY_MS, AbortSignal.abort('cancelled')))).toBe('cancelled');
    expect(jest.getTimerCount()).toBe(0);
  });

  test('is not affected by a signal that is aborted after its end', async () => {
    const stop = new AbortController();
    const removed = jest.spyOn(stop.signal, 'removeEventListener');
    const end = endOf(pause(DELAY_MS, stop.signal));
    await jest.advanceTimersByTimeAsync(DELAY_MS);
    expect(await end).toBeUndefined();
    expect(removed).toHaveBeenCalledWith('abort', expect.any(Function));
    stop.abort('cancelled');
  });
});

test.each([
  ['keeps the process alive unless the caller says otherwise', {}, 1],
  ['keeps the process alive if the caller asks for it', { keepsAlive: true }, 1],
  ['lets the process end if the caller asks for it', { keepsAlive: false }, 0],
])('a pause %s', async (_, options, more) => {
  const before = countTimers();
  const stop = new AbortController();
  const end = endOf(pause(DELAY_MS, stop.signal, options));
  expect(countTimers() - before).toBe(more);
  stop.abort('enough');
  expect(await end).toBe('enough');
});
