import type { ActionError, InputViolation, ObjectProblem } from '../errors/action-error.ts';
import { block, code, countRepeats, EMPTY, fenced, joinMarkdown, type Markdown, md, table } from '../text/markdown.ts';
import { type RunOutcome, renderImpact, renderState, type ServerPod } from './failure-impact.ts';
import type { Phase } from './reports.ts';
import { type Pair, renderMeshDiagram, renderPhases } from './tables.ts';

/** The command of a run, and the NATS cluster that the command is for. */
export type RunPlace = {
  readonly command: string;
  /** The name of the NATS cluster; undefined when the command is for several of them, as `prune` is. */
  readonly name: string | undefined;
  /** The namespace; undefined for all namespaces. */
  readonly namespace: string | undefined;
};

/** The report of a failed run; it contains no secret. */
export type FailureReport = {
  readonly error: ActionError;
  /** The run; undefined if its inputs could not be read. */
  readonly run:
    | (RunPlace & {
        /** The Kubernetes cluster, and the source of the kubeconfig. */
        readonly cluster?: string;
        /** The phase in which the run ended. */
        readonly phase: string;
        readonly phases: readonly Phase[];
        /** The effect of the run. */
        readonly outcome: RunOutcome;
      })
    | undefined;
  /** The diagnosis; undefined if the NATS cluster was not inspected. */
  readonly diagnosis: FailureDiagnosis | undefined;
};

export type FailureDiagnosis = {
  /** The reason of the root cause; undefined when none is known. */
  readonly reason: string | undefined;
  /** The root cause with its evidence and the next action. */
  readonly root: Markdown;
  /** The mesh as a table, folded; empty when no server answered. */
  readonly mesh: Markdown;
  /** Everything else that was observed, folded. */
  readonly rest: Markdown;
  readonly servers: readonly string[];
  /** The connections from each server to each peer. A server that did not answer is missing. */
  readonly pairs: readonly Pair[];
  readonly pods: readonly ServerPod[];
};

/** Returns the report of a run that did not inspect the cluster. */
export function createPlainFailure(error: ActionError): FailureReport {
  return { error, run: undefined, diagnosis: undefined };
}

const MAX_PROBLEMS = 30;
/** The largest number of evidence lines; more would hide the next action. */
const MAX_EVIDENCE = 15;
/** The largest mesh that is drawn. The diagram of a larger mesh that lacks nearly every route is not readable. */
const MAX_DRAWN = 9;

/** Builds the job summary of a failed run: root cause, next action and evidence first, then the observations. */
export function renderFailureSummary({ error, run, diagnosis }: FailureReport): Markdown {
  const subject = run?.name === undefined ? EMPTY : md`NATS cluster ${code(run.name)}: `;
  const isCancelled = error.code === 'CANCELLED';
  const parts = [
    md`## ${isCancelled ? '🚫' : '❌'} ${subject}${renderTitle(error)}\n`,
    md`**${isCancelled ? 'Stopped' : 'Cause'}:** ${renderText(selectMessage(error))}`,
    renderCulprit(error),
    renderProblems(error),
    isCancelled ? renderState(run?.outcome, diagnosis?.pods) : renderImpact(run, diagnosis),
    renderNext(error.hint),
    renderEvidence(error),
    run === undefined ? EMPTY : md`${code(`command: ${run.command}`)} in ${renderPlace(run)}. ${run.outcome.end}\n`,
    run?.cluster === undefined ? EMPTY : md`${run.cluster}\n`,
    md`See ${code(errorPage(error))}.\n`,
    diagnosis === undefined ? EMPTY : renderDiagnosis(error, diagnosis),
    run === undefined ? EMPTY : renderPhases(run.phases),
  ];
  return joinMarkdown(
    parts.filter(({ isEmpty }) => !isEmpty),
    '\n',
  );
}

function renderPlace({ namespace }: NonNullable<FailureReport['run']>): Markdown {
  return namespace === undefined ? md`all namespaces` : md`namespace ${code(namespace)}`;
}

/** Returns `CODE` or `CODE (Reason)`. The annotation has the same title. */
export function renderTitle({ code, reason }: ActionError): string {
  return reason === undefined ? code : `${code} (${reason})`;
}

/** Returns the text of the annotation: the cause, the next action, the page of the error, and the NATS cluster. */
export function renderAnnotation(error: ActionError, place: RunPlace | undefined): string {
  const lines = [error.message, error.hint, `See ${errorPage(error)}`];
  return [...lines, ...(place === undefined ? [] : [describePlace(place)])].join('\n');
}

/** Names the NATS cluster of a run in plain text, for example `NATS cluster nats in namespace messaging`. */
export function describePlace({ name, namespace }: RunPlace): string {
  const subject = name === undefined ? 'previews' : `NATS cluster ${name}`;
  return `${subject} in ${namespace === undefined ? 'all namespaces' : `namespace ${namespace}`}`;
}

/** Returns the link to the explanation of the reason, or of the error code if the reason may come from Kubernetes. */
export function errorPage({ code, reason }: Pick<ActionError, 'code' | 'reason'>): string {
  const isOurs = reason !== undefined && code !== 'APPLY_REJECTED';
  const word = isOurs ? reason.replace(/^Http\d+$/, 'httpstatus').toLowerCase() : code.toLowerCase();
  return `docs/errors.md#${isOurs ? 'reason-' : ''}${word}`;
}

/** Returns a text as Markdown. The lines after the first one keep their layout, for example a Role to apply. */
function renderText(text: string): Markdown {
  const [first = '', ...rest] = text.split('\n');
  const laidOut = rest.join('\n').trimEnd();
  return md`${first}\n${laidOut === '' ? EMPTY : md`\n${fenced('yaml', laidOut)}`}`;
}

/** The first word of a sentence that explains something. Other sentences of a hint are instructions. */
const EXPLANATION = /^(?:All|An?|Each|Every|It|No|Nothing|Otherwise|Some|That|The|These|They|This)\b/;

/** Returns the next action. Several instructions become numbered steps. */
function renderNext(hint: string): Markdown {
  const sentences = hint.split(/(?<=[.!?]) (?=[A-Z\x60])/);
  const first = sentences.findIndex((sentence) => !EXPLANATION.test(sentence));
  const steps: string[] = [];
  for (const sentence of sentences.slice(Math.max(0, first))) {
    if (steps.length > 0 && EXPLANATION.test(sentence)) steps.push(`${steps.pop() ?? ''} ${sentence}`);
    else steps.push(sentence);
  }
  if (hint.includes('\n') || steps.length < 2) return md`**Next:** ${renderText(hint)}`;
  const before = sentences.slice(0, first).join(' ');
  const list = joinMarkdown(steps.map((step, index) => md`${index + 1}. ${step}\n`));
  return md`**Next:**${before === '' ? '' : ` ${before}`}\n\n${list}`;
}

/** Returns the message without the parts that the table below it repeats. */
function selectMessage({ message, details }: ActionError): string {
  if ('violations' in details) return message.split('\n')[0] ?? '';
  if (!('problems' in details) || details.problems.length < 2) return message;
  const repeated = details.problems.map((problem) => problem.message).join('; ');
  return message.replace(`${repeated}; `, '').replace(repeated, '') || `${details.problems.length} problems:`;
}

/** Returns the object of the only problem, unless the message names it. */
function renderCulprit({ message, details }: ActionError): Markdown {
  const [problem, ...others] = 'problems' in details ? details.problems : [];
  if (problem === undefined || others.length > 0) return EMPTY;
  return message.includes(problem.object.replace(/^\w+\//, '')) ? EMPTY : md`**Where:** ${code(problem.object)}\n`;
}

function renderProblems({ details }: ActionError): Markdown {
  if ('violations' in details) {
    const row = ({ input, message }: InputViolation) => [code(input), message];
    return table(['input', 'problem'], details.violations.slice(0, MAX_PROBLEMS).map(row));
  }
  if (!('problems' in details) || details.problems.length < 2) return EMPTY;
  const row = ({ object, reason, message }: ObjectProblem) => [code(object), reason, message];
  const rows = details.problems.slice(0, MAX_PROBLEMS).map(row);
  const more = details.problems.length - rows.length;
  return md`${table(['object', 'reason', 'problem'], rows)}${more > 0 ? md`\n${more} more problems are in ${code('report.json')}.\n` : EMPTY}`;
}

const evidenceOf = ({ details }: ActionError) => ('evidence' in details ? (details.evidence ?? []) : []);

function renderEvidence(error: ActionError): Markdown {
  const evidence = evidenceOf(error).slice(0, MAX_EVIDENCE);
  return evidence.length === 0 ? EMPTY : md`**Evidence:**\n\n${block(countRepeats(evidence))}`;
}

function renderDiagnosis(error: ActionError, diagnosis: FailureDiagnosis): Markdown {
  // The root cause is already shown above with its evidence.
  const isSame = diagnosis.reason !== undefined && diagnosis.reason === error.reason;
  const isShownAbove = isSame && evidenceOf(error).length > 0;
  // A cancelled run may have had no problem to explain.
  const isRelevant = error.code !== 'CANCELLED' || diagnosis.reason !== undefined;
  const root = isShownAbove || !isRelevant ? EMPTY : md`${diagnosis.root}\n`;
  const mesh = renderMesh(error, diagnosis);
  const title = root.isEmpty && mesh.isEmpty ? md`### Details` : md`### Diagnosis`;
  return md`${title}\n\n${root}${mesh.isEmpty && !diagnosis.mesh.isEmpty ? md`${diagnosis.mesh}\n` : mesh}${diagnosis.rest}`;
}

function renderMesh({ code }: ActionError, { servers, pairs }: FailureDiagnosis): Markdown {
  const isAbout = code === 'MESH_INCOMPLETE' || code === 'WAIT_TIMEOUT' || code === 'DRIFT';
  const isShown = isAbout && pairs.length > 0 && servers.length > 1 && servers.length <= MAX_DRAWN;
  return isShown ? md`${fenced('mermaid', renderMeshDiagram(servers, pairs))}\n` : EMPTY;
}

/** Returns report.json of a failed run. `ErrorDetails` defines the `details` of each code. */
export function renderFailureJson({ error, run, diagnosis }: FailureReport): string {
  const { code, reason, message, hint, details } = error;
  const result = code === 'CANCELLED' ? 'cancelled' : 'failed';
  const mesh = diagnosis && { servers: diagnosis.servers, pairs: diagnosis.pairs };
  const { outcome, ...facts } = run ?? {};
  const impact = outcome && { changedObjects: outcome.changed, lastVerified: outcome.verified };
  const report = { result, error: { code, reason, message, hint, details }, ...facts, ...impact, ...mesh };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}
