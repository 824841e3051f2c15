import { block, countRepeats, EMPTY, folded, joinMarkdown, type Markdown, md, strong } from '../text/markdown.ts';
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
  /** The connections of each server to each peer, folded; empty when no server could be asked. */
  readonly mesh: Markdown;
  /** Everything else, folded. */
  readonly rest: Markdown;
};

/** Builds the diagnosis for the job summary. The facts must already be redacted (`redactFacts`). */
export function renderDiagnosis(facts: Facts, causes: readonly Cause[], observed: ObservedState): DiagnosisMarkdown {
  const [root, ...others] = causes;
  const logs = facts.logs.map(
    (log) => `${nameLog(log)}:\n${log.lines.slice(-MAX_LOG_LINES).map(shortenLine).join('\n')}`,
  );
  const rest = [
    ...facts.unread.map((failure) => md`- not read: ${failure}\n`),
    folded('Also seen', renderOthers(others.slice(0, MAX_CAUSES), root)),
    folded('Pods', block(facts.pods.flatMap(renderPodLines))),
    folded('Events', block(renderEventLines(facts.events).slice(-MAX_EVENTS))),
    folded('Certificates', renderCertificates(observed)),
    folded('Ends of the logs', block(logs)),
  ];
  return {
    root: root === undefined ? NOTHING_FOUND : renderCause(root),
    mesh: observed.pairs.length === 0 ? EMPTY : folded('Mesh', renderMesh(observed)),
    rest: joinMarkdown(limitLength(rest.filter(({ isEmpty }) => !isEmpty)), '\n'),
  };
}

const NOTHING_FOUND = md`No known cause was found. The pods, events and logs are folded below.\n`;

function renderCause(cause: Cause): Markdown {
  const { evidence, hint } = cause;
  const lines = evidence.length === 0 ? EMPTY : md`\n${block(countRepeats(evidence))}`;
  return md`${renderTitle(cause)}\n${lines}\n**Next:** ${hint}\n`;
}

/** Returns the reason, the object unless the message names it, and the message. */
function renderTitle({ reason, object, message }: Cause): Markdown {
  const isNamed = message.includes(object.slice(object.indexOf('/') + 1));
  return md`${strong(reason)}${isNamed ? '' : `, ${object}`}: ${message}`;
}

/** Returns one line for each cause. A hint appears only once, and not at all if the root cause has the same hint. */
function renderOthers(others: readonly Cause[], root: Cause | undefined): Markdown {
  const shown = new Set([root?.hint]);
  return joinMarkdown(
    others.map((cause) => {
      const hint = shown.has(cause.hint) ? EMPTY : md` **Next:** ${cause.hint}`;
      shown.add(cause.hint);
      return md`- ${renderTitle(cause)}${hint}\n`;
    }),
  );
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
