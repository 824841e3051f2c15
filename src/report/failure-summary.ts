import type { ActionError, InputViolation, ObjectProblem } from '../errors/action-error.ts';
import { block, code, EMPTY, fenced, joinMarkdown, type Markdown, md, table } from '../text/markdown.ts';
import { type Pair, renderMeshDiagram } from './mesh-diagram.ts';
import type { Phase } from './reports.ts';
import { renderPhases } from './tables.ts';

/** The report of a failed run; it contains no secret. */
export type FailureReport = {
  readonly error: ActionError;
  /** The run; undefined where the inputs could not be read. */
  readonly run:
    | {
        readonly command: string;
        /** The name; undefined when the run was about more than one deployment. */
        readonly name: string | undefined;
        /** The namespace; undefined for all namespaces. */
        readonly namespace: string | undefined;
        /** The Kubernetes cluster, and the source of the kubeconfig. */
        readonly cluster?: string;
        /** The phase in which the run ended. */
        readonly phase: string;
        readonly phases: readonly Phase[];
      }
    | undefined;
  /** The diagnosis; undefined where the cluster was not inspected. */
  readonly diagnosis: FailureDiagnosis | undefined;
};

export type FailureDiagnosis = {
  /** The reason of the root cause; undefined when none is known. */
  readonly reason: string | undefined;
  /** The root cause with its evidence and the next action. */
  readonly root: Markdown;
  /** Everything that was observed, folded. */
  readonly rest: Markdown;
  readonly servers: readonly string[];
  /** The observed pairs; servers that did not answer have no pairs. */
  readonly pairs: readonly Pair[];
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
  const whose = run?.name === undefined ? EMPTY : md`NATS cluster ${code(run.name)}: `;
  const isCancelled = error.code === 'CANCELLED';
  const parts = [
    md`## ${isCancelled ? '🚫' : '❌'} ${whose}${renderTitle(error)}\n`,
    md`**${isCancelled ? 'Stopped' : 'Cause'}:** ${renderText(selectMessage(error))}`,
    renderProblems(error),
    md`**Next:** ${renderText(error.hint)}`,
    renderEvidence(error),
    run === undefined
      ? EMPTY
      : md`${code(`command: ${run.command}`)} in ${renderPlace(run)}, ended in: ${run.phase}.\n`,
    run?.cluster === undefined ? EMPTY : md`${run.cluster}\n`,
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

/** Returns a text as Markdown. The lines after the first one keep their layout, for example a Role to apply. */
function renderText(text: string): Markdown {
  const [first = '', ...rest] = text.split('\n');
  const laidOut = rest.join('\n').trimEnd();
  return md`${first}\n${laidOut === '' ? EMPTY : md`\n${fenced('yaml', laidOut)}`}`;
}

/** Returns the message without the parts that the table below it repeats. */
function selectMessage({ message, details }: ActionError): string {
  if ('violations' in details) return message.split('\n')[0] ?? '';
  if (!('problems' in details) || details.problems.length < 2) return message;
  const said = details.problems.map((problem) => problem.message).join('; ');
  return message.replace(`${said}; `, '').replace(said, '') || `${details.problems.length} problems:`;
}

function renderProblems({ details }: ActionError): Markdown {
  if ('violations' in details) {
    const row = ({ input, message }: InputViolation) => [code(input), message];
    return table(['input', 'what is wrong'], details.violations.slice(0, MAX_PROBLEMS).map(row));
  }
  if (!('problems' in details) || details.problems.length < 2) return EMPTY;
  const row = ({ object, reason, message }: ObjectProblem) => [code(object), reason, message];
  const rows = details.problems.slice(0, MAX_PROBLEMS).map(row);
  const more = details.problems.length - rows.length;
  return md`${table(['where', 'reason', 'what'], rows)}${more > 0 ? md`\n${more} more are in report.json.\n` : EMPTY}`;
}

function evidenceOf({ details }: ActionError): readonly string[] {
  return 'evidence' in details ? (details.evidence ?? []) : [];
}

function renderEvidence(error: ActionError): Markdown {
  const evidence = evidenceOf(error).slice(0, MAX_EVIDENCE);
  return evidence.length === 0 ? EMPTY : md`**Evidence:**\n\n${block(evidence)}`;
}

function renderDiagnosis(error: ActionError, diagnosis: FailureDiagnosis): Markdown {
  // The root cause is already shown above with its evidence.
  const isTold = diagnosis.reason !== undefined && diagnosis.reason === error.reason && evidenceOf(error).length > 0;
  // A cancelled run need not have had a problem.
  const isAsked = error.code !== 'CANCELLED' || diagnosis.reason !== undefined;
  return md`### What was seen\n\n${isTold || !isAsked ? EMPTY : md`${diagnosis.root}\n`}${renderMesh(error, diagnosis)}${diagnosis.rest}`;
}

function renderMesh({ code }: ActionError, { servers, pairs }: FailureDiagnosis): Markdown {
  const isAbout = code === 'MESH_INCOMPLETE' || code === 'WAIT_TIMEOUT' || code === 'DRIFT';
  const isShown = isAbout && pairs.length > 0 && servers.length > 1 && servers.length <= MAX_DRAWN;
  return isShown ? md`${fenced('mermaid', renderMeshDiagram(servers, pairs))}\n` : EMPTY;
}

/** Returns report.json of a failed run. `errors.ts` defines the `details` of each code. */
export function renderFailureJson({ error, run, diagnosis }: FailureReport): string {
  const { code, reason, message, hint, details } = error;
  const result = code === 'CANCELLED' ? 'cancelled' : 'failed';
  const mesh = diagnosis && { servers: diagnosis.servers, pairs: diagnosis.pairs };
  return `${JSON.stringify({ result, error: { code, reason, message, hint, details }, ...run, ...mesh }, undefined, 2)}\n`;
}
