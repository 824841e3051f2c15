import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import process from 'node:process';
import { expect } from '@jest/globals';
import type { ActionResult } from '../support/action.ts';
import type { TestDeployment } from '../support/deployment.ts';
import { annotationsOf } from '../support/failure.ts';
import { plain } from './results.ts';

/** One public case with the result of its test. */
type CaseResult = {
  readonly case: string;
  /** The title of the annotation, or `green`. */
  readonly code: string;
  /** The first line of the annotation, or the log line that concerns the case. */
  readonly message: string;
  /** The file of the test and its name. */
  readonly test: string;
};

export type PublicCase = {
  /** The name of the file; the table is sorted by it. */
  readonly slug: string;
  /** The situation in a few words, after the number of the case. */
  readonly title: string;
  /** The line of the log that informs the reader of a successful run; by default its last words. */
  readonly line?: RegExp;
};

const CASES = join(import.meta.dirname, 'cases');
const REPOSITORY = join(import.meta.dirname, '../..');
const LAST_WORDS = / after [\d.]+ s$/;

/** Records the result of the running test for the table of public cases, when RECORD_FAULTS asks for it. */
export async function recordCase(
  { slug, title, line = LAST_WORDS }: PublicCase,
  result: ActionResult,
  { space }: Pick<TestDeployment, 'space'>,
): Promise<void> {
  if (process.env.RECORD_FAULTS !== '1') return;
  const { testPath = '', currentTestName = '' } = expect.getState();
  const met: CaseResult = {
    case: title,
    ...readOutcome(result, line, space.name),
    test: `${relative(REPOSITORY, testPath)} › ${plain(currentTestName, space.name)}`,
  };
  await mkdir(CASES, { recursive: true });
  await writeFile(join(CASES, `${slug}.json`), `${JSON.stringify(met, undefined, 2)}\n`);
}

function readOutcome(result: ActionResult, line: RegExp, namespace: string): Pick<CaseResult, 'code' | 'message'> {
  const [error] = annotationsOf(result);
  const code = error?.title ?? (result.exitCode === 0 ? 'green' : 'red without a title');
  const text = (error && firstLine(error.text)) ?? result.stdout.split('\n').find((logLine) => line.test(logLine));
  if (text === undefined) throw new Error(`no line of the log is like ${line}:\n${result.stdout}`);
  const message = text.replace(/^::warning title=(.*?)::/, 'warning: ').split('%0A')[0] ?? '';
  return { code, message: withoutFolders(plain(message, namespace)) };
}

/** Returns the first line, with the next one if the first announces a list. */
function firstLine(text: string): string {
  const [first = '', next = ''] = text.split('\n');
  return first.endsWith(':') ? `${first} ${next.trim()}` : first;
}

/** Removes the temporary folders of a test, which differ in every run. */
function withoutFolders(text: string): string {
  return text.replaceAll(/\/tmp\/[\w-]+/g, 'FOLDER');
}
