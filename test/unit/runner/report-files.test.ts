import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { appendSummary, writeReportFiles } from '../../../src/runner/report-files.ts';

let root = '';
let warnings: string[] = [];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'report-files-'));
  warnings = [];
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const door = {
  redact: (text: string) => text.replaceAll('canary', '***'),
  redactMarkdown: (text: string) => text.replaceAll('canary', '(hidden)'),
  warning: (title: string) => void warnings.push(title),
};

describe('the folder of a report', () => {
  test.each(['..', '../x', '.', '', 'a/../..', '/x'])('has no file outside of it: %p', (name) => {
    expect(writeReportFiles({ RUNNER_TEMP: root }, [{ name, text: 'x' }], door)).toBeUndefined();
    expect(warnings).toEqual(['Report']);
    expect(readdirSync(join(root, readdirSync(root)[0] ?? ''))).toEqual([]);
  });

  test.each(['a', 'a/b', '..a', '..a/b', 'a/../b'])('may have a file in it: %p', (name) => {
    const folder = writeReportFiles({ RUNNER_TEMP: root }, [{ name, text: 'x' }], door) ?? '';
    expect(readFileSync(join(folder, name), 'utf8')).toBe('x');
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(warnings).toEqual([]);
  });

  test('has each file once', () => {
    const file = { name: 'a', text: 'x' };
    expect(writeReportFiles({ RUNNER_TEMP: root }, [file, file], door)).toBeUndefined();
    expect(warnings).toEqual(['Report']);
  });

  test.each([
    ['report.json', '{"canary": ["a canary", 1, null, true]}', { '***': ['a ***', 1, null, true] }],
    ['report.json', '["canary"]', ['***']],
  ])('has no secret in the values and keys of %s, which stays JSON: %s', (name, text, value) => {
    const folder = writeReportFiles({ RUNNER_TEMP: root }, [{ name, text }], door) ?? '';
    expect(JSON.parse(readFileSync(join(folder, name), 'utf8'))).toEqual(value);
  });

  test.each([
    ['mesh.md', '(hidden)'],
    ['nats-0.log', '***'],
  ])('has no secret in %s', (name, text) => {
    const folder = writeReportFiles({ RUNNER_TEMP: root }, [{ name, text: 'canary' }], door) ?? '';
    expect(readFileSync(join(folder, name), 'utf8')).toBe(text);
  });
});

describe('the job summary', () => {
  test('is appended without secrets', () => {
    const environment = { GITHUB_STEP_SUMMARY: join(root, 'summary') };
    for (const text of ['one canary', 'two']) appendSummary(environment, text, door);
    expect(readFileSync(environment.GITHUB_STEP_SUMMARY, 'utf8')).toBe('one (hidden)\ntwo\n');
  });

  test('has at most the size that the runner shows', () => {
    const environment = { GITHUB_STEP_SUMMARY: join(root, 'summary') };
    appendSummary(environment, 'x\n'.repeat(2 ** 20), door);
    expect(statSync(environment.GITHUB_STEP_SUMMARY).size).toBeLessThanOrEqual(2 ** 20);
    expect(statSync(environment.GITHUB_STEP_SUMMARY).size).toBeGreaterThan(2 ** 20 - 100);
  });

  test.each([
    ['is left out with a warning if it cannot be written', { GITHUB_STEP_SUMMARY: '/dev/null/summary' }, ['Summary']],
    ['is left out if the runner names no file', { GITHUB_STEP_SUMMARY: '' }, []],
  ])('%s', (_, environment, expected) => {
    appendSummary(environment, 'x', door);
    expect(warnings).toEqual(expected);
  });
});
