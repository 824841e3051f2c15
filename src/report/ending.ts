import type { ActionError } from '../errors.ts';
import type { OutputName } from '../inputs/outputs.ts';
import { connectionLines } from './connecting.ts';
import type { DeletionReport } from './deletion-report.ts';
import type { DeployReport } from './deploy-report.ts';
import { deployJson } from './json.ts';
import { code, type Markdown, md, table } from './markdown.ts';
import { meshText } from './mesh-table.ts';
import { deployOutputs } from './outputs.ts';
import { deploySummary, meshVerdictText } from './summary.ts';

/** All that a run which passed leaves behind. */
export type Ending = {
  /** What came of it, in a few words. */
  readonly verdict: string;
  /** Below the verdict. */
  readonly lines: readonly string[];
  readonly outputs: readonly (readonly [OutputName, string | number | boolean])[];
  readonly summary: Markdown;
  /** report.json */
  readonly json: string;
  /** What was left undone; the run fails with it, after all the rest is told. */
  readonly failure?: ActionError | undefined;
  /** Beside it. */
  readonly files?: readonly { readonly name: string; readonly text: string }[];
};

export function deployEnding(report: DeployReport, now: Date): Ending {
  return {
    verdict: `${report.name}: ${report.result}, ${meshVerdictText(report)}`,
    lines: [
      ...(report.level === 'mesh' ? meshText(report).map((line) => `  ${line}`) : []),
      `rotation phase ${report.rotationPhase}, next renewal due ${report.renewalDue.toISOString()}`,
      ...connectionLines(report),
      ...(report.expires === undefined
        ? []
        : [`a preview:      prune deletes it after ${report.expires.toISOString()}`]),
    ],
    outputs: deployOutputs(report),
    summary: deploySummary(report, now),
    json: deployJson(report),
  };
}

export function deletionEnding({ name, namespace, deleted, left }: DeletionReport): Ending {
  const result = deleted.length === 0 ? 'unchanged' : 'deleted';
  const said =
    deleted.length === 0 ? 'nothing to delete' : `deleted, ${deleted.length} object${deleted.length === 1 ? '' : 's'}`;
  const lines = left.map(({ object, why }) => `left: ${object}, as ${why}`);
  const rows = [
    ...deleted.map((object) => [object, 'deleted'] as const),
    ...left.map(({ object, why }) => [object, `left: ${why}`] as const),
  ].map(([object, became]) => [code(object), became]);
  const report = { result, changed: deleted.length > 0, name, namespace, deleted, left };
  return {
    verdict: `${name}: ${said}`,
    lines,
    outputs: [
      ['result', result],
      ['changed', deleted.length > 0],
      ['namespace', namespace],
      ['name', name],
    ],
    summary: md`## ✅ NATS cluster ${code(name)} in namespace ${code(namespace)}: ${said}\n\n${table(['object', ''], rows)}`,
    json: `${JSON.stringify(report, undefined, 2)}\n`,
  };
}
