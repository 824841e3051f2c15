import { boolean } from '../choice.ts';
import { duration } from '../duration.ts';
import { COMMANDS, defaulted, type ValueOf } from '../row.ts';

const group = 'Waiting and report';

export const reportRows = {
  timeout: defaulted(duration('10s', '24h'), {
    name: 'timeout',
    group,
    description: 'One deadline for everything, waiting for another run included.',
    default: '10m',
    commands: COMMANDS,
  }),
  rollbackOnFailure: defaulted(boolean, {
    name: 'rollback-on-failure',
    group,
    description:
      'When the deployment fails, bring back what was proved last, in as much time again; the step fails all the same.',
    default: 'false',
    commands: ['deploy'],
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

export function readReport(valueOf: ValueOf) {
  return { timeoutMs: valueOf(reportRows.timeout), summary: valueOf(reportRows.summary) } as const;
}
