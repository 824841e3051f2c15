import type { DeployReport, ReportedCertificate } from './deploy-report.ts';
import { dateText, daysText } from './duration-text.ts';
import { code, EMPTY, folded, type Markdown, md, strong, table } from './markdown.ts';

const KINDS: Readonly<Record<ReportedCertificate['kind'], string>> = {
  server: 'server',
  route: 'routes',
  client: 'clients',
  authority: 'authorities',
};

/**
 * Builds a table of when the first certificate of each kind expires and when the next renewal is due. A folded table
 * below it lists every certificate.
 */
export function certificateMarkdown(
  { certificates, renewalDue, rotationPhase }: Pick<DeployReport, 'certificates' | 'renewalDue' | 'rotationPhase'>,
  now: Date,
): Markdown {
  const groups = Object.entries(KINDS).map(([kind, title]) => ({
    title,
    ends: certificates.filter((certificate) => certificate.kind === kind).toSorted(byEnd),
  }));
  const rows = groups.flatMap(({ title, ends }) => {
    const [first] = ends;
    return first === undefined
      ? []
      : [[`${title} (${ends.length})`, dateText(first.notAfter), left(first.notAfter, now)]];
  });
  const due = [strong('next renewal'), dateText(renewalDue), left(renewalDue, now)];
  const phase = rotationPhase === 'idle' ? EMPTY : md`\nA rotation is under way: phase ${code(rotationPhase)}.\n`;
  const all = certificates
    .toSorted(byEnd)
    .map(({ kind, name, notAfter }) => [`${kind} ${name}`, dateText(notAfter), daysText(notAfter, now)]);
  return md`${table(['certificates', 'first expires', 'left'], [...rows, due])}${phase}
${folded(`Every certificate (${all.length})`, table(['certificate', 'expires', 'left'], all))}`;
}

function byEnd(one: ReportedCertificate, other: ReportedCertificate): number {
  return one.notAfter.getTime() - other.notAfter.getTime();
}

/** Returns the remaining time. A week or less is highlighted. */
function left(date: Date, now: Date): string | Markdown {
  const text = daysText(date, now);
  return date.getTime() - now.getTime() < WEEK_MS ? md`⚠️ ${strong(text)}` : text;
}

const WEEK_MS = 7 * 24 * 60 * 60_000;
