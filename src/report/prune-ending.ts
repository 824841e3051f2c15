import { ActionError } from '../errors.ts';
import type { Ending } from './ending.ts';
import { plainFailure } from './failure-report.ts';
import { failureSummary } from './failure-summary.ts';
import { code, type Markdown, md, table } from './markdown.ts';
import type { PruneReport } from './prune-report.ts';

export function pruneEnding(report: PruneReport): Ending {
  const { namespace, pruned, staying, failed, namespaces, left } = report;
  const failure = pruneFailure(report);
  const changed = pruned.length > 0 || namespaces.length > 0;
  const result = failure === undefined ? (changed ? 'pruned' : 'unchanged') : 'failed';
  const place = namespace === undefined ? 'all namespaces' : `namespace ${namespace}`;
  const undone = failed.length === 0 ? '' : `, ${failed.length} could not be deleted`;
  const said = `${count(pruned.length)} deleted, ${staying.length} stay${undone}`;
  const title = failure === undefined ? md`## ✅ Previews in ${place}: ${said}` : failureSummary(plainFailure(failure));
  const errors = failed.map(({ preview, error: { code, reason, message } }) => ({ preview, code, reason, message }));
  const { code, reason, message, hint, details } = failure ?? {};
  const error = failure && { code, reason, message, hint, details };
  const told = { result, error, changed, namespace, pruned, staying, failed: errors, namespaces, left };
  return {
    verdict: `prune: ${said}`,
    lines: [
      ...staying.map(({ preview, why }) => `stays: ${preview}, as ${why}`),
      ...left.map(({ object, why }) => `left: ${object}, because ${why}`),
    ],
    outputs: [
      ['result', result],
      ['changed', changed],
      ...(namespace === undefined ? [] : [['namespace', namespace] as const]),
      ['pruned', JSON.stringify(pruned.map(({ preview }) => preview))],
    ],
    summary: md`${title}\n\n${outcomes(report)}`,
    json: `${JSON.stringify(told, undefined, 2)}\n`,
    failure,
  };
}

function outcomes({ pruned, staying, failed, namespaces, left }: PruneReport): Markdown {
  const rows = [
    ...failed.map(({ preview, error }) => [preview, `not deleted: ${error.message}`] as const),
    ...pruned.map(({ preview, why }) => [preview, `deleted, as ${why}`] as const),
    ...staying.map(({ preview, why }) => [preview, `stays, as ${why}`] as const),
    ...namespaces.map((object) => [object, 'deleted with its last preview'] as const),
    ...left.map(({ object, why }) => [object, `left, as ${why}`] as const),
  ];
  return table(
    ['preview', ''],
    rows.map(([name, became]) => [code(name), became]),
  );
}

function count(previews: number): string {
  return `${previews} preview${previews === 1 ? '' : 's'}`;
}

function pruneFailure({ pruned, failed }: PruneReport): ActionError | undefined {
  const [first] = failed;
  if (first === undefined) return undefined;
  const problems = failed.map(({ preview, error: { code, reason, message } }) => ({
    object: preview,
    reason: reason ?? code,
    message: `${preview}: ${code}: ${message}`,
  }));
  const said = problems.map(({ message }) => message).join('; ');
  const message = `${count(failed.length)} could not be deleted, ${pruned.length} others were: ${said}`;
  return new ActionError('PRUNE_INCOMPLETE', message, {
    reason: first.error.reason ?? first.error.code,
    hint: first.error.hint,
    details: { problems },
    cause: first.error,
  });
}
