import { readFile } from 'node:fs/promises';
import { buildDeployEnding } from '../src/report/ending.ts';
import { deployReport } from '../test/unit/support/deploy-report.ts';
import { withCommonInputs } from './inputs-document.ts';
import { between } from './marked-part.ts';
import { measuredDeployment, withMeasurements } from './measured-table.ts';

/** Returns README.md with its generated parts: the workflow to try, the log, the common inputs and the measurements. */
export async function renderReadme(): Promise<string> {
  const [readme = '', workflow = '', results = ''] = await Promise.all(
    ['README.md', '.github/workflows/try.yml', 'bench/results.json'].map((path) => readFile(path, 'utf8')),
  );
  const withWorkflow = between(readme, 'try.yml', `\`\`\`yaml\n${workflow}\`\`\``);
  const withLog = between(withWorkflow, 'log', `\`\`\`text\n${logText(results)}\`\`\``);
  return withMeasurements(withCommonInputs(withLog), results);
}

/** Returns the last lines of the log of a first deployment: the verdict, the measured time and the mesh. */
function logText(results: string): string {
  const report = deployReport(3);
  const { verdict, lines } = buildDeployEnding(report, new Date(0));
  const mesh = lines.slice(0, report.servers.length + 1);
  return [`${verdict}, after ${measuredDeployment(results)}`, ...mesh].map((line) => `${line}\n`).join('');
}
