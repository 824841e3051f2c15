import type { ActionError } from '../errors.ts';
import type { DeployReport } from './deploy-report.ts';
import { meshMarkdown } from './mesh-table.ts';

const DAY_MS = 24 * 60 * 60_000;

const OUTCOMES: Readonly<Record<DeployReport['result'], string>> = {
  deployed: 'deployed',
  unchanged: 'unchanged, and verified',
  rotated: 'rotated',
  rotating: 'is rotating',
  verified: 'verified',
};

/** What is known of the mesh, in a few words. */
export function meshVerdictText({ servers, level, metaLeader }: DeployReport): string {
  if (level === 'objects') {
    return 'objects as deployed, the mesh was not looked at';
  }
  const { length } = servers;
  const mesh = length === 1 ? 'one server, no routes expected' : `${length} × ${length} mesh complete`;
  return metaLeader === undefined ? mesh : `${mesh}, JetStream led by ${metaLeader}`;
}

/** The job summary of a deployment that passed: the verdict first, then what backs it, then how to connect. */
export function deploySummary(report: DeployReport, now: Date): string {
  const { name, namespace } = report;
  return `## ✅ NATS cluster \`${name}\` ${OUTCOMES[report.result]}: ${meshVerdictText(report)}

Namespace \`${namespace}\`, image \`${report.image}\`${releases(report)}, revision \`${report.revision}\`.

${report.level === 'mesh' ? `Connections each server holds to each peer:\n\n${meshMarkdown(report)}\n` : ''}
| certificates | |
| --- | --- |
| first expiry | ${report.certificateNotAfter.toISOString()} (${daysLeft(report.certificateNotAfter, now)}) |
| rotation phase | ${report.rotationPhase} |
| next renewal due | ${report.renewalDue.toISOString()} (${daysLeft(report.renewalDue, now)}) |

${changes(report)}
${connecting(report)}`;
}

/** The job summary of a run that failed: cause, evidence, next action. */
export function failureSummary(error: ActionError): string {
  const title = error.reason === undefined ? error.code : `${error.code} (${error.reason})`;
  return `## ❌ ${title}

${error.message}

**Next:** ${error.hint}
`;
}

/** How an application connects, for the log as well. */
export function connectionLines(report: DeployReport): readonly string[] {
  return [
    `in the cluster: ${report.url}, user, password and ca.crt from Secret ${report.clientSecret} in namespace ${report.namespace}`,
    ...(report.externalUrl === undefined
      ? []
      : [`from outside:   ${report.externalUrl}, with the same user and ca.crt`]),
    `from here:      kubectl --namespace ${report.namespace} port-forward service/${report.name} 4222:4222, then tls://localhost:4222`,
  ];
}

/** What the servers say they run, when they were asked. */
function releases({ versions }: DeployReport): string {
  return versions.length === 0 ? '' : ` (nats-server ${versions.join(', ')})`;
}

function changes({ changedObjects, reloaded, issued, proofs }: DeployReport): string {
  if (changedObjects.length === 0 && reloaded.length === 0) {
    return 'Nothing was changed, no server reloaded or restarted.\n';
  }
  const list = (title: string, items: readonly string[]): string =>
    items.length === 0
      ? ''
      : `<details><summary>${title} (${items.length})</summary>\n\n${items.map((item) => `- ${item}`).join('\n')}\n\n</details>\n`;
  return [
    list('Objects changed', changedObjects),
    list('Servers reloaded, no client disconnected', reloaded),
    list('Certificates issued', issued),
    list('Proved from outside', proofs),
  ].join('');
}

function connecting({ clientSecret }: DeployReport): string {
  return `### Connect

\`\`\`yaml
env:
  - name: NATS_URL
    valueFrom: { secretKeyRef: { name: ${clientSecret}, key: url } }
  - name: NATS_USER
    valueFrom: { secretKeyRef: { name: ${clientSecret}, key: username } }
  - name: NATS_PASSWORD
    valueFrom: { secretKeyRef: { name: ${clientSecret}, key: password } }
volumes:
  - name: nats-ca # mount it; the client trusts its ca.crt
    secret: { secretName: ${clientSecret}, items: [{ key: ca.crt, path: ca.crt }] }
\`\`\`
`;
}

function daysLeft(date: Date, now: Date): string {
  const days = Math.floor((date.getTime() - now.getTime()) / DAY_MS);
  return days < 0 ? `${-days} days ago` : `in ${days} days`;
}
