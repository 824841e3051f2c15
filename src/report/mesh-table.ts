import type { DeployReport } from './deploy-report.ts';
import { type Markdown, strong, table } from './markdown.ts';
import type { Pair } from './mesh-diagram.ts';

type Mesh = Pick<DeployReport, 'servers' | 'pairs'>;

type Row = readonly string[];

/** Servers by peers: how many connections the first holds to the second. */
function meshRows({ servers, pairs }: Mesh): readonly Row[] {
  const counts = countsOf(pairs);
  const header = ['server', ...servers];
  const rows = servers.map((server) => [
    server,
    ...servers.map((peer) => (peer === server ? '–' : String(counts.get(server)?.get(peer) ?? 0))),
  ]);
  return [header, ...rows];
}

/** For a log: columns aligned by spaces. */
export function meshText(mesh: Mesh): readonly string[] {
  const rows = meshRows(mesh);
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** For a job summary; what is missing stands out. */
export function meshMarkdown(mesh: Mesh): Markdown {
  const [header = [], ...rows] = meshRows(mesh);
  const marked = rows.map(([server = '', ...counts]) => [
    strong(server),
    ...counts.map((count) => (count === '0' ? '❌ 0' : count)),
  ]);
  return table(header, marked);
}

/** By server, then by peer. */
function countsOf(pairs: readonly Pair[]): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const counts = new Map<string, Map<string, number>>();
  for (const { from, to, connections } of pairs) {
    const peers = counts.get(from) ?? new Map<string, number>();
    counts.set(from, peers.set(to, connections));
  }
  return counts;
}
