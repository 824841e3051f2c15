import { describe, expect, test } from '@jest/globals';
import { outputTable } from '../../../src/inputs/outputs.ts';
import { renderConnectionLines } from '../../../src/report/connecting.ts';
import { buildDeployEnding, buildDeployOutputs } from '../../../src/report/ending.ts';
import { renderDeploySummary, renderMeshVerdict } from '../../../src/report/summary.ts';
import { renderMeshMarkdown, renderMeshText } from '../../../src/report/tables.ts';
import { deployReport } from '../support/deploy-report.ts';

const NOW = new Date('2026-03-01T12:00:00Z');

const summaryText = (...given: Parameters<typeof renderDeploySummary>) => renderDeploySummary(...given).text;

describe('the mesh table', () => {
  const lopsided = deployReport(3, {
    pairs: [
      { from: 'nats-0', to: 'nats-1', connections: 4 },
      { from: 'nats-1', to: 'nats-0', connections: 12 },
    ],
  });

  test('shows servers by peers in columns in the log', () => {
    expect(renderMeshText(lopsided)).toEqual([
      'server  nats-0  nats-1  nats-2',
      'nats-0  –       4       0',
      'nats-1  12      –       0',
      'nats-2  0       0       –',
    ]);
  });

  test('shows the same in the summary', () => {
    expect(renderMeshMarkdown(lopsided).text.trimEnd().split('\n')).toEqual([
      '| server | nats-0 | nats-1 | nats-2 |',
      '| --- | --- | --- | --- |',
      '| **nats-0** | – | 4 | ❌ 0 |',
      '| **nats-1** | 12 | – | ❌ 0 |',
      '| **nats-2** | ❌ 0 | ❌ 0 | – |',
    ]);
  });
});

/** A report of a check without access to the servers. */
const objectsOnly = deployReport(3, {
  result: 'verified',
  changed: false,
  level: 'objects',
  versions: [],
  pairs: [],
  changedObjects: [],
  issued: [],
  proofs: [],
});

test.each([
  [deployReport(3), 'full mesh: 3 of 3 servers connected, 6 of 6 routes'],
  [
    deployReport(3, { metaLeader: 'nats-1' }),
    'full mesh: 3 of 3 servers connected, 6 of 6 routes, JetStream led by nats-1',
  ],
  [deployReport(1), 'one server, no routes expected'],
  [objectsOnly, 'objects as deployed, mesh not checked'],
])('the log contains the known facts about the mesh', (report, text) => {
  expect(renderMeshVerdict(report)).toBe(text);
});

describe('the summary of a successful run', () => {
  test.each([
    [
      'a new mesh',
      deployReport(),
      '## ✅ NATS cluster `nats` deployed, full mesh: 3 of 3 servers connected, 6 of 6 routes',
    ],
    ['one server', deployReport(1), '## ✅ NATS cluster `nats` deployed, one server, no routes expected'],
    [
      'no change',
      deployReport(5, { result: 'unchanged' }),
      '## ✅ NATS cluster `nats` unchanged, and verified, full mesh: 5 of 5 servers connected, 20 of 20 routes',
    ],
    [
      'a rotation',
      deployReport(3, { result: 'rotated' }),
      '## ✅ NATS cluster `nats` rotated, full mesh: 3 of 3 servers connected, 6 of 6 routes',
    ],
    [
      'a waiting rotation',
      deployReport(3, { result: 'rotating', rotationPhase: 'overlap' }),
      '## ✅ NATS cluster `nats` is rotating, full mesh: 3 of 3 servers connected, 6 of 6 routes',
    ],
    [
      'a verification',
      deployReport(3, { result: 'verified' }),
      '## ✅ NATS cluster `nats` verified, full mesh: 3 of 3 servers connected, 6 of 6 routes',
    ],
    [
      'a verification of objects only',
      objectsOnly,
      '## ✅ NATS cluster `nats` verified, objects as deployed, mesh not checked',
    ],
  ])('begins with the result: %s', (_, report, verdict) => {
    expect(summaryText(report, NOW).split('\n')[0]).toBe(verdict);
  });

  test('shows when certificates expire or have expired', () => {
    expect(summaryText(deployReport(), NOW)).toContain('| server (1) | 2026-05-30 12:00 UTC | in 90 days |');
    const late = deployReport(3, { renewalDue: new Date('2026-02-27T12:00:00Z') });
    expect(summaryText(late, NOW)).toContain('⚠️ **2 days ago**');
  });

  test('shows the progress of a rotation', () => {
    const rotating = deployReport(3, { result: 'rotating', rotationPhase: 'trust-both' });
    expect(summaryText(rotating, NOW)).toContain('A rotation is under way: phase `trust-both`');
  });

  test('says nothing about servers that were not observed', () => {
    const summary = summaryText(objectsOnly, NOW);
    expect(summary).not.toContain('| server |');
    expect(summary).not.toContain('nats-server');
    expect(summary).not.toMatch(/full mesh/);
  });

  test('lists the changes, or says that there were none', () => {
    const summary = summaryText(deployReport(3, { reloaded: ['nats-1'] }), NOW);
    for (const item of ['- StatefulSet/nats', '- nats-1', '- nats-0 refuses plaintext', 'Certificates issued (1)']) {
      expect(summary).toContain(item);
    }
    const unchanged = deployReport(3, { result: 'unchanged', changedObjects: [], issued: [], proofs: [] });
    expect(summaryText(unchanged, NOW)).toContain('Nothing was changed');
  });

  test('shows the effect of each changed input on servers', () => {
    const plain = { since: '', unset: 'default', wayBack: 'open' } as const;
    const inputChanges = [
      { ...plain, input: 'image', from: 'nats:2.14.9', to: 'nats:2.15.2', change: 'rolling' },
      { ...plain, input: 'overrides', from: undefined, to: 'a: |\n  b', change: 'objects' },
      { ...plain, input: 'trace', from: undefined, to: 'true', unset: 'false (default)', change: 'reload' },
      { ...plain, input: 'debug', from: 'a|b', to: undefined, change: 'reload' },
    ] as const;
    const summary = summaryText(deployReport(3, { inputChanges }), NOW);
    expect(summary).toContain(
      '| `image` | `nats:2.14.9` → `nats:2.15.2` | **rolling**: rolling restart, mesh verified',
    );
    expect(summary).toContain('| `overrides` | default → … | **objects**: no effect on servers |');
    expect(summary).toContain('| `trace` | false (default) → `true` |');
    expect(summary).toContain('| `debug` | <code>a\\|b</code> → default |');
  });

  test('shows the duration of each part', () => {
    const summary = summaryText(deployReport(), NOW);
    expect(summary).toContain('Timings: 6.4 s');
    expect(summary).toContain('| wait for the servers | 6.0 s | ████████████████████ |');
  });

  test('counts certificates by kind, with the first expiry of each', () => {
    const summary = summaryText(deployReport(3), NOW);
    expect(summary).toContain('| routes (3) | 2026-05-31 12:00 UTC | in 91 days |');
    expect(summary).toContain('| CAs (2) | 2031-03-01 12:00 UTC |');
    expect(summary).toContain('Every certificate (6)');
    expect(summary).toContain('| route of nats-2 |');
  });

  test.each([1, 3, 5, 50])('closes every HTML tag that it opens, with %d servers', (replicas) => {
    const summary = summaryText(deployReport(replicas), NOW);
    expect(summary.match(/<details>/g)).toHaveLength(summary.match(/<\/details>/g)?.length ?? 0);
    expect((summary.match(/^```/gm) ?? []).length % 2).toBe(0);
    expect(summary.match(/\n{4,}/g)).toBeNull();
  });

  test('fits into the size limit of the runner with 50 servers', () => {
    const servers = deployReport(50);
    const proofs = servers.pairs.map(({ from, to }) => `what was published on ${from} arrived on ${to}`);
    const summary = summaryText({ ...servers, proofs }, NOW);
    expect(Buffer.byteLength(summary)).toBeLessThan(1024 * 1024);
  });
});

describe('the outputs of a run', () => {
  test('of deploy are those of action.yml in order, without those of other commands and of failures', () => {
    const report = { ...deployReport(), expires: NOW };
    const others = ['report', 'files', 'pruned', 'error-code', 'error-reason'];
    const names = outputTable.map(({ name }) => name).filter((name) => !others.includes(name));
    expect(buildDeployOutputs(report).map(([name]) => name)).toEqual(names);
  });

  test('have no expiry for a NATS cluster that is not a preview', () => {
    expect(buildDeployOutputs(deployReport()).map(([name]) => name)).not.toContain('expires');
  });

  test('have the types of action-types.yml', () => {
    const types = new Map<string, string>(outputTable.map(({ name, type }) => [name, type]));
    for (const [name, value] of buildDeployOutputs(deployReport())) {
      const type = typeof value === 'number' ? 'integer' : typeof value;
      expect([name, type]).toEqual([name, types.get(name)]);
    }
  });

  test('contain the matrix of routes', () => {
    const outputs = new Map<string, unknown>(buildDeployOutputs(deployReport(2)));
    expect(outputs.get('routes')).toBe('{"nats-0":{"nats-1":4},"nats-1":{"nats-0":4}}');
    expect(outputs.get('servers')).toBe('["nats-0","nats-1"]');
  });

  test.each([
    ['deployed', true, 'idle'],
    ['unchanged', false, 'idle'],
    ['unchanged', false, 'overlap'],
    ['rotated', false, 'idle'],
    ['rotating', true, 'trust-both'],
    ['verified', false, 'drop-old'],
  ] as const)('contain %s for changed=%s in phase %s', (result, changed, rotationPhase) => {
    const outputs = new Map<string, unknown>(buildDeployOutputs(deployReport(3, { result, changed, rotationPhase })));
    expect(['result', 'changed', 'rotation-phase'].map((name) => outputs.get(name))).toEqual([
      result,
      changed,
      rotationPhase,
    ]);
  });

  test('contain dates as RFC 3339', () => {
    const outputs = new Map<string, unknown>(buildDeployOutputs(deployReport()));
    expect([outputs.get('certificate-not-after'), outputs.get('renewal-due')]).toEqual([
      '2026-05-30T12:00:00.000Z',
      '2026-04-30T12:00:00.000Z',
    ]);
  });
});

test('the connection text names the Secret, but contains none of its values', () => {
  const lines = renderConnectionLines(deployReport()).join('\n');
  expect(lines).toContain('Secret nats-client in namespace messaging');
  expect(lines).toContain('tls://nats.messaging.svc:4222');
});

test('a report contains no secret even if its source contains secrets', () => {
  // The object of a caller may have more fields than the type; the report ignores them.
  const carried = { ...deployReport(), clientPassword: 'canary-password', privateKey: 'canary-key' };
  const outputs = [
    summaryText(carried, NOW),
    buildDeployOutputs(carried),
    renderConnectionLines(carried),
    renderMeshText(carried),
  ];
  expect(JSON.stringify(outputs)).not.toContain('canary');
});

describe('the checks in a report', () => {
  const now = NOW;
  const linesOf = (overrides: Parameters<typeof deployReport>[1]) =>
    buildDeployEnding(deployReport(2, overrides), now).lines.join('\n');

  test('are counted if this run made them', () => {
    expect(linesOf({ proofs: ['nats-0 refuses plaintext', 'messages pass'] })).toContain(
      'verified from outside: 2 checks',
    );
  });

  test('have the time and the run if an earlier run made them', () => {
    const earlierProofs = { at: '2026-02-28T12:00:00.000Z', by: 'https://github.com/o/r/actions/runs/7' };
    const report = { result: 'unchanged', proofs: [], earlierProofs } as const;
    expect(linesOf(report)).toContain(
      'verified from outside at 2026-02-28 12:00 UTC by https://github.com/o/r/actions/runs/7',
    );
    expect(buildDeployEnding(deployReport(2, report), now).summary.text).toContain('2026-02-28 12:00 UTC');
  });
});
