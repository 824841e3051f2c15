import './node-version.js';
import { readFile, writeFile } from 'node:fs/promises';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { renderChangesDocument } from './changes-document.ts';
import { renderConnectDocument } from './connect-document.ts';
import { renderErrorsDocument } from './errors-document.ts';
import { renderFaultsDocument } from './faults-document.ts';
import { renderInputsDocument } from './inputs-document.ts';
import { actionMetadata, actionTypes } from './metadata.ts';
import { renderOutputsDocument } from './outputs-document.ts';
import { renderPerformanceDocument } from './performance-document.ts';
import { renderPermissionsDocument } from './permissions.ts';
import { renderReadme } from './readme.ts';
import { renderRecipeDocuments } from './recipes-documents.ts';
import { withRooms } from './rooms-table.ts';

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });

const generated = new Map([
  ['action.yml', actionMetadata()],
  ['action-types.yml', actionTypes()],
  ['docs/connect.md', renderConnectDocument()],
  ['docs/inputs.md', renderInputsDocument()],
  ['docs/outputs.md', renderOutputsDocument()],
  ['docs/errors.md', await renderErrorsDocument()],
  ['docs/permissions.yaml', renderPermissionsDocument()],
  ['docs/live-changes.md', renderChangesDocument()],
  ['docs/faults.md', await renderFaultsDocument()],
  ['docs/performance.md', await renderPerformanceDocument()],
  ['docs/architecture.md', withRooms(await readFile('docs/architecture.md', 'utf8'))],
  ['README.md', await renderReadme()],
  ...(await renderRecipeDocuments()),
]);
for (const [path, text] of generated) {
  if (!values.check) await writeFile(path, text);
  else if ((await readFile(path, 'utf8').catch(() => '')) !== text) {
    // A missing file differs as well.
    process.stderr.write(`${path} differs from the tables in src/inputs and src/manifests: run \`npm run generate\`\n`);
    process.exitCode = 1;
  }
}
