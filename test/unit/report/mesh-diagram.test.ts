import { describe, expect, test } from '@jest/globals';
import { renderMeshDiagram } from '../../../src/report/tables.ts';
import { deployReport } from '../support/deploy-report.ts';

describe('the mesh diagram', () => {
  test('has a line for each pair of servers', () => {
    const { servers, pairs } = deployReport(3);
    expect(renderMeshDiagram(servers, pairs).split('\n')).toEqual([
      'flowchart LR',
      '  n0(["nats-0"])',
      '  n1(["nats-1"])',
      '  n2(["nats-2"])',
      '  n0 <-->|"4"| n1',
      '  n0 <-->|"4"| n2',
      '  n1 <-->|"4"| n2',
      '',
    ]);
  });

  test('draws missing routes red and dashed, and marks servers that were not observed', () => {
    const pairs = [
      { from: 'a', to: 'b', connections: 4 },
      { from: 'b', to: 'a', connections: 0 },
      { from: 'a', to: 'c', connections: 0 },
      { from: 'c', to: 'a', connections: 0 },
    ];
    const lines = renderMeshDiagram(['a', 'b', 'c'], pairs).split('\n');
    expect(lines.slice(4)).toEqual([
      '  n0 <-.->|"4 / 0"| n1',
      '  n0 <-.->|"none"| n2',
      '  n1 <-.->|"?"| n2',
      '  linkStyle 0,1,2 stroke:#d1242f,color:#d1242f',
      '',
    ]);
  });

  test.each([
    [4, 0, '4 / 0'],
    [0, 4, '0 / 4'],
    [undefined, 4, '? / 4'],
    [4, undefined, '4 / ?'],
  ])('draws a route red if one end has no connection: %j, %j', (there, back, text) => {
    const pairs = [
      ...(there === undefined ? [] : [{ from: 'a', to: 'b', connections: there }]),
      ...(back === undefined ? [] : [{ from: 'b', to: 'a', connections: back }]),
    ];
    expect(renderMeshDiagram(['a', 'b'], pairs).split('\n').slice(3, 5)).toStrictEqual([
      `  n0 <-.->|"${text}"| n1`,
      '  linkStyle 0 stroke:#d1242f,color:#d1242f',
    ]);
  });

  test.each([
    [9, 36, 9],
    [10, 0, 0],
  ])('of %d servers draws %d whole routes between %d servers', (replicas, routes, nodes) => {
    const { servers, pairs } = deployReport(replicas);
    const diagram = renderMeshDiagram(servers, pairs);
    expect(diagram.match(/<-->/g) ?? []).toHaveLength(routes);
    expect(diagram.match(/ n\d\(\[/g) ?? []).toHaveLength(nodes);
  });

  test('shows only missing routes for many servers', () => {
    const { servers, pairs } = deployReport(50);
    expect(renderMeshDiagram(servers, pairs)).toBe(
      'flowchart LR\n  others(["50 servers, all connected to each other"])\n',
    );
    const cut = pairs.filter(({ from, to }) => !(from === 'nats-7' && to === 'nats-31'));
    const lines = renderMeshDiagram(servers, cut).split('\n');
    expect(lines).toContain('  n7 <-.->|"? / 4"| n31');
    expect(lines).toContain('  others(["48 more servers, all connected to each other"])');
    expect(lines).toHaveLength(7);
  });

  test('never has more lines than Mermaid can draw', () => {
    const { servers } = deployReport(50);
    expect(renderMeshDiagram(servers, []).match(/<-\.->/g)).toHaveLength(40);
  });
});
