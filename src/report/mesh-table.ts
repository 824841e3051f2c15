import type { DeployReport } from './deploy-report.ts';
import { routeMatrix } from './outputs.ts';

type Row = readonly string[];

/** Servers by peers: how many connections the first holds to the second. */
function meshRows(report: DeployReport): readonly Row[] {
  const matrix = routeMatrix(report);
  const header = ['server', ...report.servers];
  const rows = report.servers.map((server) => [
    server,
    ...report.servers.map((peer) => (peer === server ? '–' : String(matrix[server]?.[peer] ?? 0))),
  ]);
  return [header, ...rows];
}

/** For a log: columns aligned by spaces. */
export function meshText(report: DeployReport): readonly string[] {
  const rows = meshRows(report);
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** For a job summary. */
export function meshMarkdown(report: DeployReport): string {
  const [header = [], ...rows] = meshRows(report);
  const line = (cells: Row): string => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}
