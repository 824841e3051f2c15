import { describe, expect, test } from '@jest/globals';
import { buildDeployEnding } from '../../../src/report/ending.ts';
import { renderDeploySummary, renderMeshVerdict } from '../../../src/report/summary.ts';
import { deployReport } from '../support/deploy-report.ts';

const NOW = new Date('2026-03-01T12:00:00Z');
const WEEK_MS = 7 * 24 * 60 * 60_000;

const summaryText = (...given: Parameters<typeof deployReport>) =>
  renderDeploySummary(deployReport(...given), NOW).text;

const { pairs } = deployReport(3);

describe('the verdict about a mesh', () => {
  const removed = [
    { from: 'nats-3', to: 'nats-0', connections: 4 },
    { from: 'nats-3', to: 'nats-1', connections: 4 },
  ];

  test.each([
    ['a server that reports no route', pairs.filter(({ from }) => from !== 'nats-2'), 2, 4],
    ['a route without a connection', pairs.map((pair, index) => ({ ...pair, connections: index === 0 ? 0 : 4 })), 2, 5],
    ['no route', [], 0, 0],
    ['routes of a server that was removed', removed, 0, 0],
  ])('counts servers and routes with %s', (_, seen, servers, routes) => {
    expect(renderMeshVerdict(deployReport(3, { pairs: seen }))).toBe(
      `${servers} of 3 servers connected, ${routes} of 6 routes`,
    );
  });

  test('ignores the routes of a removed server in a full mesh', () => {
    expect(renderMeshVerdict(deployReport(3, { pairs: [...pairs, ...removed] }))).toBe(
      'full mesh: 3 of 3 servers connected, 6 of 6 routes',
    );
  });
});

describe('the summary of a deployment', () => {
  test('has the ready servers only if they were checked', () => {
    expect(summaryText(3, { readyReplicas: 2 })).toContain('2 of 3 servers ready in namespace');
    expect(summaryText(3, { level: 'objects' })).toContain('The servers were not checked in namespace');
  });

  test.each([
    [{ changedObjects: [], reloaded: [] }, true],
    [{ changedObjects: [], reloaded: ['nats-1'] }, false],
    [{ changedObjects: ['Service/nats'], reloaded: [] }, false],
  ])('says whether nothing was changed: %j', (changes, expected) => {
    expect(summaryText(3, changes).includes('Nothing was changed')).toBe(expected);
  });

  test.each([
    [1, false],
    [2, true],
  ])('of %d servers has a diagram: %s', (replicas, expected) => {
    expect(summaryText(replicas).includes('```mermaid')).toBe(expected);
  });

  test.each([
    [WEEK_MS, false],
    [WEEK_MS - 1, true],
    [0, true],
  ])('highlights a renewal that is due in %d ms: %s', (leftMs, expected) => {
    const renewalDue = new Date(NOW.getTime() + leftMs);
    expect(summaryText(3, { renewalDue }).includes('⚠️')).toBe(expected);
  });

  test('has no line in the log about checks, a preview or an access from outside that do not exist', () => {
    const { lines } = buildDeployEnding(deployReport(3, { level: 'objects', proofs: [] }), NOW);
    expect(lines.map((line) => line.slice(0, 16))).toStrictEqual([
      'rotation phase i',
      'in the cluster: ',
      'with this runner',
    ]);
  });
});
