import { describe, expect, test } from '@jest/globals';
import { renderDeploySummary } from '../../../src/report/summary.ts';
import { renderMeshDiagram } from '../../../src/report/tables.ts';
import { diagramsOf, findMermaidProblems } from '../../support/mermaid.ts';
import { listDocuments, readDocument } from '../../support/snippets.ts';
import { deployReport } from '../../unit/support/deploy-report.ts';

const NOW = new Date('2026-03-01T12:00:00Z');

describe('Mermaid reads', () => {
  test('the picture of a mesh of 1, 3, 5 and 50 servers in a summary', async () => {
    const diagrams = [1, 3, 5, 50].map((replicas) => diagramsOf(renderDeploySummary(deployReport(replicas), NOW).text));
    expect(diagrams.map(({ length }) => length)).toEqual([0, 1, 1, 1]);
    expect(await findMermaidProblems(diagrams.flat())).toEqual(['', '', '']);
  });

  test('the picture of a mesh without a route, of 1, 3, 5 and 50 servers, with names of every kind', async () => {
    const broken = [1, 3, 5, 50].map((replicas) => renderMeshDiagram(deployReport(replicas).servers, []));
    const named = renderMeshDiagram(['end-0', 'end-1', 'a.b-0', '0'], []);
    expect(await findMermaidProblems([...broken, named])).toEqual(['', '', '', '', '']);
  });

  test('the diagrams of the documents', async () => {
    const texts = await Promise.all((await listDocuments()).map(readDocument));
    const diagrams = texts.flatMap(diagramsOf);
    expect(diagrams.length).toBeGreaterThan(0);
    expect(await findMermaidProblems(diagrams)).toEqual(diagrams.map(() => ''));
  });

  test('no broken diagram', async () => {
    const [cut, edges] = await findMermaidProblems(['flowchart LR\n  n0 -->|', meshOfAll(40)]);
    expect(cut).toContain('Parse error');
    expect(edges).toContain('edges');
  });
});

/** Renders a diagram with more lines than Mermaid draws. */
function meshOfAll(servers: number): string {
  const pairs = Array.from({ length: servers * servers }, (_, index) => `  n${index % servers} --> m${index}`);
  return ['flowchart LR', ...pairs].join('\n');
}
