import { describe, expect, test } from '@jest/globals';
import { outputTable } from '../../../src/inputs/outputs.ts';
import { buildPlanEnding } from '../../../src/report/command-endings.ts';
import { renderPlan } from '../../../src/report/plan-summary.ts';
import { objectChange, planReport, rollingPlan } from '../support/plan-report.ts';

const outputsOf = (report = planReport()) => Object.fromEntries(buildPlanEnding(report).outputs);

describe('the report of a plan', () => {
  test('says so if nothing changes', () => {
    const { verdict, lines, summary } = buildPlanEnding(planReport());
    expect({ verdict, lines }).toEqual({ verdict: 'nats: nothing would change', lines: [] });
    expect(summary.text).toMatch(/^## .*nothing would change\n/);
    expect(outputsOf()).toMatchObject({ result: 'unchanged', changed: false, revision: '0123456789ab' });
  });

  test('lists the objects in the log, then reasons and other effects', () => {
    const { verdict, lines } = buildPlanEnding(rollingPlan());
    expect(verdict).toBe('nats: 3 objects would change, rolling restart of 2 pods; replacement of 1 pod');
    expect(lines).toEqual([
      '  update  Secret/nats-config  rolling',
      '  update  StatefulSet/nats    rolling',
      '  delete  NetworkPolicy/nats  objects',
      'servers: rolling restart of 2 pods',
      'servers: replacement of 1 pod',
      'certificates: server certificate of nats: expires at 2026-03-20 12:00 UTC',
      'rotation: rotation of the client user: overlap',
      'note: another run holds the lock',
    ]);
  });

  test('counts a namespace that does not exist', () => {
    const report = planReport({ changed: true, createsNamespace: true, objects: [objectChange()] });
    expect(buildPlanEnding(report).verdict).toBe('nats: the namespace and 1 object would change, no effect on servers');
  });

  test('has the outputs that are known before anything is issued', () => {
    const outputs = outputsOf(rollingPlan());
    expect(outputs).toMatchObject({ result: 'planned', changed: true, 'ready-replicas': 3 });
    expect(Object.keys(outputs)).not.toContain('revision');
    expect(Object.keys(outputs)).not.toContain('certificate-not-after');
    const names: readonly string[] = outputTable.map(({ name }) => name);
    expect(Object.keys(outputsOf()).filter((name) => !names.includes(name))).toEqual([]);
  });

  test('lists the same changes as the report of the deployment', () => {
    const { changedObjects, change }: Readonly<Record<string, unknown>> = JSON.parse(
      buildPlanEnding(rollingPlan()).json,
    );
    expect({ changedObjects, change }).toEqual({
      changedObjects: ['Secret/nats-config', 'StatefulSet/nats', 'NetworkPolicy/nats', 'Pod/nats-1'],
      change: 'rolling',
    });
  });

  test('is a valid diff for tools', () => {
    const [, diff] = buildPlanEnding(rollingPlan()).files ?? [];
    expect(diff).toEqual({
      name: 'plan.diff',
      text: ['Secret/nats-config', 'StatefulSet/nats']
        .flatMap((object) => [`--- ${object} (now)`, `+++ ${object} (planned)`, '@@ -1,1 +1,1 @@', '-a', '+b', ''])
        .join('\n')
        .replaceAll('\n\n', '\n'),
    });
    const created = buildPlanEnding(planReport({ objects: [objectChange({ action: 'create' })] }));
    expect(created.files?.[1]?.text).toMatch(/^--- \/dev\/null\n\+\+\+ Service\/nats \(planned\)\n/);
  });
});

describe('the Markdown of a plan', () => {
  test('shows the effects, a table of the objects, the meaning of their classes, and folded differences', () => {
    const summary = buildPlanEnding(rollingPlan()).summary.text;
    expect(summary).toMatch(/^- rolling restart of 2 pods$/m);
    expect(summary).toMatch(/^\| `StatefulSet\/nats` \| update \| rolling \|$/m);
    expect(summary).toMatch(/^- `rolling`: rolling restart, mesh verified after each server/m);
    expect(summary).toContain(
      '<details><summary>StatefulSet/nats: update</summary>\n\n```diff\n--- StatefulSet/nats (now)\n',
    );
    expect(summary).not.toContain('<summary>NetworkPolicy/nats');
    expect(summary).toContain('**Rotation**\n\n- rotation of the client user: overlap\n');
    expect(summary).not.toContain('****');
  });

  test('is not broken by the content of an annotation', () => {
    const report = planReport({ objects: [objectChange({ diff: ['@@ -1,1 +1,1 @@', '+note: ````', '+</details>'] })] });
    expect(renderPlan(report, 10_000).text).toContain('\n`````diff\n');
  });

  test('contains every difference if its size is exactly at the limit, and not beyond', () => {
    const report = planReport({ changed: true, objects: [objectChange(), objectChange({ object: 'Service/other' })] });
    const whole = renderPlan(report, Number.POSITIVE_INFINITY).text;
    const spare = 200; // The space for the line about omitted differences.
    expect(renderPlan(report, whole.length + spare).text).toBe(whole);
    expect(renderPlan(report, whole.length + spare - 1).text).toMatch(/\n1 more differences are in the log/);
  });

  test('leaves out differences beyond its size limit, and says so', () => {
    const objects = Array.from({ length: 300 }, (_, index) => {
      return objectChange({ object: `Service/nats-${index}`, diff: ['@@ -1,1 +1,1 @@', `+${'x'.repeat(1000)}`] });
    });
    const { text } = renderPlan(planReport({ changed: true, objects }), 60_000);
    expect(text.length).toBeLessThanOrEqual(60_000);
    expect(text).toMatch(/\n\d+ more differences are in the log, and in `plan\.diff` of the report\.\n$/);
    expect(text).toContain('| `Service/nats-299` | update | objects |');
    const { summary, files = [] } = buildPlanEnding(planReport({ changed: true, objects }));
    expect(Buffer.byteLength(summary.text)).toBeLessThan(1024 * 1024);
    expect(files.map(({ name, text: { length } }) => [name, length < 65_536])).toEqual([
      ['plan.md', true],
      ['plan.diff', false],
    ]);
  });
});
