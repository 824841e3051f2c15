import { shorten } from './facts.ts';

/** The line that ends the log of a configuration reload (`applyOptions` in `server/reload.go`). */
const RELOADED = /\[INF\] Reloaded server configuration/;
/** The line that begins that log, once for each option. */
const OPTION = /\[INF\] Reloaded: /;

/**
 * The lines about one connection: refused or disconnected clients, and peers that connect again. `- cid:12 -` names a
 * client; other letters name a route, a gateway or a leaf node (`server/client.go`, `setTraceLevel`). These lines are
 * ignored, because the action reports disconnected clients beforehand, and checks the mesh by its routes.
 */
const OF_CONNECTION = / - [a-z]+id:\d+|Error trying to connect|Error connecting|handshake error|RAFT \[/i;

/**
 * Returns the errors that a server logged since it began to apply its last configuration, without time and process id.
 * The list is empty when the lines contain no reload.
 */
export function findErrorsSinceReload(lines: readonly string[]): readonly string[] {
  const end = lines.findLastIndex((line) => RELOADED.test(line));
  if (end === -1) return [];
  const before = lines.findLastIndex((line, index) => index < end && RELOADED.test(line));
  const own = lines.slice(before + 1);
  const begin = own.findIndex((line) => OPTION.test(line));
  return own.slice(Math.max(0, begin)).flatMap((line) => {
    const begins = line.search(/\[(?:ERR|FTL)\] /);
    const words = line.slice(Math.max(0, begins));
    return begins < 0 || OF_CONNECTION.test(words) ? [] : [shorten(words)];
  });
}
