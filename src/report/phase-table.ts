import type { Phase } from './deploy-report.ts';
import { durationText } from './duration-text.ts';
import { folded, type Markdown, table } from './markdown.ts';

/** Returns a table of the duration of each phase, with a bar for comparison. */
export function phaseMarkdown(phases: readonly Phase[]): Markdown {
  const longest = Math.max(1, ...phases.map(({ ms }) => ms));
  const rows = phases.map(({ name, ms }) => [
    name,
    durationText(ms),
    '█'.repeat(Math.round((ms / longest) * BAR_LENGTH)),
  ]);
  const total = phases.reduce((sum, { ms }) => sum + ms, 0);
  return folded(`Timings: ${durationText(total)}`, table(['phase', 'took', ''], rows));
}

const BAR_LENGTH = 20;
