import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ActionError, type InputViolation } from '../../../src/errors/action-error.ts';
import { createInputError } from '../../../src/inputs/grammar/violations.ts';
import type { RunResult } from '../../../src/report/ending.ts';
import { renderEnding, reportFailure, toActionError } from '../../../src/runner/failure.ts';
import { createRunner, type Runner } from '../../../src/runner/runner.ts';
import { md } from '../../../src/text/markdown.ts';
import { recordedDoor } from '../../support/recorded-door.ts';
import { readAsRunner } from '../../support/runner-grammar.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reported-failure-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Reports the error and returns everything that the runner reads. */
function report(error: unknown, inputs: Readonly<Record<string, string>> = {}, prepare?: (runner: Runner) => void) {
  const { door, take } = recordedDoor();
  const given = Object.entries(inputs).map(([name, text]) => [`INPUT_${name.toUpperCase()}`, text] as const);
  const environment = {
    RUNNER_TEMP: folder,
    GITHUB_STEP_SUMMARY: join(folder, 'summary'),
    ...Object.fromEntries(given),
  };
  const runner = createRunner(environment, new AbortController().signal, door);
  prepare?.(runner);
  reportFailure(error, runner);
  return readAsRunner(take());
}

const cancelled = new ActionError('CANCELLED', 'the run was cancelled', {
  hint: 'again',
  details: { signal: 'SIGINT' },
});
const internal = toActionError(new RangeError('too far'));

describe('the outputs of a failed run', () => {
  test.each([
    ['name a cancelled run', cancelled, 'cancelled', 'CANCELLED'],
    ['name a failed run', internal, 'failed', 'INTERNAL'],
    ['name a defect if no error was thrown', 'text', 'failed', 'INTERNAL'],
  ])('%s', (_, error, result, code) => {
    const { outputs } = report(error);
    expect(outputs).toMatchObject({ result, 'error-code': code });
    expect(outputs).not.toHaveProperty('error-reason');
  });

  test('contain the reason if there is one', () => {
    const refused = { reason: 'Webhook', hint: 'h', details: { problems: [] } };
    const { outputs } = report(new ActionError('APPLY_REJECTED', 'm', refused));
    expect(outputs['error-reason']).toBe('Webhook');
  });
});

describe('the report of a failed run', () => {
  test.each([
    ['is written', undefined, true],
    ['is not written again', (runner: Runner) => void runner.writeReport([]), false],
  ])('%s', (_, prepare, isWritten) => {
    expect('report' in report(internal, {}, prepare).outputs).toBe(isWritten);
    expect(existsSync(join(folder, 'summary'))).toBe(isWritten);
  });

  test('has no summary if none is wanted', () => {
    report(internal, { summary: 'false' });
    expect(existsSync(join(folder, 'summary'))).toBe(false);
    expect(readdirSync(folder)).toHaveLength(1);
  });
});

describe('the annotation of a fault in a configuration file', () => {
  const violation = (overrides: Partial<InputViolation> = {}): InputViolation => ({
    input: 'config-file',
    message: 'has a fault',
    correction: 'config-file: nats.conf',
    ...overrides,
  });
  const at = (file: string) => ({ file, line: 3, column: 5 });
  test.each<[string, readonly InputViolation[], Readonly<Record<string, string>>, string | undefined]>([
    ['is at the file', [violation({ at: at('a/nats.conf') })], { 'config-file': ' a/nats.conf ' }, 'a/nats.conf'],
    ['is at an included file', [violation({ at: at('b.conf') })], { 'config-file': 'a/nats.conf' }, 'a/b.conf'],
    [
      'is at the first fault of the file',
      [violation({ input: 'users', at: at('users') }), violation({ at: at('b.conf') })],
      { 'config-file': 'nats.conf' },
      'b.conf',
    ],
    ['has no place without a file', [violation({ at: at('b.conf') })], {}, undefined],
    ['has no place with an empty name', [violation({ at: at('b.conf') })], { 'config-file': ' ' }, undefined],
    ['has no place if the fault is elsewhere', [violation({ input: 'users' })], { 'config-file': 'a' }, undefined],
  ])('%s', (_, violations, inputs, file) => {
    const { commands } = report(createInputError(violations), inputs);
    const place = file === undefined ? {} : { file, line: '3', col: '5' };
    const { title, ...rest } = commands.find(({ name }) => name === 'error')?.properties ?? {};
    expect(title).not.toBeUndefined();
    expect(rest).toEqual(place);
  });

  test('has no place for another failure', () => {
    const { commands } = report(internal, { 'config-file': 'a' });
    expect(commands.find(({ name }) => name === 'error')?.properties).not.toHaveProperty('file');
  });
});

describe('the ending of a report', () => {
  const endingOf = ({ text }: { readonly text: string }): RunResult => ({
    verdict: text,
    lines: [],
    outputs: [['url', text]],
    summary: md`${text}`,
    json: '{}',
  });
  test.each([
    ['is unchanged without a secret', (text: string) => text, 'canary'],
    ['has its secrets in outputs only', (text: string) => text.replace('canary', '***'), '***'],
  ])('%s', (_, redact, verdict) => {
    const ending = renderEnding({ text: 'canary' }, endingOf, { redact });
    expect(ending).toMatchObject({ verdict, outputs: [['url', 'canary']] });
  });
});
