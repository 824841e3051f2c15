import type { ActionError } from '../errors/action-error.ts';
import type { OutputName } from '../inputs/outputs.ts';
import { formatDate } from '../text/duration-text.ts';
import { code, type Markdown, md, table } from '../text/markdown.ts';
import { renderConnectionLines } from './connecting.ts';
import type { DeletionReport, DeployReport } from './reports.ts';
import { renderDeploySummary, renderMeshVerdict } from './summary.ts';
import { renderMeshText } from './tables.ts';

/** Returns report.json of a successful deployment: the whole report, with dates in RFC 3339 format. */
export function renderDeployJson(report: DeployReport): string {
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

/** Returns the outputs of the step. */
export function buildDeployOutputs(
  report: DeployReport,
): readonly (readonly [OutputName, string | number | boolean])[] {
  return [
    ['result', report.result],
    ['changed', report.changed],
    ['namespace', report.namespace],
    ['name', report.name],
    ...(report.expires === undefined ? [] : [['expires', report.expires.toISOString()] as const]),
    ['url', report.externalUrl ?? report.url],
    ['servers', JSON.stringify(report.servers)],
    ['ready-replicas', report.readyReplicas],
    ['routes', JSON.stringify(buildRouteMatrix(report))],
    ['ca-bundle', report.clientTrust],
    ['client-secret', report.clientSecret],
    ['certificate-not-after', report.certificateNotAfter.toISOString()],
    ['renewal-due', report.renewalDue.toISOString()],
    ['rotation-phase', report.rotationPhase],
    ['revision', report.revision],
    ['config-revision', report.configRevision],
  ];
}

/** Returns the number of connections by server, then by peer. */
function buildRouteMatrix({
  servers,
  pairs,
}: DeployReport): Readonly<Record<string, Readonly<Record<string, number>>>> {
  return Object.fromEntries(
    servers.map((server) => [
      server,
      Object.fromEntries(pairs.filter(({ from }) => from === server).map(({ to, connections }) => [to, connections])),
    ]),
  );
}

/** Everything that a successful run leaves behind. */
export type RunResult = {
  /** The result in a few words. */
  readonly verdict: string;
  /** The lines below the verdict. */
  readonly lines: readonly string[];
  readonly outputs: readonly (readonly [OutputName, string | number | boolean])[];
  readonly summary: Markdown;
  /** The content of report.json. */
  readonly json: string;
  /**
   * The error of a run that could do only a part of its work. The run reports the rest first, then fails with this
   * error.
   */
  readonly failure?: ActionError | undefined;
  /** The files next to report.json. */
  readonly files?: readonly { readonly name: string; readonly text: string }[];
};

/** Adds the line about the Kubernetes cluster to the job summary. */
export function addCluster(ending: RunResult, cluster: string): RunResult {
  return { ...ending, summary: md`${ending.summary}\n${cluster}\n` };
}

export function buildDeployEnding(report: DeployReport, now: Date): RunResult {
  return {
    verdict: `${report.name}: ${report.result}, ${renderMeshVerdict(report)}`,
    lines: [
      ...(report.level === 'mesh' ? renderMeshText(report).map((line) => `  ${line}`) : []),
      `rotation phase ${report.rotationPhase}, next renewal due ${formatDate(report.renewalDue)}`,
      ...renderProofLines(report),
      ...renderConnectionLines(report),
      ...(report.expires === undefined
        ? []
        : [`preview:        \`prune\` deletes this cluster after ${formatDate(report.expires)}`]),
    ],
    outputs: buildDeployOutputs(report),
    summary: renderDeploySummary(report, now),
    json: renderDeployJson(report),
  };
}

/** Returns the lines about the checks from outside, made by this run or by an earlier one. */
function renderProofLines({ proofs, earlierProofs }: DeployReport): readonly string[] {
  if (earlierProofs !== undefined)
    return [`verified from outside at ${formatDate(new Date(earlierProofs.at))} by ${earlierProofs.by}`];
  return proofs.length === 0 ? [] : [`verified from outside: ${proofs.length} checks (report.json lists them)`];
}

export function buildDeletionEnding({ name, namespace, deleted, left }: DeletionReport): RunResult {
  const result = deleted.length === 0 ? 'unchanged' : 'deleted';
  const outcome =
    deleted.length === 0 ? 'nothing to delete' : `deleted, ${deleted.length} object${deleted.length === 1 ? '' : 's'}`;
  const lines = left.map(({ object, why }) => `left: ${object}, because ${why}`);
  const rows = [
    ...deleted.map((object) => [object, 'deleted'] as const),
    ...left.map(({ object, why }) => [object, `left: ${why}`] as const),
  ].map(([object, became]) => [code(object), became]);
  const report = { result, changed: deleted.length > 0, name, namespace, deleted, left };
  return {
    verdict: `${name}: ${outcome}`,
    lines,
    outputs: [
      ['result', result],
      ['changed', deleted.length > 0],
      ['namespace', namespace],
      ['name', name],
    ],
    summary: md`## ✅ NATS cluster ${code(name)} in namespace ${code(namespace)}: ${outcome}\n\n${table(['object', 'result'], rows)}`,
    json: `${JSON.stringify(report, undefined, 2)}\n`,
  };
}
