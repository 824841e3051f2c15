import '../tools/node-version.js';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { certificates } from './certificates.ts';
import { deploy } from './deploy.ts';
import { noop } from './noop.ts';
import { requests } from './requests.ts';
import { rotation } from './rotation.ts';
import { machine, type Row, recordRows, tableOf } from './row.ts';
import { scale } from './scale.ts';
import { startup } from './startup.ts';

/** The benches that `npm run bench` runs; `npm run bench -- certificates` runs one of them. */
const BENCHES = { startup, certificates, deploy, noop, rotation, requests, scale } as const;

const { values, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: { chart: { type: 'string' }, rounds: { type: 'string', default: '5' } },
});
const unknown = wanted.find((name) => !Object.hasOwn(BENCHES, name));
const rounds = Number(values.rounds);
if (unknown !== undefined || !Number.isInteger(rounds) || rounds < 1) {
  const problem =
    unknown === undefined ? `--rounds ${values.rounds}: expected a positive number` : `unknown bench ${unknown}`;
  process.stderr.write(`${problem}; use ${Object.keys(BENCHES).join(', ')}, --rounds N and --chart PATH\n`);
  process.exit(2);
}

const rows: Row[] = [];
for (const [name, measure] of Object.entries(BENCHES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const on = machine();
  const measured = await measure({ chart: values.chart, rounds });
  await recordRows(name, on, measured);
  process.stdout.write(
    `${name}, on ${on.cores} cores with a load of ${on.load}, node ${on.node}\n${tableOf(measured)}\n`,
  );
  rows.push(...measured);
}
process.exitCode = rows.every(({ isMet }) => isMet) ? 0 : 1;
