import { expect, test } from '@jest/globals';
import { findInputChanges, renderInputChange } from '../../../src/change/input-change.ts';
import { describeConsequences } from '../../../src/forecast/consequences.ts';
import { classifyObject, predictServerEffects } from '../../../src/forecast/server-effects.ts';
import { readStatedDeployment, settingsOf } from '../../../src/inputs/settings.ts';

import { buildPlanEnding } from '../../../src/report/command-endings.ts';
import { readAllSnippets } from '../../support/snippets.ts';

import { objectChange, planReport } from '../support/plan-report.ts';

const SERVERS = ['nats-0', 'nats-1', 'nats-2'] as const;

function stated(inputs: Readonly<Record<string, string>>) {
  return readStatedDeployment(settingsOf(new Map(Object.entries(inputs))));
}

test('the plan in docs/commands.md is the log of a plan', async () => {
  const snippets = await readAllSnippets();
  const example = snippets.find(
    ({ document, text }) => document === 'docs/commands.md' && text.includes('would change'),
  );
  const before = stated({ image: 'nats:2.12.15' });
  const wanted = stated({ image: 'nats:2.15.2', 'max-payload': '64KB' });
  const pods = SERVERS.map((name) => ({ name, isStuck: false, isOutdated: true, isReconfigured: true }));
  const effects = predictServerEffects({ name: 'nats', replicas: 3, replicasBefore: 3, pods });
  const objects = ['Secret/nats-system', 'Secret/nats-config', 'StatefulSet/nats'].map((object) => {
    return objectChange({ object, change: classifyObject('nats', { object, action: 'update' }, effects) });
  });
  const terms = { hasStreams: false, lostUsers: [], isOwnConfigurationChanged: false, closed: new Map() };
  const report = planReport({ changed: true, objects, consequences: describeConsequences(effects, terms) });
  const { verdict, lines } = buildPlanEnding(report);
  expect(example?.text.trimEnd().split('\n')).toEqual([
    ...findInputChanges(before, wanted).map((change) => `change: ${renderInputChange(change)}`),
    verdict,
    ...lines.slice(0, objects.length),
  ]);
});

test('the difference in docs/commands.md is one that a plan shows', async () => {
  const snippets = await readAllSnippets();
  const [example] = snippets.filter(({ language }) => language === 'diff');
  const [before, after, hunk = '', ...lines] = example?.text.trimEnd().split('\n') ?? [];
  const { files = [] } = buildPlanEnding(planReport({ objects: [objectChange({ object: 'StatefulSet/nats' })] }));
  const shown = files.find(({ name }) => name === 'plan.diff')?.text.split('\n') ?? [];
  expect([before, after]).toEqual(shown.slice(0, 2));
  const count = (other: string): number => lines.filter((line) => !line.startsWith(other)).length;
  expect(hunk).toMatch(new RegExp(`^@@ -\\d+,${count('+')} \\+\\d+,${count('-')} @@$`));
  expect(lines.filter((line) => !line.startsWith(' '))).toEqual([
    '-          image: nats:2.12.15',
    '+          image: nats:2.15.2',
  ]);
});
