import type { Ending } from '../report/ending.ts';
import type { Door } from './door.ts';
import { changedTexts } from './redacted-error.ts';

/**
 * Returns what a report comes to, without secrets in it: before they become Markdown, whose marks would stand within them.
 * Outputs are made of names alone, and other steps need them as they are.
 */
export function toldEnding<Report>(
  report: Report,
  endingOf: (report: Report) => Ending,
  { redact }: Pick<Door, 'redact'>,
): Ending {
  let isRedacted = false;
  const redacted = changedTexts(report, (text) => {
    const shown = redact(text);
    isRedacted ||= shown !== text;
    return shown;
  });
  const ending = endingOf(report);
  return isRedacted ? { ...endingOf(redacted), outputs: ending.outputs } : ending;
}
