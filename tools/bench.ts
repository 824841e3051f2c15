import './node-version.js';
import process from 'node:process';
import { certificates } from './bench/certificates.ts';
import { rotation } from './bench/rotation.ts';
import { machine, type Row, recordRows, tableOf } from './bench/row.ts';
import { startup } from './bench/startup.ts';

/** What `npm run bench` measures; `npm run bench -- certificates` runs one of them. */
const BENCHES = { startup, certificates, rotation } as const;

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !Object.hasOwn(BENCHES, name));
if (unknown !== undefined) {
  process.stderr.write(`no bench is named ${unknown}; there are ${Object.keys(BENCHES).join(', ')}\n`);
  process.exit(2);
}

const rows: Row[] = [];
for (const [name, measure] of Object.entries(BENCHES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const on = machine();
  const measured = await measure();
  await recordRows(name, on, measured);
  process.stdout.write(
    `${name}, on ${on.cores} cores with a load of ${on.load}, node ${on.node}\n${tableOf(measured)}\n`,
  );
  rows.push(...measured);
}
process.exitCode = rows.every(({ isMet }) => isMet) ? 0 : 1;
