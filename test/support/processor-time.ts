import process from 'node:process';
import { hasCode } from '../../src/errors/action-error.ts';
import { adversarialTexts } from './adversarial-texts.ts';
import type { Door } from './text-doors.ts';

/**
 * The tolerance, because memory and caches of a shared machine are slower. Non-linear work exceeds a limit by far more.
 */
const SLACK = 3;

/**
 * The divisor of the length for the first measurement, and the factor by which cubic time grows from there to the
 * length.
 */
const PART = 4;
const CUBIC = PART ** 3;

/**
 * Returns the texts of about this many characters whose processor time exceeds the limit, in milliseconds. It does not
 * measure a text whose quarter is so fast that the whole text would keep the limit even in cubic time.
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
