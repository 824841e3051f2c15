import './node-version.js';
import { readFile, writeFile } from 'node:fs/promises';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { changesDocument } from './changes-document.ts';
import { faultsDocument } from './faults-document.ts';
import { withMeasurements } from './measured-table.ts';
import { actionMetadata, actionTypes } from './metadata.ts';
import { performanceDocument } from './performance-document.ts';
import { permissionsDocument } from './permissions.ts';
import { withTables } from './readme-tables.ts';
import { recipeDocuments } from './recipes-documents.ts';
import { withRooms } from './rooms-table.ts';

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });

const generated = new Map([
  ['action.yml', actionMetadata()],
  ['action-types.yml', actionTypes()],
  ['docs/permissions.yaml', permissionsDocument()],
  ['docs/live-changes.md', changesDocument()],
  ['docs/faults.md', await faultsDocument()],
  ['docs/performance.md', await performanceDocument()],
  ['docs/architecture.md', withRooms(await readFile('docs/architecture.md', 'utf8'))],
  ['README.md', await readme()],
  ...(await recipeDocuments()),
]);
for (const [path, text] of generated) {
  if (!values.check) await writeFile(path, text);
  else if ((await readFile(path, 'utf8').catch(() => '')) !== text) {
    // A missing file differs as well.
    process.stderr.write(`${path} differs from the tables in src/inputs and src/manifests: run \`npm run generate\`\n`);
    process.exitCode = 1;
  }
}

async function readme(): Promise<string> {
  const text = withTables(await readFile('README.md', 'utf8'));
  return withMeasurements(text, await readFile('bench/results.json', 'utf8'));
}
