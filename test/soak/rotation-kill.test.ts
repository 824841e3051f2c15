import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { PODS } from '../support/cluster-load.ts';
import { type InterruptedRotation, makeInterruptedRotation } from '../support/interrupted-rotation.ts';
import { startWritePoint } from '../support/write-point.ts';

/** `SOAK_SEED` repeats the orders and pods of an earlier run; `SOAK_CASES` limits the number of write points. */
const SEED = Number(process.env['SOAK_SEED'] ?? Date.now() % 1_000_000);
const CASES = Number(process.env['SOAK_CASES'] ?? 200);
const LIMIT_MS = 60 * 60_000;

describe(`a full rotation, seed ${SEED},`, () => {
  let rotation: InterruptedRotation;

  beforeAll(async () => {
    rotation = await makeInterruptedRotation();
  });

  afterAll(async () => {
    await rotation.remove();
  });

  const draws = fc.sample(
    fc.record({
      pod: fc.constantFrom(...PODS),
      /** Fractions in [0, 1) that select the write that passes next among the waiting writes. */
      order: fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 100, maxLength: 100 }),
    }),
    { numRuns: CASES, seed: SEED },
  );

  test(
    'lets a deleted pod rejoin after a kill after any single write, and the next command completes it',
    async () => {
      let isEnded = false;
      for (const [index, { pod, order }] of draws.entries()) {
        if (isEnded) break;
        const command = index % 2 === 0 ? 'deploy' : 'rotate';
        const { exitCode, writes } = await killedAfter(rotation, index + 1, order);
        isEnded = exitCode === 0;
        expect(exitCode).toBe(isEnded ? 0 : 137);
        const last = writes.at(-1) ?? '';
        process.stdout.write(
          `${isEnded ? 'ended by itself after' : 'killed after'} write ${writes.length} ${last}, ${pod} deleted, then ${command}\n`,
        );
        await rotation.rejoin(pod);
        await rotation.resume(command);
      }
    },
    LIMIT_MS,
  );
});

async function killedAfter({ space, rotate }: InterruptedRotation, last: number, order: readonly number[]) {
  const killer = new AbortController();
  const picks = order.values();
  const point = await startWritePoint(space, {
    last,
    pick: (waiting) => Math.floor((picks.next().value ?? 0) * waiting),
    onLast: () => killer.abort('SIGKILL'),
  });
  try {
    const { exitCode } = await rotate({ signal: killer.signal }, point.url);
    return { exitCode, writes: point.writes };
  } finally {
    await point.close();
  }
}
