import type { Ending } from '../report/ending.ts';
import type { Door } from './door.ts';
import { changedTexts } from './redacted-error.ts';

/**
 * Returns the ending of a report without secrets. The texts are redacted before they become Markdown, because Markdown
 * escapes would split a secret. The outputs are not redacted here, because they consist only of names, and other steps
 * need them unchanged.
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
