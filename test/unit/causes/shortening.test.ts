import { describe, expect, test } from '@jest/globals';
import { type ObservedState, renderCauseLines, renderDiagnosisFiles } from '../../../src/causes/bundle.ts';
import { type Cause, shorten } from '../../../src/causes/facts.ts';
import { renderDiagnosis } from '../../../src/causes/markdown.ts';
import { container, event, factsWith, log, pod, terminated } from '../support/facts.ts';

const NOBODY: ObservedState = { servers: [], pairs: [], certificates: [] };
const MESH: ObservedState = {
  ...NOBODY,
  servers: ['nats-0'],
  pairs: [{ from: 'nats-0', to: 'nats-1', connections: 4 }],
};

const cause: Cause = {
  code: 'ROLLOUT_STALLED',
  reason: 'Evicted',
  object: 'Pod/nats-1',
  message: 'pod nats-1 was evicted',
  evidence: ['nats-1: the-evidence'],
  hint: 'add nodes',
  fatal: false,
  patienceMs: 0,
};

describe('a line of evidence', () => {
  test.each([
    ['is whole up to its limit', 700, 'x'.repeat(700)],
    ['is shortened to its limit', 701, `${'x'.repeat(699)}…`],
  ])('%s', (_, length, text) => {
    expect(shorten('x'.repeat(length))).toBe(text);
  });

  test('is one line', () => {
    expect(shorten(' a\n\tb  c\n')).toBe('a b c');
  });
});

describe('a line of a log in the summary', () => {
  test.each([
    ['is whole up to its limit', 300, 'x'.repeat(300)],
    ['is shortened to its limit', 301, `${'x'.repeat(299)}…`],
  ])('%s', (_, length, text) => {
    const { rest } = renderDiagnosis(factsWith([], { logs: [log('nats-1', ['x'.repeat(length)])] }), [], NOBODY);
    expect(/x+…?/.exec(rest.text)?.[0]).toBe(text);
  });
});

describe('a part of the summary', () => {
  const mark = '- not read: ';
  const failureOf = (chars: number): string => 'x'.repeat(chars - `${mark}\n`.length);
  test.each([
    ['is shown up to the limit of the summary', 8000, 13],
    ['is left out beyond the limit', 8001, 12],
  ])('%s', (_, chars, count) => {
    const unread = [...Array.from({ length: 12 }, () => failureOf(16_000)), failureOf(chars)];
    const { rest } = renderDiagnosis(factsWith([], { unread }), [], NOBODY);
    expect(rest.text.split(mark)).toHaveLength(count + 1);
    expect(rest.text).toContain('left out');
  });

  test.each([
    ['is empty without the answer of a server', NOBODY, true],
    ['is shown with the answer of a server', MESH, false],
  ])('about the mesh %s', (_, observed, isEmpty) => {
    expect(renderDiagnosis(factsWith([]), [], observed).mesh.isEmpty).toBe(isEmpty);
  });
});

describe('the root cause in the summary', () => {
  test('has its evidence, if there is any', () => {
    const [some, none] = [cause, { ...cause, evidence: [] }].map(
      (root) => renderDiagnosis(factsWith([]), [root], NOBODY).root.text,
    );
    expect(some).toContain('the-evidence');
    expect(none).not.toContain('<pre>');
    expect(none).not.toContain('```');
  });

  test.each([
    ['is not repeated if the message names it', 'Pod/nats-1', false],
    ['follows the reason if the message does not name it', 'Pod/nats-7', true],
    ['may have no kind', 'nats-1', false],
  ])('its object %s', (_, object, isShown) => {
    const { text } = renderDiagnosis(factsWith([]), [{ ...cause, object }], NOBODY).root;
    expect(text.includes(`, ${object}`)).toBe(isShown);
  });
});

describe('the files of the diagnosis', () => {
  const fileOf = (name: string, causes: readonly Cause[], facts = factsWith([])): string =>
    renderDiagnosisFiles(facts, causes, NOBODY).find((file) => file.name === name)?.text ?? '';

  test.each([
    ['report that nothing was found only without a cause', [], true],
    ['do not report that with a cause', [cause], false],
  ])('%s', (_, causes, isEmpty) => {
    expect(fileOf('causes.md', causes).includes('No known cause')).toBe(isEmpty);
    expect(renderCauseLines(factsWith([]), causes).some((line) => line.includes('No known cause'))).toBe(isEmpty);
  });

  test('number the causes from one', () => {
    expect(fileOf('causes.md', [cause, cause]).match(/^## \d+/gm)).toEqual(['## 1', '## 2']);
    const lines = renderCauseLines(factsWith([]), [cause, cause]);
    expect(lines.filter((line) => /^\d/.test(line)).map((line) => line.split('.')[0])).toEqual(['1', '2']);
  });

  test('list events without a time first', () => {
    const events = [event({ reason: 'B' }), event({ reason: 'A', lastSeen: undefined })];
    expect(fileOf('events.txt', [], factsWith([], { events })).split('\n', 2)).toEqual([
      expect.stringMatching(/^- .*A/),
      expect.stringMatching(/^2026-.*B/),
    ]);
  });

  test('contain the run before of a container, if there was one', () => {
    const containers = [container({ name: 'a' }), container({ name: 'b', lastState: terminated('OOMKilled', 137) })];
    const lines = fileOf('pods.txt', [], factsWith([pod('nats-1', { containers })])).split('\n');
    expect(lines.filter((line) => line.includes('before:'))).toEqual([expect.stringMatching(/ b .*OOMKilled 137/)]);
  });

  test('report that no server answered and no certificate was checked', () => {
    expect(fileOf('mesh.md', [])).not.toContain('|');
    expect(fileOf('certificates.md', [])).not.toContain('|');
  });
});
