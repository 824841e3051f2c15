import process from 'node:process';
import { afterAll, describe, expect, test } from '@jest/globals';
import { drawsOf } from '../chaos/random.ts';
import { ENTRANCES } from './trust/entrances.ts';
import { hostileText, longHostileText } from './trust/hostile-text.ts';
import { findFaults } from './trust/output-faults.ts';
import { makeScene } from './trust/scene.ts';

/** `SOAK_SEED` is the seed of the first text; with `SOAK_CASES=1` it repeats only that text, at every entrance. */
const SEED = Number(process.env['SOAK_SEED'] ?? Date.now() % 900_000);
const CASES = Number(process.env['SOAK_CASES'] ?? 210_000);

const PLAIN = ['the name of a preview', 'the output of a library', 'titles and annotations', 'an output'];

/** The long texts: their number among a thousand texts, their length, and the limit for the time to process one. */
const LONG = [
  { of: 1, length: 2 ** 20, mostMs: 1000 },
  { of: 10, length: 2 ** 16, mostMs: 100 },
] as const;

/** The share of texts for each entrance. It is larger for entrances without a document, because they are faster. */
const SHARES = Object.keys(ENTRANCES).map((name) => [name, PLAIN.includes(name) ? 3 : 1] as const);
const ALL_SHARES = SHARES.reduce((sum, [, share]) => sum + share, 0);

describe(`an untrusted text, from seed ${SEED},`, () => {
  const scene = makeScene();
  process.stdout.write(`seed ${SEED}\n`);
  afterAll(() => scene.remove());

  test.each(SHARES)(
    'injects no command or Markdown, leaks no secret and causes no delay as %s',
    async (name, share) => {
      const each = Math.ceil((CASES * share) / ALL_SHARES);
      const faults: string[] = [];
      let slowest = 0;
      for (let seed = SEED; seed < SEED + each; seed += 1) {
        const draw = drawsOf(seed);
        const size = LONG.find(({ of }) => draw.chance(of / 1000));
        const text = size === undefined ? hostileText(draw) : longHostileText(draw, size.length);
        scene.take();
        ENTRANCES[name]?.(text, scene.runner, draw);
        const left = scene.take();
        const mostMs = size?.mostMs ?? 100;
        slowest = Math.max(slowest, left.cpuMs / mostMs);
        const slow = left.cpuMs <= mostMs ? [] : [`${Math.round(left.cpuMs)} ms for ${text.length} characters`];
        for (const fault of [...slow, ...(await findFaults(left))]) faults.push(`seed ${seed}: ${fault}`);
        if (faults.length > 20) break;
      }
      process.stdout.write(
        `${name}: ${each} texts, ${faults.length} faults, slowest ${Math.round(slowest * 100)} % of its limit\n`,
      );
      expect(faults.slice(0, 20)).toEqual([]);
    },
    4 * 3_600_000,
  );
});
