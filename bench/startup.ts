import process from 'node:process';
import { timeProcess } from './process.ts';
import { figureOf, type Row, withinRatio } from './row.ts';

const ROUNDS = 21;
const MAX_RATIO = 4;

/**
 * Compares bad input → error with a Node process that does nothing. Rounds are interleaved, so that load affects both
 * equally.
 */
export async function startup(): Promise<readonly Row[]> {
  const empty: number[] = [];
  const refused: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    empty.push(timeProcess(process.execPath, ['-e', '0']).elapsedMs);
    const env = { INPUT_REPLICAS: 'three' };
    refused.push(timeProcess(process.execPath, ['dist/index.js'], { env, exitCode: 1 }).elapsedMs);
  }
  const [ours, reference] = [figureOf(refused), figureOf(empty)];
  return [
    {
      label: 'bad input → error',
      unit: 'ms',
      ours,
      reference: { label: 'empty node process', ...reference },
      ...withinRatio(ours, reference, MAX_RATIO),
    },
  ];
}
