import type { DeployReport } from './deploy-report.ts';
import { type Markdown, strong, table } from './markdown.ts';
import type { Pair } from './mesh-diagram.ts';

type Mesh = Pick<DeployReport, 'servers' | 'pairs'>;

type Row = readonly string[];

/** Returns a table of servers by peers: the number of connections that the server holds to the peer. */
function meshRows({ servers, pairs }: Mesh): readonly Row[] {
  const counts = countsOf(pairs);
  const header = ['server', ...servers];
  const rows = servers.map((server) => [
    server,
    ...servers.map((peer) => (peer === server ? '–' : String(counts.get(server)?.get(peer) ?? 0))),
  ]);
  return [header, ...rows];
}

/** Returns the table for a log, with columns aligned by spaces. */
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

/** Returns the table for a job summary. Missing connections are highlighted. */
export function meshMarkdown(mesh: Mesh): Markdown {
  const [header = [], ...rows] = meshRows(mesh);
  const marked = rows.map(([server = '', ...counts]) => [
    strong(server),
    ...counts.map((count) => (count === '0' ? '❌ 0' : count)),
  ]);
  return table(header, marked);
}

/** Returns the number of connections by server, then by peer. */
function countsOf(pairs: readonly Pair[]): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const counts = new Map<string, Map<string, number>>();
  for (const { from, to, connections } of pairs) {
    const peers = counts.get(from) ?? new Map<string, number>();
    counts.set(from, peers.set(to, connections));
  }
  return counts;
}
