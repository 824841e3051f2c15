import { escapeLabel } from '../text/markdown-escape.ts';

/** The number of connections that a server holds to a peer. */
export type Pair = { readonly from: string; readonly to: string; readonly connections: number };

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

/** Returns the link between two servers, with `?` where a server could not be asked. */
function buildLink(counts: ReadonlyMap<string, number>, from: string, to: string): Link {
  const [there, back] = [counts.get(`${from} ${to}`), counts.get(`${to} ${from}`)];
  const text = there === back ? String(there ?? '?') : `${there ?? '?'} / ${back ?? '?'}`;
  return { from, to, text: text === '0' ? 'none' : text, isWhole: Number(there) > 0 && Number(back) > 0 };
}

function renderRest(rest: number, shown: number): string {
  return shown === 0
    ? `${rest} servers, each connected to every other`
    : `${rest} more servers, whole among themselves`;
}
