import './node-version.js';
import { spawnSync } from 'node:child_process';
import process from 'node:process';

const ROUNDS = 21;
const MOST_RATIO = 4;

const ROWS = { startup } as const;

const wanted = process.argv.slice(2);
const rows = Object.entries(ROWS).filter(([name]) => wanted.length === 0 || wanted.includes(name));
if (rows.length === 0) {
  process.stderr.write(`rows are ${Object.keys(ROWS).join(', ')}\n`);
  process.exit(2);
}
const met = rows.map(([, measure]) => measure());
process.exitCode = met.every(Boolean) ? 0 : 1;

/** Bad input → error, beside a Node process that does nothing; rounds are interleaved, so that load hits both alike. */
function startup(): boolean {
  const empty: number[] = [];
  const refused: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    empty.push(elapsedMs(['-e', '0'], 0));
    refused.push(elapsedMs(['dist/index.js'], 1));
  }
  const ratio = median(refused) / median(empty);
  process.stdout.write(
    `startup: empty node ${median(empty).toFixed(0)} ms, bad input → error ${median(refused).toFixed(0)} ms ` +
      `(medians of ${ROUNDS}), ratio ${ratio.toFixed(1)}, target ≤ ${MOST_RATIO}: ${ratio <= MOST_RATIO ? 'met' : 'MISSED'}\n`,
  );
  return ratio <= MOST_RATIO;
}

function elapsedMs(argv: readonly string[], expectedExit: number): number {
  const env = { PATH: process.env.PATH, INPUT_REPLICAS: 'three' };
  const begun = performance.now();
  const { status } = spawnSync(process.execPath, argv, { env, stdio: 'ignore' });
  const ms = performance.now() - begun;
  if (status !== expectedExit)
    throw new Error(`${argv.join(' ')}: expected exit ${expectedExit}, got ${String(status)}`);
  return ms;
}

function median(values: readonly number[]): number {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
}
