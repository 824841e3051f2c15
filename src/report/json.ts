import type { DeployReport } from './deploy-report.ts';
import type { FailureReport } from './failure-report.ts';

/** report.json of a deployment that passed: the whole report, dates as RFC 3339. */
export function deployJson(report: DeployReport): string {
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

/** report.json of a run that did not pass; what each code carries in `details` is in `errors.ts`. */
export function failureJson({ error, run, diagnosis }: FailureReport): string {
  const { code, reason, message, hint, details } = error;
  const result = code === 'CANCELLED' ? 'cancelled' : 'failed';
  const mesh = diagnosis && { servers: diagnosis.servers, pairs: diagnosis.pairs };
  return `${JSON.stringify({ result, error: { code, reason, message, hint, details }, ...run, ...mesh }, undefined, 2)}\n`;
}
