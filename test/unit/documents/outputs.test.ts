import { describe, expect, test } from '@jest/globals';
import { COMMANDS, type Command } from '../../../src/inputs/grammar/row.ts';
import { outputTable } from '../../../src/inputs/outputs.ts';
import { buildPlanEnding, buildPruneEnding, buildRenderingEnding } from '../../../src/report/command-endings.ts';
import { buildDeletionEnding, buildDeployEnding, type RunResult } from '../../../src/report/ending.ts';
import { deployReport } from '../support/deploy-report.ts';
import { planReport } from '../support/plan-report.ts';

const now = new Date('2026-03-01T12:00:00Z');
const place = { name: 'nats', namespace: 'messaging' } as const;
const rendering = {
  ...place,
  format: 'manifests',
  folder: 'deploy',
  url: 'tls://nats.messaging.svc:4222',
  servers: ['nats-0'],
  clientSecret: 'nats-client',
  configRevision: 'ba9876543210',
  files: ['service-nats.yaml'],
  secretFiles: [],
  removed: [],
  kept: [],
  needed: [],
  notes: [],
} as const;

/** Run results of each command, which together set all outputs of this command. */
const endings: Readonly<Record<Command, RunResult>> = {
  deploy: buildDeployEnding(deployReport(3, { expires: now }), now),
  rotate: buildDeployEnding(deployReport(), now),
  verify: buildDeployEnding(deployReport(), now),
  plan: buildPlanEnding(planReport()),
  delete: buildDeletionEnding({ kind: 'deletion', ...place, deleted: [], left: [] }),
  prune: buildPruneEnding({
    kind: 'prune',
    namespace: 'messaging',
    pruned: [],
    staying: [],
    failed: [],
    namespaces: [],
    left: [],
  }),
  render: buildRenderingEnding(rendering),
};

describe('the outputs in the documents', () => {
  test.each(COMMANDS)('of %s are exactly those of the table', (command) => {
    const set = endings[command].outputs.map(([name]) => name);
    const tableNames = outputTable
      .filter(({ setBy }) => setBy.some((name) => name === command))
      .map(({ name }) => name);
    expect([...set, 'report'].toSorted()).toEqual(tableNames.toSorted());
  });
});
