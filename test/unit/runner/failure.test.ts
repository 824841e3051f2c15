import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ActionError } from '../../../src/errors/action-error.ts';
import { parseInputs } from '../../../src/inputs/parse.ts';
import { reportFailure } from '../../../src/runner/failure.ts';
import { createRunner } from '../../../src/runner/runner.ts';
import { recordedDoor } from '../../support/recorded-door.ts';

const SECRET = 'p@ss/w0rd 1';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'failure-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** Returns all output of a failed run. */
function readOutput(error: unknown, inputs: Readonly<Record<string, string>> = {}): string {
  const { door, take } = recordedDoor();
  door.hide({ text: SECRET, source: 'client-password' });
  take();
  const summary = join(folder, 'summary');
  const given = Object.entries(inputs).map(([name, text]) => [`INPUT_${name.toUpperCase()}`, text] as const);
  const environment = { RUNNER_TEMP: folder, GITHUB_STEP_SUMMARY: summary, ...Object.fromEntries(given) };
  const runner = createRunner(environment, new AbortController().signal, door);
  reportFailure(error, runner);
  const written = take();
  const report = /name=report::(.*)/.exec(written)?.[1] ?? '';
  return `${written}${readFileSync(summary, 'utf8')}${readFileSync(join(report, 'report.json'), 'utf8')}`;
}

test('a failure contains no secret in any part, whatever text it came from', () => {
  const text = `says ${SECRET}, ${encodeURIComponent(SECRET)} and ${Buffer.from(SECRET).toString('base64')}`;
  const problems = [{ object: `Secret/${SECRET}`, reason: 'Webhook', message: text }];
  const cause = new Error(text);
  const left = readOutput(new ActionError('APPLY_REJECTED', text, { hint: text, details: { problems }, cause }));
  expect(left).toContain('says ***');
  expect(left).not.toMatch(/p@ss|p@&#8203;ss|p%40ss|cEBzcy93/);
});

test('an input that contains the secret of another input is neither quoted nor corrected', () => {
  const inputs = { 'client-user': `app ${SECRET}`, 'client-password': SECRET, replicas: 'three' };
  let error: unknown;
  try {
    parseInputs(new Map(Object.entries(inputs)));
  } catch (thrown) {
    error = thrown;
  }
  const left = readOutput(error, inputs);
  expect(left).toContain('client-user: got a value that holds a secret, which is not shown here, expected at most 57');
  expect(left).toContain('replicas: got "three"');
  expect(left).not.toMatch(/p@ss|p_ss|w0rd/);
});
