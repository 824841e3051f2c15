import type { DeployReport } from './deploy-report.ts';
import type { FailureReport } from './failure-report.ts';

/** Returns report.json of a successful deployment: the whole report, with dates in RFC 3339 format. */
export function deployJson(report: DeployReport): string {
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

/** Returns report.json of a failed run. `errors.ts` defines the `details` of each code. */
export function failureJson({ error, run, diagnosis }: FailureReport): string {
  const { code, reason, message, hint, details } = error;
  const result = code === 'CANCELLED' ? 'cancelled' : 'failed';
  const mesh = diagnosis && { servers: diagnosis.servers, pairs: diagnosis.pairs };
  return `${JSON.stringify({ result, error: { code, reason, message, hint, details }, ...run, ...mesh }, undefined, 2)}\n`;
}
