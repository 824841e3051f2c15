import { block, EMPTY, folded, joined, type Markdown, md, strong } from '../text/markdown.ts';
import { certificatesMarkdown, eventLines, logName, meshMarkdown, podLines, type Sight } from './bundle.ts';
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
export function diagnosisMarkdown(facts: Facts, causes: readonly Cause[], sight: Sight): DiagnosisMarkdown {
  const [root, ...others] = causes;
  const logs = facts.logs.map((log) => `${logName(log)}:\n${log.lines.slice(-MAX_LOG_LINES).map(short).join('\n')}`);
  const rest = [
    ...facts.unread.map((what) => md`- not read: ${what}\n`),
    folded('Also seen', joined(others.slice(0, MAX_CAUSES).map(causeLine))),
    folded('Pods', block(facts.pods.flatMap(podLines))),
    folded('Events', block(eventLines(facts.events).slice(-MAX_EVENTS))),
    folded('Mesh', meshMarkdown(sight)),
    folded('Certificates', certificatesMarkdown(sight)),
    folded('Ends of the logs', block(logs)),
  ];
  return { root: root === undefined ? NOTHING_FOUND : causeText(root), rest: joined(withinLimit(rest), '\n') };
}

const NOTHING_FOUND = md`No known cause was found in what Kubernetes and the servers say; it is folded below.\n`;

function causeText({ reason, object, message, evidence, hint }: Cause): Markdown {
  const lines = evidence.length === 0 ? EMPTY : md`\n${block(evidence)}`;
  return md`${strong(reason)}, ${object}: ${message}\n${lines}\n**Next:** ${hint}\n`;
}

function causeLine({ reason, object, message, hint }: Cause): Markdown {
  return md`- ${strong(reason)}, ${object}: ${message} **Next:** ${hint}\n`;
}

/** Replaces the parts that exceed the limit with a note. Parts are never cut, so no tag stays open. */
function withinLimit(parts: readonly Markdown[]): readonly Markdown[] {
  let left = MAX_CHARS;
  return parts.map((part) => {
    left -= part.text.length;
    return left >= 0 ? part : md`(left out; it is in the files of the output \`report\`)\n`;
  });
}

function short(line: string): string {
  return line.length <= MAX_LINE_CHARS ? line : `${line.slice(0, MAX_LINE_CHARS - 1)}…`;
}
