import { describe, expect, test } from '@jest/globals';
import { buildRenderingEnding } from '../../../src/report/command-endings.ts';
import type { RenderReport } from '../../../src/report/reports.ts';
import { md } from '../../../src/text/markdown.ts';

const REPORT: RenderReport = {
  name: 'nats',
  namespace: 'messaging',
  format: 'helm',
  folder: '/home/runner/rendered',
  files: ['README.md', 'templates/secrets.yaml'],
  secretFiles: [],
  removed: [],
  kept: [],
  url: 'tls://nats.messaging.svc:4222',
  servers: ['nats-0'],
  clientSecret: 'nats-client',
  needed: [],
  notes: [],
  configRevision: 'ba9876543210',
};

describe('the report of a rendering', () => {
  test('has no change of the cluster as its result', () => {
    const { outputs, json } = buildRenderingEnding(REPORT);
    expect(Object.fromEntries(outputs)).toMatchObject({
      result: 'rendered',
      changed: false,
      files: '["README.md","templates/secrets.yaml"]',
    });
    expect(JSON.parse(json)).toMatchObject({ result: 'rendered', changed: false, ...REPORT });
  });

  test.each([
    [[], 'nats: rendered as helm, 2 files', 0],
    [['templates/secrets.yaml'], 'nats: rendered as helm, 2 files with secrets', 1],
  ])('marks the files with secrets: %j', (secretFiles, verdict, marked) => {
    const ending = buildRenderingEnding({ ...REPORT, secretFiles });
    expect(ending.verdict).toBe(verdict);
    expect(ending.summary.text.match(/\| secret \|/g) ?? []).toHaveLength(marked);
  });

  test('lists the work that is left before the files are applied, if there is any', () => {
    const needed = [md`the Secret \`pull\``];
    const { lines, summary } = buildRenderingEnding({ ...REPORT, needed });
    expect(lines).toContain('needed: the Secret pull');
    expect(summary.text).toContain('\n\n- the Secret `pull`\n');
    expect(summary.text).toContain('Also needed');
    expect(buildRenderingEnding(REPORT).summary.text).not.toContain('Also needed');
  });

  test('lists every file that was written, removed or kept', () => {
    const { lines } = buildRenderingEnding({ ...REPORT, removed: ['old.yaml'], kept: ['mine.yaml'] });
    expect(lines.map((line) => line.split(/[,;]/)[0])).toStrictEqual([
      'wrote: README.md',
      'wrote: templates/secrets.yaml',
      'removed: old.yaml',
      'kept: mine.yaml',
      'the files are in /home/runner/rendered',
    ]);
  });
});
