import process from 'node:process';
import { hasCode } from '../../src/errors/action-error.ts';
import { adversarialTexts } from './adversarial-texts.ts';
import type { Door } from './text-doors.ts';

/** The tolerance: a shared machine has slower memory and caches, and non-linear work exceeds a limit by far more. */
const SLACK = 3;

/** The part of the length that is tried first, and the growth of the time from there if it were cubic. */
const PART = 4;
const CUBIC = PART ** 3;

/**
 * Returns the texts of about this many characters that use the processor for longer than the limit, in milliseconds. A
 * text is left out if a quarter of it is so fast that the whole would keep the limit even in cubic time.
 */
export function slowTexts(door: Door, length: number, limit: number): readonly string[] {
  for (const { text } of adversarialTexts(4096)) millisecondsOf(door, text);
  const parts = adversarialTexts(length / PART);
  return adversarialTexts(length).flatMap(({ name, text }, index) => {
    const part = parts[index]?.text ?? text;
    if (leastOf(door, part, limit / CUBIC) <= limit / CUBIC) return [];
    const ms = leastOf(door, text, limit * SLACK);
    return ms > limit * SLACK ? [`${name}: ${ms.toFixed(0)} ms`] : [];
  });
}

/** Returns the shortest of three times, because garbage collection may come in between. */
function leastOf(door: Door, text: string, limit: number): number {
  let least = millisecondsOf(door, text);
  for (let again = 0; again < 2 && least > limit; again += 1) least = Math.min(least, millisecondsOf(door, text));
  return least;
}

/** Returns the processor time of this thread, because other processes use the machine too. */
function millisecondsOf({ enter }: Door, text: string): number {
  const begun = process.threadCpuUsage();
  try {
    enter(text);
  } catch (error) {
    // A refusal is an answer; anything else is a defect.
    if (!hasCode(error, 'INPUT_INVALID')) throw error;
  }
  const { user, system } = process.threadCpuUsage(begun);
  return (user + system) / 1000;
}
