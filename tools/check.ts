import './node-version.js';
import process from 'node:process';
import { runStage } from './stage.ts';

/** The stages of `npm run check`; `npm run check -- lint` runs one of them. */
const STAGES = [
  { name: 'types', argv: ['node_modules/typescript/bin/tsc', '--noEmit', '-p', '.'] },
  { name: 'lint', argv: ['node_modules/oxlint/bin/oxlint', '--type-aware', '--deny-warnings', '.'] },
  { name: 'format', argv: ['node_modules/@biomejs/biome/bin/biome', 'ci', '--colors=off', '.'] },
  { name: 'unused', argv: ['node_modules/knip/bin/knip.js', '--no-progress'] },
  { name: 'structure', argv: ['tools/check-structure.ts'] },
  { name: 'language', argv: ['tools/check-language.ts'] },
  { name: 'regexes', argv: ['tools/check-regexes.ts'] },
  { name: 'generated', argv: ['tools/generate.ts', '--check'] },
] as const;

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !STAGES.some((stage) => stage.name === name));
if (unknown !== undefined) {
  process.stderr.write(`unknown check ${unknown}; use ${STAGES.map(({ name }) => name).join(', ')}\n`);
  process.exit(2);
}

const stages = STAGES.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
let failed = 0;
for (const { name, argv } of stages) {
  const { exitCode, output, seconds } = await runStage(name, argv);
  process.stdout.write(`${exitCode === 0 ? 'passed' : 'FAILED'}  ${name.padEnd(10)} ${seconds.toFixed(1)} s\n`);
  if (exitCode === 0) continue;
  failed += 1;
  process.stdout.write(`${output.trimEnd()}\n`);
}
process.stdout.write(`check: ${stages.length - failed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
