import { block, escaped, folded } from '../report/markdown.ts';
import { certificatesText, eventLines, logName, meshText, podLines, type Sight } from './bundle.ts';
import type { Cause } from './cause.ts';
import type { Facts } from './facts.ts';

const MOST_CAUSES = 10;
const MOST_EVENTS = 40;
const MOST_LOG_LINES = 20;
const MOST_LINE_CHARS = 300;
/** A summary holds 1 MiB for the whole step; this leaves room for everything else. */
const MOST_CHARS = 200_000;

/** As Markdown for the job summary. */
export type DiagnosisMarkdown = {
  /** The root cause with its evidence and the next action. */
  readonly root: string;
  /** All else, folded. */
  readonly rest: string;
};

/** Facts come redacted (`redactFacts`). */
export function diagnosisMarkdown(facts: Facts, causes: readonly Cause[], sight: Sight): DiagnosisMarkdown {
  const [root, ...others] = causes;
  const logs = facts.logs.map((log) => `${logName(log)}:\n${log.lines.slice(-MOST_LOG_LINES).map(short).join('\n')}`);
  const rest = [
    ...facts.unread.map((what) => `- not read: ${escaped(what)}\n`),
    folded('Also seen', others.slice(0, MOST_CAUSES).map(causeLine).join('')),
    folded('Pods', block(facts.pods.flatMap(podLines))),
    folded('Events', block(eventLines(facts.events).slice(-MOST_EVENTS))),
    folded('Mesh', meshText(sight)),
    folded('Certificates', certificatesText(sight)),
    folded('Ends of the logs', block(logs)),
  ];
  return { root: root === undefined ? NOTHING_FOUND : causeText(root), rest: withinLimit(rest).join('\n') };
}

const NOTHING_FOUND = 'No known cause was found in what Kubernetes and the servers say; it is folded below.\n';

function causeText({ reason, object, message, evidence, hint }: Cause): string {
  const lines = evidence.length === 0 ? '' : `\n${block(evidence)}`;
  return `**${escaped(reason)}**, ${escaped(object)}: ${escaped(message)}\n${lines}\n**Next:** ${escaped(hint)}\n`;
}

function causeLine({ reason, object, message, hint }: Cause): string {
  return `- **${escaped(reason)}**, ${escaped(object)}: ${escaped(message)} **Next:** ${escaped(hint)}\n`;
}

/** Whole parts only, so that no tag stays open. */
function withinLimit(parts: readonly string[]): readonly string[] {
  let left = MOST_CHARS;
  return parts.map((part) => {
    left -= part.length;
    return left >= 0 ? part : '(left out; it is in the files of the output `report`)\n';
  });
}

function short(line: string): string {
  return line.length <= MOST_LINE_CHARS ? line : `${line.slice(0, MOST_LINE_CHARS - 1)}…`;
}
