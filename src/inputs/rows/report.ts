import { boolean } from '../grammar/choice.ts';
import { duration } from '../grammar/duration.ts';
import {
  accepted,
  CLUSTER_COMMANDS,
  COMMANDS,
  DEPLOYING,
  defaulted,
  type Grammar,
  optional,
  refused,
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
    Buffer.byteLength(text) <= MAX_BYTES && !text.includes('\0') ? accepted(text.replaceAll('\r\n', '\n')) : refused(),
};

const group = 'Waiting and report';

export const reportRows = {
  timeout: defaulted(duration('10s', '24h'), {
    name: 'timeout',
    group,
    description: 'Deadline of the whole run, including the wait for another run.',
    default: '10m',
    commands: CLUSTER_COMMANDS,
  }),
  rollbackOnFailure: defaulted(boolean, {
    name: 'rollback-on-failure',
    group,
    description:
      'If the deployment fails, roll back to the last verified state. The rollback may take up to `timeout` again. The step still fails.',
    default: 'false',
    commands: DEPLOYING,
  }),
  smokeTest: optional(script, {
    name: 'smoke-test',
    group,
    description:
      'Bash script (`-eo pipefail`) that runs after all checks have passed. It gets `NATS_URL`, `NATS_CA`, `NATS_USER`, `NATS_PASSWORD` and, unless `client-verify` is `none`, `NATS_CERT` and `NATS_KEY`, as the `nats` command reads them; the connection leads through the runner to the servers. The step fails if the script exits with another code than 0.',
    commands: [...DEPLOYING, 'rotate'],
  }),
  summary: defaulted(boolean, {
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
