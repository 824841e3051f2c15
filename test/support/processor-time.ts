import process from 'node:process';
import { hasCode } from '../../src/errors.ts';
import { adversarialTexts } from './adversarial-texts.ts';
import type { Door } from './text-doors.ts';

/** A machine that others use too has slower memory and caches; what is not linear misses a limit by far more. */
const SLACK = 3;

/** Returns the texts of about this many characters that hold the processor for longer than the limit, in milliseconds. */
export function slowTexts(door: Door, length: number, limit: number): readonly string[] {
  for (const { text } of adversarialTexts(4096)) millisecondsOf(door, text);
  return adversarialTexts(length).flatMap(({ name, text }) => {
    const ms = leastOf(door, text, limit * SLACK);
    return ms > limit * SLACK ? [`${name}: ${ms.toFixed(0)} ms`] : [];
  });
}

/** The least of three, because a collection of garbage may come in between. */
function leastOf(door: Door, text: string, limit: number): number {
  let least = millisecondsOf(door, text);
  for (let again = 0; again < 2 && least > limit; again += 1) least = Math.min(least, millisecondsOf(door, text));
  return least;
}

/** Of this thread on the processor, because other processes take their time too. */
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
