import './node-version.js';
import { readFile, writeFile } from 'node:fs/promises';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { changesDocument } from './changes-document.ts';
import { connectDocument } from './connect-document.ts';
import { errorsDocument } from './errors-document.ts';
import { faultsDocument } from './faults-document.ts';
import { inputsDocument } from './inputs-document.ts';
import { actionMetadata, actionTypes } from './metadata.ts';
import { outputsDocument } from './outputs-document.ts';
import { performanceDocument } from './performance-document.ts';
import { permissionsDocument } from './permissions.ts';
import { readmeDocument } from './readme.ts';
import { recipeDocuments } from './recipes-documents.ts';
import { withRooms } from './rooms-table.ts';

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });

const generated = new Map([
  ['action.yml', actionMetadata()],
  ['action-types.yml', actionTypes()],
  ['docs/connect.md', connectDocument()],
  ['docs/inputs.md', inputsDocument()],
  ['docs/outputs.md', outputsDocument()],
  ['docs/errors.md', await errorsDocument()],
  ['docs/permissions.yaml', permissionsDocument()],
  ['docs/live-changes.md', changesDocument()],
  ['docs/faults.md', await faultsDocument()],
  ['docs/performance.md', await performanceDocument()],
  ['docs/architecture.md', withRooms(await readFile('docs/architecture.md', 'utf8'))],
  ['README.md', await readmeDocument()],
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
