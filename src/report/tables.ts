import { formatDate, formatDistance, formatElapsed } from '../text/duration-text.ts';
import { code, EMPTY, folded, type Markdown, md, strong, table } from '../text/markdown.ts';
import { escapeLabel } from '../text/markdown-escape.ts';
import type { DeployReport, Phase, ReportedCertificate } from './reports.ts';

/** The number of connections that a server holds to a peer. */
export type Pair = { readonly from: string; readonly to: string; readonly connections: number };

const KINDS: Readonly<Record<ReportedCertificate['kind'], string>> = {
  server: 'server',
  route: 'routes',
  client: 'clients',
  authority: 'CAs',
};

/**
 * Builds a table of when the first certificate of each kind expires and when the next renewal is due. A folded table
 * below it lists every certificate.
 */
export function renderCertificates(
  { certificates, renewalDue, rotationPhase }: Pick<DeployReport, 'certificates' | 'renewalDue' | 'rotationPhase'>,
  now: Date,
): Markdown {
  const groups = Object.entries(KINDS).map(([kind, title]) => ({
    title,
    ends: certificates.filter((certificate) => certificate.kind === kind).toSorted(compareByExpiry),
  }));
  const rows = groups.flatMap(({ title, ends }) => {
    const [first] = ends;
    return first === undefined
      ? []
      : [[`${title} (${ends.length})`, formatDate(first.notAfter), renderRemainingTime(first.notAfter, now)]];
  });
  const due = [strong('next renewal'), formatDate(renewalDue), renderRemainingTime(renewalDue, now)];
  const phase = rotationPhase === 'idle' ? EMPTY : md`\nA rotation is under way: phase ${code(rotationPhase)}.\n`;
  const all = certificates
    .toSorted(compareByExpiry)
    .map(({ kind, name, notAfter }) => [
      `${kind === 'authority' ? 'CA' : kind} ${name}`,
      formatDate(notAfter),
      formatDistance(notAfter, now),
    ]);
  return md`${table(['certificates', 'first expires', 'left'], [...rows, due])}${phase}
${folded(`Every certificate (${all.length})`, table(['certificate', 'expires', 'left'], all))}`;
}

function compareByExpiry(one: ReportedCertificate, other: ReportedCertificate): number {
  return one.notAfter.getTime() - other.notAfter.getTime();
}

/** Returns the remaining time. A week or less is highlighted. */
function renderRemainingTime(date: Date, now: Date): string | Markdown {
  const text = formatDistance(date, now);
  return date.getTime() - now.getTime() < WEEK_MS ? md`⚠️ ${strong(text)}` : text;
}

const WEEK_MS = 7 * 24 * 60 * 60_000;

type Mesh = Pick<DeployReport, 'servers' | 'pairs'>;

type Row = readonly string[];

/** Returns a table of servers by peers: the number of connections that the server holds to the peer. */
function buildMeshRows({ servers, pairs }: Mesh): readonly Row[] {
  const counts = countConnections(pairs);
  const header = ['server', ...servers];
  const rows = servers.map((server) => [
    server,
    ...servers.map((peer) => (peer === server ? '–' : String(counts.get(server)?.get(peer) ?? 0))),
  ]);
  return [header, ...rows];
}

/** Returns the table for a log, with columns aligned by spaces. */
export function renderMeshText(mesh: Mesh): readonly string[] {
  const rows = buildMeshRows(mesh);
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** Returns the table for a job summary. Missing connections are highlighted. */
export function renderMeshMarkdown(mesh: Mesh): Markdown {
  const [header = [], ...rows] = buildMeshRows(mesh);
  const marked = rows.map(([server = '', ...counts]) => [
    strong(server),
    ...counts.map((count) => (count === '0' ? '❌ 0' : count)),
  ]);
  return table(header, marked);
}

/** Returns the number of connections by server, then by peer. */
function countConnections(pairs: readonly Pair[]): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const counts = new Map<string, Map<string, number>>();
  for (const { from, to, connections } of pairs) {
    const peers = counts.get(from) ?? new Map<string, number>();
    counts.set(from, peers.set(to, connections));
  }
  return counts;
}

/** Returns a table of the duration of each phase, with a bar for comparison. */
export function renderPhases(phases: readonly Phase[]): Markdown {
  const longest = Math.max(1, ...phases.map(({ ms }) => ms));
  const rows = phases.map(({ name, ms }) => [
    name,
    formatElapsed(ms),
    '█'.repeat(Math.round((ms / longest) * BAR_LENGTH)),
  ]);
  const total = phases.reduce((sum, { ms }) => sum + ms, 0);
  return folded(`Timings: ${formatElapsed(total)}`, table(['phase', 'took', ''], rows));
}

const BAR_LENGTH = 20;

/**
 * The largest number of servers that are drawn completely. More servers make a diagram unreadable, and Mermaid refuses
 * to draw more than 500 lines.
 */
const MAX_SERVERS = 9;
const MAX_MISSING = 40;

/**
 * Returns the mesh as a Mermaid flowchart. Each pair of servers has one line for both directions; a pair that lacks a
 * connection is dashed and red. The diagram of a larger mesh shows only the missing connections.
 */
export function renderMeshDiagram(servers: readonly string[], pairs: readonly Pair[]): string {
  const counts = new Map(pairs.map(({ from, to, connections }) => [`${from} ${to}`, connections]));
  const between = servers.flatMap((from, index) => servers.slice(index + 1).map((to) => buildLink(counts, from, to)));
  const missing = between.filter(({ isWhole }) => !isWhole);
  const shown = servers.length <= MAX_SERVERS ? between : missing.slice(0, MAX_MISSING);
  const named = new Set(servers.length <= MAX_SERVERS ? servers : shown.flatMap(({ from, to }) => [from, to]));
  const numbers = new Map(servers.map((server, index) => [server, index]));
  const node = (server: string): string => `n${numbers.get(server) ?? ''}`;
  const rest = servers.length - named.size;
  const red = shown.flatMap(({ isWhole }, index) => (isWhole ? [] : [index]));
  return [
    'flowchart LR',
    ...[...named].map((server) => `  ${node(server)}(["${escapeLabel(server)}"])`),
    ...(rest === 0 ? [] : [`  others(["${renderRest(rest, named.size)}"])`]),
    ...shown.map(
      ({ from, to, text, isWhole }) => `  ${node(from)} ${isWhole ? '<-->' : '<-.->'}|"${text}"| ${node(to)}`,
    ),
    ...(red.length === 0 ? [] : [`  linkStyle ${red.join(',')} stroke:#d1242f,color:#d1242f`]),
    '',
  ].join('\n');
}

type Link = { readonly from: string; readonly to: string; readonly text: string; readonly isWhole: boolean };

/** Returns the link between two servers. A `?` stands for the count of a server that did not answer. */
function buildLink(counts: ReadonlyMap<string, number>, from: string, to: string): Link {
  const [there, back] = [counts.get(`${from} ${to}`), counts.get(`${to} ${from}`)];
  const text = there === back ? String(there ?? '?') : `${there ?? '?'} / ${back ?? '?'}`;
  return { from, to, text: text === '0' ? 'none' : text, isWhole: Number(there) > 0 && Number(back) > 0 };
}

function renderRest(rest: number, shown: number): string {
  return shown === 0
    ? `${rest} servers, all connected to each other`
    : `${rest} more servers, all connected to each other`;
}
