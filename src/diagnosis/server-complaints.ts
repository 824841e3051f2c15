import { brief } from './cause.ts';

/** Ends what nats-server logs while it applies a configuration (`applyOptions` in `server/reload.go`). */
const RELOADED = /\[INF\] Reloaded server configuration/;
/** Begins it, once for each option. */
const OPTION = /\[INF\] Reloaded: /;

/**
 * Lines about one connection: clients that are refused or cut off, peers that dial again. `- cid:12 -` names a client,
 * other letters a route, a gateway or a leaf node (`server/client.go`, `setTraceLevel`). Who is disconnected is told
 * before, and the mesh is judged by its routes.
 */
const OF_CONNECTION = / - [a-z]+id:\d+|Error trying to connect|Error connecting|handshake error|RAFT \[/i;

/**
 * Returns the errors that a server logged since it began to apply its last configuration, without time and process id.
 * Empty where the lines show no reload.
 */
export function complaintsSinceReload(lines: readonly string[]): readonly string[] {
  const end = lines.findLastIndex((line) => RELOADED.test(line));
  if (end === -1) return [];
  const before = lines.findLastIndex((line, index) => index < end && RELOADED.test(line));
  const own = lines.slice(before + 1);
  const begin = own.findIndex((line) => OPTION.test(line));
  return own.slice(Math.max(0, begin)).flatMap((line) => {
    const begins = line.search(/\[(?:ERR|FTL)\] /);
    const words = line.slice(Math.max(0, begins));
    return begins < 0 || OF_CONNECTION.test(words) ? [] : [brief(words)];
  });
}
