import { boolean } from '../grammar/choice.ts';
import { duration } from '../grammar/duration.ts';
import { integer, size } from '../grammar/number.ts';
import { DESCRIBING_COMMANDS, defaulted, optional, type ValueOf } from '../grammar/row.ts';

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
  debug: defaulted(boolean, {
    name: 'debug',
    group,
    description: 'Enable debug logging of nats-server.',
    default: 'false',
    commands,
  }),
  trace: defaulted(boolean, {
    name: 'trace',
    group,
    description: 'Log every protocol message.',
    default: 'false',
    commands,
  }),
  logtime: defaulted(boolean, {
    name: 'logtime',
    group,
    description: 'Add a timestamp to each log line.',
    default: 'true',
    commands,
  }),
  maxConnections: optional(integer(MIN_CONNECTIONS, 1_000_000), {
    name: 'max-connections',
    group,
    description: "Maximum number of client connections for each server. Default: nats-server's own.",
    commands,
  }),
  maxControlLine: optional(size(MIN_CONTROL_LINE_BYTES, 1024 ** 2), {
    name: 'max-control-line',
    group,
    description: "Maximum length of a protocol line, in bytes. Default: nats-server's own.",
    commands,
  }),
  maxPayload: optional(size(1024, MAX_PAYLOAD_BYTES), {
    name: 'max-payload',
    group,
    description: "Maximum size of a message, in bytes or as `64KB`, `1MB`. Default: nats-server's own.",
    commands,
  }),
  writeDeadline: optional(duration('1s', '10m'), {
    name: 'write-deadline',
    group,
    description: "How long a write to a client may block. Default: nats-server's own.",
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
