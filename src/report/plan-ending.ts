import type { OutputName } from '../inputs/outputs.ts';
import type { Ending } from './ending.ts';
import { changedNames, type PlanReport } from './plan-report.ts';
import { diffLines, factLines, objectLines, planMarkdown, planVerdictText } from './plan-summary.ts';

/** A length below the runner's limit for a summary, with space for the summaries of other steps of the job. */
const MOST_SUMMARY = 900_000;
/** A length below GitHub's limit for a comment on a pull request. */
const MOST_COMMENT = 60_000;

export function planEnding(report: PlanReport): Ending {
  return {
    verdict: `${report.name}: ${planVerdictText(report)}`,
    lines: [...objectLines(report).map((line) => `  ${line}`), ...factLines(report)],
    outputs: planOutputs(report),
    summary: planMarkdown(report, MOST_SUMMARY),
    json: `${JSON.stringify({ ...report, changedObjects: changedNames(report) }, undefined, 2)}\n`,
    files: [
      { name: 'plan.md', text: planMarkdown(report, MOST_COMMENT).text },
      {
        name: 'plan.diff',
        text: diffLines(report)
          .map((line) => `${line}\n`)
          .join(''),
      },
    ],
  };
}

/** Returns the outputs that are known before any certificate is issued. */
function planOutputs(report: PlanReport): readonly (readonly [OutputName, string | number | boolean])[] {
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
          ['ca-certificate', running.clientTrust],
          ['cert-not-after', running.certificateNotAfter.toISOString()],
          ['renewal-due', running.renewalDue.toISOString()],
          ['revision', running.revision],
        ] as const)),
  ];
}
