/** The progress of a run, by its effect on the cluster. */
export type Stage = 'preflight' | 'lock' | 'apply' | 'wait' | 'prove' | 'smoke-test' | 'delete' | 'rollback';

/** Returns the title of the log section of a stage; undefined for lines that every reader should see. */
export function titleSection(stage: Stage): string | undefined {
  switch (stage) {
    case 'preflight':
    case 'lock':
    case 'delete':
    case 'rollback':
      return undefined;
    case 'apply':
      return 'apply';
    case 'wait':
      return 'wait for the servers';
    case 'prove':
      return 'security checks';
    case 'smoke-test':
      return 'smoke test';
  }
}

const PHASES: Readonly<Record<Stage, string>> = {
  preflight: 'preflight',
  lock: 'wait for the lock',
  apply: 'apply',
  wait: 'wait for the servers',
  prove: 'security checks',
  'smoke-test': 'smoke test',
  delete: 'delete',
  rollback: 'roll back',
};

/** Returns the name of a stage in the report. */
export function namePhase(stage: Stage): string {
  return PHASES[stage];
}
