import { CONSEQUENCES, shortenText, UNSHOWN_TEXT } from '../change/input-change.ts';
import { formatDate, formatDistance, formatElapsed } from '../text/duration-text.ts';
import { code, EMPTY, fenced, folded, joinMarkdown, type Markdown, md, strong, table } from '../text/markdown.ts';
import { renderConnection } from './connecting.ts';
import type { DeployReport } from './reports.ts';
import { renderCertificates, renderMeshDiagram, renderMeshMarkdown, renderPhases } from './tables.ts';

const OUTCOMES: Readonly<Record<DeployReport['result'], string>> = {
  deployed: 'deployed',
  unchanged: 'unchanged, and verified',
  rotated: 'rotated',
  rotating: 'is rotating',
  verified: 'verified',
};

/** Describes the mesh in a few words, as far as it was checked. */
export function renderMeshVerdict({ servers, level, metaLeader, pairs }: DeployReport): string {
  if (level === 'objects') {
    return 'objects as deployed, mesh not checked';
  }
  const { length } = servers;
  const mesh = length === 1 ? 'one server, no routes expected' : countRoutes(servers, pairs);
  return metaLeader === undefined ? mesh : `${mesh}, JetStream led by ${metaLeader}`;
}

/** Returns how many servers are connected to all others, and how many routes exist, each counted from both ends. */
function countRoutes(servers: readonly string[], pairs: DeployReport['pairs']): string {
  const peers = servers.length - 1;
  const routes = pairs.filter(({ from, connections }) => servers.includes(from) && connections > 0);
  const connected = servers.filter((server) => routes.filter(({ from }) => from === server).length >= peers).length;
  const title = connected === servers.length ? 'full mesh: ' : '';
  return `${title}${connected} of ${servers.length} servers connected, ${routes.length} of ${servers.length * peers} routes`;
}

/** Builds the job summary of a successful deployment: the verdict first, then its evidence, then how to connect. */
export function renderDeploySummary(report: DeployReport, now: Date): Markdown {
  const { name, result, renewalDue } = report;
  return md`## ✅ NATS cluster ${code(name)} ${OUTCOMES[result]}, ${renderMeshVerdict(report)}

${renderFacts(report)} Next renewal ${strong(formatDistance(renewalDue, now))} (${formatDate(renewalDue)}).

### What changed

${renderChanges(report)}
${report.level === 'mesh' ? renderMesh(report) : EMPTY}
### Certificates

${renderCertificates(report, now)}
### Connect

${renderConnection(report)}
${renderPhases(report.phases)}`;
}

function renderFacts({
  level,
  readyReplicas,
  servers,
  namespace,
  image,
  versions,
  revision,
  phases,
}: DeployReport): Markdown {
  const releases = versions.length === 0 ? '' : ` (nats-server ${versions.join(', ')})`;
  const ready =
    level === 'mesh' ? `${readyReplicas} of ${servers.length} servers ready` : 'The servers were not checked';
  const total = phases.reduce((sum, { ms }) => sum + ms, 0);
  return md`${ready} in namespace ${code(namespace)}, after ${formatElapsed(total)}: ${code(image)}${releases}, revision ${code(revision)}.`;
}

function renderChanges(report: DeployReport): Markdown {
  const { inputChanges, changedObjects, reloaded, disconnected, issued, proofs, earlierProofs } = report;
  const rows = inputChanges.map(({ input, from, to, unset, change }) => [
    code(input),
    joinMarkdown([renderShownText(from, unset), renderShownText(to, unset)], ' → '),
    md`${strong(change)}: ${CONSEQUENCES[change]}`,
  ]);
  const isNothing = changedObjects.length === 0 && reloaded.length === 0;
  const list = (title: string, items: readonly string[]): Markdown =>
    folded(`${title} (${items.length})`, joinMarkdown(items.map((item) => md`- ${item}\n`)));
  return joinMarkdown([
    isNothing ? md`Nothing was changed, no server reloaded or restarted.\n` : EMPTY,
    table(['input', 'before → now', 'effect'], rows),
    md`\n`,
    list('Objects', changedObjects),
    list(`Servers reloaded, ${disconnected}`, reloaded),
    list('Certificates issued', issued),
    list('Security checks passed', proofs),
    earlierProofs === undefined
      ? EMPTY
      : md`The servers were verified from outside at ${formatDate(new Date(earlierProofs.at))}, by ${earlierProofs.by}.\n`,
  ]);
}

function renderShownText(text: string | undefined, unset: string): Markdown {
  if (text === undefined) return md`${unset}`;
  const shown = shortenText(text);
  return shown === UNSHOWN_TEXT ? md`${UNSHOWN_TEXT}` : code(shown);
}

function renderMesh({ servers, pairs }: DeployReport): Markdown {
  if (servers.length === 1) return EMPTY;
  const diagram = fenced('mermaid', renderMeshDiagram(servers, pairs));
  const counts = md`Connections that each server holds to each peer:\n\n${renderMeshMarkdown({ servers, pairs })}`;
  return folded('Mesh', md`${diagram}\n${counts}`);
}
