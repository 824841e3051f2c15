import { boolean } from '../grammar/choice.ts';
import { duration } from '../grammar/duration.ts';
import {
  accept,
  CLUSTER_COMMANDS,
  COMMANDS,
  DEPLOYING,
  defineOptionalRow,
  defineRow,
  type Grammar,
  refuse,
  type ValueOf,
} from '../grammar/row.ts';

/** The size limit of a script, because a variable of the environment holds 128 KiB on Linux. */
const MAX_BYTES = 65_536;

/** The grammar of a bash script of any number of lines. */
const script: Grammar<string> = {
  expected: `a script of bash of at most ${MAX_BYTES} bytes`,
  example: 'nats server check connection',
  typing: { type: 'string' },
  parse: (text) =>
    Buffer.byteLength(text) <= MAX_BYTES && !text.includes('\0') ? accept(text.replaceAll('\r\n', '\n')) : refuse(),
};

const group = 'Waiting and report';

export const reportRows = {
  timeout: defineRow(duration('10s', '24h'), {
    name: 'timeout',
    group,
    description:
      'Deadline for the whole step, including the wait for another run. A rollback gets the same time again.',
    default: '10m',
    commands: CLUSTER_COMMANDS,
  }),
  rollbackOnFailure: defineRow(boolean, {
    name: 'rollback-on-failure',
    group,
    description:
      'If the deployment fails, restore the last verified state. The rollback may take up to `timeout` again. The step still fails.',
    default: 'false',
    commands: DEPLOYING,
  }),
  smokeTest: defineOptionalRow(script, {
    name: 'smoke-test',
    group,
    description:
      'Script of bash (`-eo pipefail`) that runs when everything is verified, with a TLS connection to the servers: `NATS_URL`, `NATS_CA`, `NATS_USER`, `NATS_PASSWORD` and, unless `client-verify` is `none`, `NATS_CERT` and `NATS_KEY` (paths), as the `nats` command reads them. The step fails if the script exits with a code other than 0.',
    unset: 'no script',
    commands: [...DEPLOYING, 'rotate'],
  }),
  summary: defineRow(boolean, {
    name: 'summary',
    group,
    description: 'Write the job summary.',
    default: 'true',
    commands: COMMANDS,
  }),
} as const;

export function readRollback(valueOf: ValueOf) {
  return { rollbackOnFailure: valueOf(reportRows.rollbackOnFailure) } as const;
}

export function readSmokeTest(valueOf: ValueOf) {
  return { smokeTest: valueOf(reportRows.smokeTest) } as const;
}

export function readReport(valueOf: ValueOf) {
  return { timeoutMs: valueOf(reportRows.timeout), ...readSummary(valueOf) } as const;
}

export function readSummary(valueOf: ValueOf) {
  return { summary: valueOf(reportRows.summary) } as const;
}
