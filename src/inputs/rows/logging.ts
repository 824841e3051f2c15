import { boolean } from '../grammar/choice.ts';
import { duration } from '../grammar/duration.ts';
import { integer, size } from '../grammar/number.ts';
import { DESCRIBING_COMMANDS, defineOptionalRow, defineRow, type ValueOf } from '../grammar/row.ts';

const group = 'Logging and limits';
const commands = DESCRIBING_COMMANDS;

/** The least connections, because the verification itself uses a connection or two on each server. */
const MIN_CONNECTIONS = 4;
/**
 * The least length of a control line. A CONNECT line with long credentials has to fit (server/parser.go,
 * `overMaxControlLineLimit`).
 */
const MIN_CONTROL_LINE_BYTES = 512;
/**
 * The largest payload that fits the default of `max_pending`, which must not be smaller (server/opts.go,
 * `validateOptions`).
 */
const MAX_PAYLOAD_BYTES = 64 * 1024 ** 2;

export const loggingRows = {
  debug: defineRow(boolean, {
    name: 'debug',
    group,
    description: 'Flag `debug` of nats-server. It does not change the log of this action.',
    default: 'false',
    commands,
  }),
  trace: defineRow(boolean, {
    name: 'trace',
    group,
    description: 'Flag `trace` of nats-server: it logs every protocol message.',
    default: 'false',
    commands,
  }),
  logtime: defineRow(boolean, {
    name: 'logtime',
    group,
    description: 'Flag `logtime` of nats-server: a timestamp on every log line.',
    default: 'true',
    commands,
  }),
  maxConnections: defineOptionalRow(integer(MIN_CONNECTIONS, 1_000_000), {
    name: 'max-connections',
    group,
    description: 'Maximum number of client connections to one server. The action itself needs three connections.',
    unset: "nats-server's default",
    commands,
  }),
  maxControlLine: defineOptionalRow(size(MIN_CONTROL_LINE_BYTES, 1024 ** 2), {
    name: 'max-control-line',
    group,
    description: 'Maximum length of a protocol line, in bytes.',
    unset: "nats-server's default",
    commands,
  }),
  maxPayload: defineOptionalRow(size(1024, MAX_PAYLOAD_BYTES), {
    name: 'max-payload',
    group,
    description: 'Maximum size of a message, in bytes or as `64KB`, `1MB`.',
    unset: "nats-server's default",
    commands,
  }),
  writeDeadline: defineOptionalRow(duration('1s', '10m'), {
    name: 'write-deadline',
    group,
    description: 'How long a write to a client may block.',
    unset: "nats-server's default",
    commands,
  }),
} as const;

export function readLogging(valueOf: ValueOf) {
  return {
    debug: valueOf(loggingRows.debug),
    trace: valueOf(loggingRows.trace),
    logtime: valueOf(loggingRows.logtime),
    maxConnections: valueOf(loggingRows.maxConnections),
    maxControlLineBytes: valueOf(loggingRows.maxControlLine),
    maxPayloadBytes: valueOf(loggingRows.maxPayload),
    writeDeadlineMs: valueOf(loggingRows.writeDeadline),
  } as const;
}
