import { CUT } from '../text/shorten.ts';
import { FormIndex, SHORTEST_FORM } from './form-index.ts';
import { findCertificates } from './key-blocks.ts';
import { findLikelySecrets } from './likely-secrets.ts';
import { listSecretForms } from './secret-forms.ts';
import { isMarked, MASK, maskSpans, readMarks, type Span, selectOutside } from './spans.ts';

/** A pattern for base64 over several lines, whose ends may be escaped as in JSON. */
const WRAPPED =
  /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{16,}(?:(?:\r?\n|(?:\\{1,4}r)?\\{1,4}n)[ \t]{0,64}[A-Za-z0-9+/_=-]+)+/g;
const LINE_END = /(?:\r?\n|(?:\\{1,4}r)?\\{1,4}n)[ \t]{0,64}/g;

/** Returns the positions of known texts in base64 that is broken into lines, across its line ends. */
function findWrapped(text: string, index: FormIndex): readonly Span[] {
  return [...text.matchAll(WRAPPED)].flatMap((match) => {
    const end = match.index + match[0].length;
    const isCut = [CUT, MASK].some((cut) => text.startsWith(cut, end));
    return findAcrossLines(match[0], match.index, (plain) => {
      const start = isCut ? index.findBeginningBefore(plain, plain.length) : undefined;
      return [...index.findSpans(plain), ...(start === undefined ? [] : [[start, plain.length] as const])];
    });
  });
}

function findAcrossLines(wrapped: string, offset: number, find: (plain: string) => readonly Span[]): readonly Span[] {
  const parts: string[] = [];
  /** The starts of the parts in the text without line ends, and in the text with them. */
  const starts: (readonly [without: number, within: number])[] = [];
  let length = 0;
  let position = 0;
  const take = (to: number, next: number): void => {
    starts.push([length, position]);
    parts.push(wrapped.slice(position, to));
    length += to - position;
    position = next;
  };
  for (const end of wrapped.matchAll(LINE_END)) take(end.index, end.index + end[0].length);
  take(wrapped.length, wrapped.length);
  let part = 0;
  const within = (at: number): number => {
    while (part > 0 && (starts[part]?.[0] ?? 0) > at) part -= 1;
    while ((starts[part + 1]?.[0] ?? Number.POSITIVE_INFINITY) <= at) part += 1;
    const [without, from] = starts[part] ?? [0, 0];
    return from + at - without;
  };
  const inOrder = find(parts.join('')).toSorted(([left], [right]) => left - right);
  return inOrder.map(([from, to]) => [offset + within(from), offset + within(to - 1) + 1]);
}

/** The length after the end of the shown text that is also searched for the rest of a secret. */
const BEYOND = 8192;

const MARKDOWN_MASK = '•••';

/**
 * The maximum number of cuts that are examined. A text is cut a few times at most; more cuts are an attempt to slow
 * down the search.
 */
const MAX_CUTS = 100;
const CUTS = [CUT, MASK] as const;

/** The end of a line, which may be escaped as in JSON, before or after a cut. */
const ENDS_LINE = /(?:\r?\n|(?:\\{1,4}r)?\\{1,4}n)[ \t]{0,64}$/;
const BEGINS_LINE = /^(?: \(\d{1,9} more characters\))?(?:(?:\r?\n|(?:\\{1,4}r)?\\{1,4}n)[ \t]{0,64})?/;
const LONGEST_LINE_END = 100;

/**
 * Finds parts of secrets next to a place where the text was cut, or where another part was removed. Base64 that is
 * broken into lines may also be cut between two lines.
 */
function findAtCuts(text: string, index: FormIndex): readonly Span[] {
  return CUTS.flatMap((cut) => {
    const spans: Span[] = [];
    let at = text.indexOf(cut);
    for (let cuts = 0; at >= 0 && cuts < MAX_CUTS; cuts += 1) {
      const before = ENDS_LINE.exec(text.slice(Math.max(0, at - LONGEST_LINE_END), at))?.[0].length ?? 0;
      const behind = at + cut.length;
      const after = BEGINS_LINE.exec(text.slice(behind, behind + LONGEST_LINE_END))?.[0].length ?? 0;
      for (const end of new Set([at, at - before])) {
        const start = index.findBeginningBefore(text, end);
        if (start !== undefined) spans.push([start, at]);
      }
      for (const start of new Set([behind, behind + after])) {
        const end = index.findEndAfter(text, start);
        if (end !== undefined) spans.push([start, end]);
      }
      at = text.indexOf(cut, behind);
    }
    return spans;
  });
}

/** The secrets of a run, and their removal from texts. */
export class Redactor {
  readonly #added = new Set<string>();
  readonly #waiting: string[] = [];
  readonly #index = new FormIndex();
  /** The public halves of private keys: they are a part of the key, but certificates contain them too. */
  readonly #halves = new FormIndex();

  /** Adds a secret, which is removed from all later texts. */
  add(secret: string): void {
    if (this.#added.has(secret)) return;
    this.#added.add(secret);
    this.#waiting.push(secret);
  }

  /**
   * Returns the text without the secrets added so far in any form in which they are written, without secrets recognized
   * by their format, and without the parts that `markForeignText` marked. At most the first `most` UTF-16 units are
   * returned, with a note of how much is left out. The time is linear in the length of the text.
   */
  redact(raw: string, most = raw.length): string {
    if (raw.length < SHORTEST_FORM && !isMarked(raw)) return raw;
    const { text, spans } = readMarks(raw);
    const seen = text.length > most + BEYOND ? text.slice(0, most + BEYOND) : text;
    return maskSpans(seen, [...spans, ...this.#findSecrets(seen)], { most, length: text.length });
  }

  /** Returns a whole document of Markdown without secrets; its mask has no asterisks, which are markup in Markdown. */
  redactMarkdown(raw: string): string {
    const { text, spans } = readMarks(raw);
    const length = text.length;
    return maskSpans(text, [...spans, ...this.#findSecrets(text)], { most: length, length, mask: MARKDOWN_MASK });
  }

  #findSecrets(text: string): readonly Span[] {
    // Forms are built when the first text needs them, because most runs need few secrets.
    for (const form of this.#waiting.splice(0).flatMap(listSecretForms)) {
      this.#index.add(form.text, form.open);
      for (const half of form.open) this.#halves.add(half);
    }
    return [
      ...this.#index.findSpans(text),
      ...findWrapped(text, this.#index),
      ...findAtCuts(text, this.#index),
      ...selectOutside(findCertificates(text), this.#halves.findSpans(text)),
      ...findLikelySecrets(text),
    ];
  }
}
