import { setTimeout as delay } from 'node:timers/promises';

/** Repeats a question until it has an answer. Throws at the time limit. */
export async function eventually<Answer>(
  expectation: string,
  seconds: number,
  ask: () => Promise<Answer | undefined>,
): Promise<Answer> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) {
      return answer;
    }
    if (performance.now() > end) {
      throw new Error(`${expectation}: not within ${seconds} s`);
    }
    await delay(100);
  }
}
