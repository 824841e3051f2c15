import type { ActionError } from '../errors.ts';
import type { DeployReport } from './deploy-report.ts';

/** report.json of a deployment that passed: the whole report, dates as RFC 3339. */
export function deployJson(report: DeployReport): string {
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

/** report.json of a run that failed; what each code carries in `details` is in `errors.ts`. */
export function failureJson({ code, reason, message, hint, details }: ActionError): string {
  return `${JSON.stringify({ result: 'failed', error: { code, reason, message, hint, details } }, undefined, 2)}\n`;
}
