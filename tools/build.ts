import './node-version.js';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { buildBundle } from './bundle.ts';
import { bundleReport } from './bundle-report.ts';

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const { changed, files, metafile } = await buildBundle(process.cwd(), { write: !values.check });
process.stdout.write(bundleReport(metafile, files));
if (values.check && changed.length > 0) {
  process.stderr.write(`dist/ differs from a build of src/ (${changed.join(', ')}): run \`npm run build\`\n`);
  process.exitCode = 1;
}
