import { ActionError } from '../errors/action-error.ts';
import type { OutputName } from '../inputs/outputs.ts';
import { code, EMPTY, joinMarkdown, type Markdown, md, table } from '../text/markdown.ts';
import type { RunResult } from './ending.ts';
import { createPlainFailure, renderFailureSummary } from './failure-summary.ts';
import {
  listChangedNames,
  type PlanReport,
  renderDiffLines,
  renderFactLines,
  renderObjectLines,
  renderPlan,
  renderPlanVerdict,
} from './plan-summary.ts';
import type { PruneReport, RenderReport } from './reports.ts';

/** The maximum length of a plan in the job summary. It is below the runner's limit for a summary. */
const MAX_SUMMARY = 900_000;
/** The maximum length of `plan.md`. It is below GitHub's limit for a comment on a pull request. */
const MAX_COMMENT = 60_000;

export function buildPlanEnding(report: PlanReport): RunResult {
  return {
    verdict: `${report.name}: ${renderPlanVerdict(report)}`,
    lines: [...renderObjectLines(report).map((line) => `  ${line}`), ...renderFactLines(report)],
    outputs: buildPlanOutputs(report),
    summary: renderPlan(report, MAX_SUMMARY),
    json: `${JSON.stringify({ ...report, changedObjects: listChangedNames(report) }, undefined, 2)}\n`,
    files: [
      { name: 'plan.md', text: renderPlan(report, MAX_COMMENT).text },
      {
        name: 'plan.diff',
        text: renderDiffLines(report)
          .map((line) => `${line}\n`)
          .join(''),
      },
    ],
  };
}

/** Returns the outputs that are known before any certificate is issued. */
function buildPlanOutputs(report: PlanReport): readonly (readonly [OutputName, string | number | boolean])[] {
  const { running } = report;
  return [
    ['result', report.result],
    ['changed', report.changed],
    ['namespace', report.namespace],
    ['name', report.name],
    ['url', report.externalUrl ?? report.url],
    ['servers', JSON.stringify(report.servers)],
    ['ready-replicas', report.readyReplicas],
    ['client-secret', report.clientSecret],
    ['rotation-phase', report.rotationPhase],
    ['config-revision', report.configRevision],
    ...(running === undefined
      ? []
      : ([
          ['ca-bundle', running.clientTrust],
          ['certificate-not-after', running.certificateNotAfter.toISOString()],
          ['renewal-due', running.renewalDue.toISOString()],
          ['revision', running.revision],
        ] as const)),
  ];
}

export function buildPruneEnding(report: PruneReport): RunResult {
  const { namespace, pruned, staying, failed, namespaces, left } = report;
  const failure = createPruneFailure(report);
  const changed = pruned.length > 0 || namespaces.length > 0;
  const result = failure === undefined ? (changed ? 'pruned' : 'unchanged') : 'failed';
  const place = namespace === undefined ? 'all namespaces' : `namespace ${namespace}`;
  const failures = failed.length === 0 ? '' : `, ${failed.length} could not be deleted`;
  const counts = `${renderCount(pruned.length)} deleted, ${staying.length} kept${failures}`;
  const title =
    failure === undefined
      ? md`## ✅ Previews in ${place}: ${counts}`
      : renderFailureSummary(createPlainFailure(failure));
  const errors = failed.map(({ preview, error: { code, reason, message } }) => ({ preview, code, reason, message }));
  const { code, reason, message, hint, details } = failure ?? {};
  const error = failure && { code, reason, message, hint, details };
  const record = { result, error, changed, namespace, pruned, staying, failed: errors, namespaces, left };
  return {
    verdict: `prune: ${counts}`,
    lines: [
      ...staying.map(({ preview, why }) => `kept: ${preview}, because ${why}`),
      ...left.map(({ object, why }) => `left: ${object}, because ${why}`),
    ],
    outputs: [
      ['result', result],
      ['changed', changed],
      ...(namespace === undefined ? [] : [['namespace', namespace] as const]),
      ['pruned', JSON.stringify(pruned.map(({ preview }) => preview))],
    ],
    summary: md`${title}\n\n${renderOutcomes(report)}`,
    json: `${JSON.stringify(record, undefined, 2)}\n`,
    failure,
  };
}

function renderOutcomes({ pruned, staying, failed, namespaces, left }: PruneReport): Markdown {
  const rows = [
    ...failed.map(({ preview, error }) => [preview, `not deleted: ${error.message}`] as const),
    ...pruned.map(({ preview, why }) => [preview, `deleted, because ${why}`] as const),
    ...staying.map(({ preview, why }) => [preview, `kept, because ${why}`] as const),
    ...namespaces.map((object) => [object, 'deleted, because it holds no other preview'] as const),
    ...left.map(({ object, why }) => [object, `left, because ${why}`] as const),
  ];
  return table(
    ['object', 'result'],
    rows.map(([name, became]) => [code(name), became]),
  );
}

function renderCount(previews: number): string {
  return `${previews} preview${previews === 1 ? '' : 's'}`;
}

function createPruneFailure({ pruned, failed }: PruneReport): ActionError | undefined {
  const [first] = failed;
  if (first === undefined) return undefined;
  const problems = failed.map(({ preview, error: { code, reason, message } }) => ({
    object: preview,
    reason: reason ?? code,
    message: `${preview}: ${code}: ${message}`,
  }));
  const messages = problems.map(({ message }) => message).join('; ');
  const total = failed.length + pruned.length;
  const message = `${failed.length} of ${renderCount(total)} could not be deleted: ${messages}`;
  return new ActionError('PRUNE_INCOMPLETE', message, {
    reason: first.error.reason ?? first.error.code,
    hint: first.error.hint,
    details: { problems },
    cause: first.error,
  });
}

export function buildRenderingEnding(report: RenderReport): RunResult {
  const { name, namespace, format, folder, files, secretFiles, removed, kept, needed, notes } = report;
  const outcome = `rendered as ${format}, ${files.length} files${secretFiles.length > 0 ? ' with secrets' : ''}`;
  const rows = files.map((path) => [code(path), secretFiles.includes(path) ? 'secret' : '']);
  const below =
    needed.length === 0
      ? EMPTY
      : md`Also needed before you apply the files:\n\n${needed.map((line) => md`- ${line}\n`)}\n`;
  return {
    verdict: `${name}: ${outcome}`,
    lines: [
      ...files.map((path) => `wrote: ${path}`),
      ...removed.map((path) => `removed: ${path}, which an earlier rendering wrote`),
      ...kept.map((path) => `kept: ${path}, because its content is not what an earlier rendering wrote`),
      ...needed.map((line) => `needed: ${renderPlain(line)}`),
      ...notes.map((note) => `note: ${renderPlain(note)}`),
      `the files are in ${folder}; the next steps are in its README.md`,
    ],
    outputs: [
      ['result', 'rendered'],
      ['changed', false],
      ['namespace', namespace],
      ['url', report.url],
      ['servers', JSON.stringify(report.servers)],
      ['client-secret', report.clientSecret],
      ['config-revision', report.configRevision],
      ['files', JSON.stringify(files)],
    ],
    summary: joinMarkdown([
      md`## ✅ NATS cluster ${code(name)} for namespace ${code(namespace)}: ${outcome}\n\n`,
      below,
      ...notes.map((note) => md`${note}\n\n`),
      table(['file', ''], rows),
    ]),
    json: `${JSON.stringify({ result: 'rendered', changed: false, ...report }, undefined, 2)}\n`,
  };
}

/** Returns short Markdown as plain text for a log. It contains no markup except code spans. */
function renderPlain({ text }: Markdown): string {
  return text.replaceAll('`', '');
}
