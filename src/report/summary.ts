import { CONSEQUENCES } from '../change/input-change.ts';
import { certificateMarkdown } from './certificate-table.ts';
import { connectionMarkdown } from './connecting.ts';
import type { DeployReport } from './deploy-report.ts';
import { dateText, daysText, durationText } from './duration-text.ts';
import { cell, escaped, fenced, folded, table } from './markdown.ts';
import { meshDiagram } from './mesh-diagram.ts';
import { meshMarkdown } from './mesh-table.ts';
import { phaseMarkdown } from './phase-table.ts';

const OUTCOMES: Readonly<Record<DeployReport['result'], string>> = {
  deployed: 'deployed',
  unchanged: 'unchanged, and verified',
  rotated: 'rotated',
  rotating: 'is rotating',
  verified: 'verified',
};

/** A wider table is folded. */
const MOST_COLUMNS = 9;

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
  const { name, result, renewalDue } = report;
  return `## ✅ NATS cluster \`${name}\` ${OUTCOMES[result]}: ${meshVerdictText(report)}

${factsText(report)} Next renewal **${daysText(renewalDue, now)}** (${dateText(renewalDue)}).

### What changed

${changeMarkdown(report)}
${report.level === 'mesh' ? `### Mesh\n\n${meshPart(report)}\n` : ''}### Certificates

${certificateMarkdown(report, now)}
### Connect

${connectionMarkdown(report)}
${phaseMarkdown(report.phases)}`;
}

function factsText({
  level,
  readyReplicas,
  servers,
  namespace,
  image,
  versions,
  revision,
  phases,
}: DeployReport): string {
  const releases = versions.length === 0 ? '' : ` (nats-server ${versions.join(', ')})`;
  const ready = level === 'mesh' ? `${readyReplicas} of ${servers.length} servers ready` : 'The servers were not asked';
  const total = phases.reduce((sum, { ms }) => sum + ms, 0);
  return `${ready} in namespace \`${namespace}\`, after ${durationText(total)}: \`${image}\`${releases}, revision \`${revision}\`.`;
}

function changeMarkdown(report: DeployReport): string {
  const { inputChanges, changedObjects, reloaded, disconnected, issued, proofs, earlierProofs } = report;
  const rows = inputChanges.map(({ input, from, to, change }) => [
    `\`${input}\``,
    `${shown(from)} → ${shown(to)}`,
    `**${change}**: ${CONSEQUENCES[change]}`,
  ]);
  const isNothing = changedObjects.length === 0 && reloaded.length === 0;
  const list = (title: string, items: readonly string[]): string =>
    folded(`${title} (${items.length})`, items.map((item) => `- ${escaped(item)}\n`).join(''));
  return [
    isNothing ? 'Nothing was changed, no server reloaded or restarted.\n' : '',
    table(['input', 'before → now', 'what it did'], rows),
    '\n',
    list('Objects', changedObjects),
    list(`Servers reloaded, ${escaped(disconnected)}`, reloaded),
    list('Certificates issued', issued),
    list('Proved from outside', proofs),
    earlierProofs === undefined
      ? ''
      : `The servers were verified from outside at ${earlierProofs.at}, by ${escaped(earlierProofs.by)}.\n`,
  ].join('');
}

/** YAML of several lines says nothing in a cell. */
const SHOWN_LENGTH = 60;

function shown(text: string | undefined): string {
  if (text === undefined) return 'default';
  return text.length > SHOWN_LENGTH || text.includes('\n') ? '…' : `\`${cell(text)}\``;
}

function meshPart({ servers, pairs }: DeployReport): string {
  if (servers.length === 1) {
    return 'One server: there is nobody to connect to.\n';
  }
  const diagram = fenced('mermaid', meshDiagram(servers, pairs));
  const counts = `Connections that each server holds to each peer:\n\n${meshMarkdown({ servers, pairs })}\n`;
  return `${diagram}\n${servers.length < MOST_COLUMNS ? counts : folded('Connections, server by peer', counts)}`;
}
