import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cell } from './table-cell.ts';

/** One public case with the result of its test; `recordCase` writes it with RECORD_FAULTS=1. */
type CaseResult = { readonly case: string; readonly code: string; readonly message: string; readonly test: string };

const CASES = 'test/faults/cases';

const HEADER = `## Public cases

Each row is a situation from public bug reports and published configurations. Its test makes it on a real Kubernetes, and runs the
built action. For a successful run, the row shows the line of the log that concerns the case. Several rows share a number if a
case has several steps. \`RECORD_FAULTS=1 npm test\` and \`RECORD_FAULTS=1 npm run nightly\` record them.
`;

/** Reads the recorded cases, in the order of their files. */
export async function readCases(): Promise<readonly CaseResult[]> {
  const files = (await readdir(CASES).catch(() => [])).filter((file) => file.endsWith('.json')).toSorted();
  return await Promise.all(
    files.map(async (file) => {
      const result: unknown = JSON.parse(await readFile(join(CASES, file), 'utf8'));
      if (!isCase(result)) throw new Error(`${file}: expected a recorded case`);
      return result;
    }),
  );
}

function isCase(value: unknown): value is CaseResult {
  if (typeof value !== 'object' || value === null) return false;
  const fields = new Map<string, unknown>(Object.entries(value));
  return ['case', 'code', 'message', 'test'].every((name) => typeof fields.get(name) === 'string');
}

/** Returns the section of docs/faults.md that lists public cases, or an empty text without a case. */
export function renderCasesSection(cases: readonly CaseResult[]): string {
  if (cases.length === 0) return '';
  const rows = cases.map(({ case: title, code, message, test }) => {
    const cells = [title, code === 'green' ? 'succeeds' : `\`${code}\``, message, test];
    return `| ${cells.map(cell).join(' | ')} |`;
  });
  const head = ['| Case | Outcome | Message | Test |', '| --- | --- | --- | --- |'];
  return `\n${HEADER}\n${[...head, ...rows].join('\n')}\n`;
}
