import { readdir, readFile } from 'node:fs/promises';
import { connectCluster } from './running.ts';

const LINES = 200;

/** Prints the end of one program's log, or the names of all. */
export async function printLogs(name: string, program: string | undefined): Promise<number> {
  const { layout, supervisor } = await connectCluster(name);
  supervisor.close();
  if (program === undefined) {
    for (const file of (await readdir(layout.file('log'))).sort()) {
      process.stdout.write(`${layout.file('log', file)}\n`);
    }
    return 0;
  }
  const content = await readFile(layout.log(program), 'utf8');
  process.stdout.write(`${content.trimEnd().split('\n').slice(-LINES).join('\n')}\n`);
  return 0;
}
