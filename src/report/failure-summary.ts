import type { ActionError, InputViolation, ObjectProblem } from '../errors.ts';
import type { FailureDiagnosis, FailureReport } from './failure-report.ts';
import { block, cell, escaped, fenced, table } from './markdown.ts';
import { meshDiagram } from './mesh-diagram.ts';
import { phaseMarkdown } from './phase-table.ts';

const MOST_PROBLEMS = 30;
/** More would hide the next action. */
const MOST_EVIDENCE = 15;
/** A larger mesh that misses nearly everything is no picture. */
const MOST_DRAWN = 9;

/** The job summary of a run that did not pass: root cause, next action and evidence first, then what was seen. */
export function failureSummary({ error, run, diagnosis }: FailureReport): string {
  const whose = run?.name === undefined ? '' : `NATS cluster \`${run.name}\`: `;
  const isCancelled = error.code === 'CANCELLED';
  const parts = [
    `## ${isCancelled ? '🚫' : '❌'} ${whose}${titleOf(error)}\n`,
    `**${isCancelled ? 'Stopped' : 'Cause'}:** ${textMarkdown(messageOf(error))}`,
    problemTable(error),
    `**Next:** ${textMarkdown(error.hint)}`,
    evidenceMarkdown(error),
    run === undefined ? '' : `\`command: ${run.command}\` in ${placeText(run)}, ended in: ${run.phase}.\n`,
    run?.cluster === undefined ? '' : `${escaped(run.cluster)}\n`,
    diagnosis === undefined ? '' : diagnosisMarkdown(error, diagnosis),
    run === undefined ? '' : phaseMarkdown(run.phases),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function placeText({ namespace }: NonNullable<FailureReport['run']>): string {
  return namespace === undefined ? 'all namespaces' : `namespace \`${namespace}\``;
}

/** `CODE`, or `CODE (Reason)`; also that of the annotation. */
export function titleOf({ code, reason }: ActionError): string {
  return reason === undefined ? code : `${code} (${reason})`;
}

/** Text of several lines is laid out by its author, a Role to apply for example. */
function textMarkdown(text: string): string {
  const [first = '', ...rest] = text.split('\n');
  const laidOut = rest.join('\n').trimEnd();
  return `${escaped(first)}\n${laidOut === '' ? '' : `\n${fenced('yaml', laidOut.replaceAll('```', "'''"))}`}`;
}

/** Without what the table below it says. */
function messageOf({ message, details }: ActionError): string {
  if ('violations' in details) return message.split('\n')[0] ?? '';
  if (!('problems' in details) || details.problems.length < 2) return message;
  const said = details.problems.map((problem) => problem.message).join('; ');
  return message.replace(`${said}; `, '').replace(said, '') || `${details.problems.length} problems:`;
}

function problemTable({ details }: ActionError): string {
  if ('violations' in details) {
    const row = ({ input, message }: InputViolation) => [`\`${cell(input)}\``, cell(message)];
    return table(['input', 'what is wrong'], details.violations.slice(0, MOST_PROBLEMS).map(row));
  }
  if (!('problems' in details) || details.problems.length < 2) return '';
  const row = ({ object, reason, message }: ObjectProblem) => [`\`${cell(object)}\``, cell(reason), cell(message)];
  const rows = details.problems.slice(0, MOST_PROBLEMS).map(row);
  const more = details.problems.length - rows.length;
  return `${table(['where', 'reason', 'what'], rows)}${more > 0 ? `\n${more} more are in report.json.\n` : ''}`;
}

function evidenceOf({ details }: ActionError): readonly string[] {
  return 'evidence' in details ? (details.evidence ?? []) : [];
}

function evidenceMarkdown(error: ActionError): string {
  const evidence = evidenceOf(error).slice(0, MOST_EVIDENCE);
  return evidence.length === 0 ? '' : `**Evidence:**\n\n${block(evidence)}`;
}

function diagnosisMarkdown(error: ActionError, diagnosis: FailureDiagnosis): string {
  // Told above with its evidence.
  const isTold = diagnosis.reason !== undefined && diagnosis.reason === error.reason && evidenceOf(error).length > 0;
  // Whoever was stopped need not have been in the way of anything.
  const isAsked = error.code !== 'CANCELLED' || diagnosis.reason !== undefined;
  return `### What was seen\n\n${isTold || !isAsked ? '' : `${diagnosis.root}\n`}${meshPart(error, diagnosis)}${diagnosis.rest}`;
}

function meshPart({ code }: ActionError, { servers, pairs }: FailureDiagnosis): string {
  const isAbout = code === 'MESH_INCOMPLETE' || code === 'WAIT_TIMEOUT' || code === 'DRIFT';
  const isShown = isAbout && pairs.length > 0 && servers.length > 1 && servers.length <= MOST_DRAWN;
  return isShown ? `${fenced('mermaid', meshDiagram(servers, pairs))}\n` : '';
}
