import type { OutputName } from '../inputs/outputs.ts';
import type { DeployReport } from './deploy-report.ts';

/** Returns the outputs of the step. */
export function deployOutputs(report: DeployReport): readonly (readonly [OutputName, string | number | boolean])[] {
  return [
    ['result', report.result],
    ['changed', report.changed],
    ['namespace', report.namespace],
    ['name', report.name],
    ...(report.expires === undefined ? [] : [['expires', report.expires.toISOString()] as const]),
    ['url', report.externalUrl ?? report.url],
    ['servers', JSON.stringify(report.servers)],
    ['ready-replicas', report.readyReplicas],
    ['routes', JSON.stringify(routeMatrix(report))],
    ['ca-certificate', report.clientTrust],
    ['client-secret', report.clientSecret],
    ['cert-not-after', report.certificateNotAfter.toISOString()],
    ['renewal-due', report.renewalDue.toISOString()],
    ['rotation-phase', report.rotationPhase],
    ['revision', report.revision],
    ['config-revision', report.configRevision],
  ];
}

/** Returns the number of connections by server, then by peer. */
function routeMatrix({ servers, pairs }: DeployReport): Readonly<Record<string, Readonly<Record<string, number>>>> {
  return Object.fromEntries(
    servers.map((server) => [
      server,
      Object.fromEntries(pairs.filter(({ from }) => from === server).map(({ to, connections }) => [to, connections])),
    ]),
  );
}
