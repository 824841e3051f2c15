import { block, EMPTY, folded, joinMarkdown, type Markdown, md, strong } from '../text/markdown.ts';
import {
  nameLog,
  type ObservedState,
  renderCertificates,
  renderEventLines,
  renderMesh,
  renderPodLines,
} from './bundle.ts';
import type { Cause, Facts } from './facts.ts';

const MAX_CAUSES = 10;
const MAX_EVENTS = 40;
const MAX_LOG_LINES = 20;
const MAX_LINE_CHARS = 300;
/** A summary can contain 1 MiB for the whole step. This limit leaves enough for everything else. */
const MAX_CHARS = 200_000;

/** The diagnosis for the job summary. */
export type DiagnosisMarkdown = {
  /** The root cause with its evidence and the next action. */
  readonly root: Markdown;
  /** Everything else, folded. */
  readonly rest: Markdown;
};

/** Builds the diagnosis for the job summary. The facts must already be redacted (`redactFacts`). */
export function renderDiagnosis(facts: Facts, causes: readonly Cause[], sight: ObservedState): DiagnosisMarkdown {
  const [root, ...others] = causes;
  const logs = facts.logs.map(
    (log) => `${nameLog(log)}:\n${log.lines.slice(-MAX_LOG_LINES).map(shortenLine).join('\n')}`,
  );
  const rest = [
    ...facts.unread.map((what) => md`- not read: ${what}\n`),
    folded('Also seen', joinMarkdown(others.slice(0, MAX_CAUSES).map(renderCauseLine))),
    folded('Pods', block(facts.pods.flatMap(renderPodLines))),
    folded('Events', block(renderEventLines(facts.events).slice(-MAX_EVENTS))),
    folded('Mesh', renderMesh(sight)),
    folded('Certificates', renderCertificates(sight)),
    folded('Ends of the logs', block(logs)),
  ];
  return { root: root === undefined ? NOTHING_FOUND : renderCause(root), rest: joinMarkdown(limitLength(rest), '\n') };
}

const NOTHING_FOUND = md`No known cause was found in what Kubernetes and the servers say; it is folded below.\n`;

function renderCause({ reason, object, message, evidence, hint }: Cause): Markdown {
  const lines = evidence.length === 0 ? EMPTY : md`\n${block(evidence)}`;
  return md`${strong(reason)}, ${object}: ${message}\n${lines}\n**Next:** ${hint}\n`;
}

function renderCauseLine({ reason, object, message, hint }: Cause): Markdown {
  return md`- ${strong(reason)}, ${object}: ${message} **Next:** ${hint}\n`;
}

/** Replaces the parts that exceed the limit with a note. Parts are never cut, so no tag stays open. */
function limitLength(parts: readonly Markdown[]): readonly Markdown[] {
  let left = MAX_CHARS;
  return parts.map((part) => {
    left -= part.text.length;
    return left >= 0 ? part : md`(left out; it is in the files of the output \`report\`)\n`;
  });
}

function shortenLine(line: string): string {
  return line.length <= MAX_LINE_CHARS ? line : `${line.slice(0, MAX_LINE_CHARS - 1)}…`;
}
