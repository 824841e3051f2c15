import { PrefixTree } from './prefix-tree.ts';
import type { Span } from './spans.ts';

/** The minimum length of a form; shorter texts occur in ordinary words. */
export const SHORTEST_FORM = 4;

/**
 * The length from which a form is found by its parts too, because messages quote only the beginning of a long value.
 */
const LONG_FORM = 64;
/** The length of a seed: a piece of a long form under which the index stores the form. */
const SEED = 16;
/** The minimum length of a part. Any part of a long form with this length contains a whole seed. */
const MIN_PART = 24;
const STRIDE = MIN_PART - SEED;
/**
 * The maximum number of forms for one seed. Keys of one algorithm share their first seeds, and are found by their other
 * seeds.
 */
const MAX_OF_SEED = 4;

/** The minimum length of the last part of a form; a shorter part occurs in many texts. */
const MIN_END = 8;

/**
 * The bits of the gate. They say which part of a form may begin at a position: a short form, a seed, or the head of a
 * long form.
 */
const SHORT = 1;
const SEEDED = 2;
const HEAD = 4;

type Place = { readonly form: string; readonly at: number };

/**
 * An index that finds many forms in one text. The time is linear in the length of the text: each position needs one
 * lookup, a short form has fewer than 64 characters to compare, and each character is compared with long forms only
 * once.
 */
export class FormIndex {
  readonly #short = new PrefixTree();
  /** The beginnings of the long forms. */
  readonly #heads = new PrefixTree();
  /** The ends of all forms, reversed. */
  readonly #backwards = new PrefixTree();
  readonly #seeds = new Map<string, readonly Place[]>();
  /** The table that shows, by a hash of four characters, whether a form may begin at a position. */
  readonly #gate = new Uint8Array(2 ** 16);

  /**
   * Adds a form to find. Parts of the form that `open` contains are public: they are found only together with other
   * parts.
   */
  add(form: string, open: readonly string[] = []): void {
    if (form.length < SHORTEST_FORM) return;
    if (form.length < LONG_FORM) this.#addShort(form);
    else this.#addLong(form, open);
  }

  /** Returns the positions of the forms in the text; they may overlap. */
  findSpans(text: string): readonly Span[] {
    const spans: Span[] = [];
    let covered = 0;
    for (let at = 0; at + SHORTEST_FORM <= text.length; at += 1) {
      const gate = this.#gate[computeHash(text, at)] ?? 0;
      if (gate === 0) continue;
      const length = (gate & SHORT) === 0 ? 0 : this.#short.measureLongest(text, at);
      if (length > 0) spans.push([at, at + length]);
      if ((gate & SEEDED) === 0 || at + SEED <= covered) continue;
      const part = this.#partAt(text, at, covered);
      if (part === undefined) continue;
      spans.push(part);
      covered = part[1];
    }
    return spans;
  }

  /**
   * Finds the first characters of a form, at least four, directly before `end`. Returns the position at which they
   * start.
   */
  findBeginningBefore(text: string, end: number): number | undefined {
    for (let at = Math.max(0, end - LONG_FORM + 1); at + SHORTEST_FORM <= end; at += 1) {
      const gate = this.#gate[computeHash(text, at)] ?? 0;
      if ((gate & SHORT) !== 0 && this.#short.hasBeginning(text, at, end)) return at;
      if ((gate & HEAD) !== 0 && this.#heads.hasBeginning(text, at, end)) return at;
    }
    return undefined;
  }

  /** Finds the last characters of a form, at least eight, directly after `start`. Returns the position after them. */
  findEndAfter(text: string, start: number): number | undefined {
    const ahead = Array.from(text.slice(start, start + LONG_FORM - 1))
      .toReversed()
      .join('');
    for (let at = 0; at + MIN_END <= ahead.length; at += 1) {
      if (this.#backwards.hasBeginning(ahead, at, ahead.length)) return start + ahead.length - at;
    }
    return undefined;
  }

  #addShort(form: string): void {
    this.#short.add(form);
    this.#addEnd(form);
    this.#open(form, 0, SHORT);
  }

  #addEnd(form: string): void {
    this.#backwards.add(
      Array.from(form.slice(1 - LONG_FORM))
        .toReversed()
        .join(''),
    );
  }

  #addLong(form: string, open: readonly string[]): void {
    const isOpen = (part: string): boolean => open.some((text) => text.includes(part));
    if (!isOpen(form.slice(0, SEED))) {
      this.#heads.add(form.slice(0, LONG_FORM - 1));
      this.#open(form, 0, HEAD);
    }
    if (!isOpen(form.slice(-SEED))) this.#addEnd(form);
    for (let at = 0; at + SEED <= form.length; at += STRIDE) {
      const seed = form.slice(at, at + SEED);
      const known = this.#seeds.get(seed) ?? [];
      const isKnown = known.length >= MAX_OF_SEED || known.some((place) => place.form === form);
      if (isKnown || isOpen(seed)) continue;
      this.#seeds.set(seed, [...known, { form, at }]);
      this.#open(form, at, SEEDED);
    }
  }

  #open(form: string, at: number, bit: number): void {
    const hash = computeHash(form, at);
    this.#gate[hash] = (this.#gate[hash] ?? 0) | bit;
  }

  /**
   * Returns the part of the text around a seed that belongs to long forms. Several forms may share the seed, and each
   * may match further in one direction. The text before `floor` is covered already.
   */
  #partAt(text: string, at: number, floor: number): Span | undefined {
    let part: Span | undefined;
    for (const place of this.#seeds.get(text.slice(at, at + SEED)) ?? []) {
      let before = 0;
      while (
        before < place.at &&
        at - before > floor &&
        isSame(text, at - before - 1, place.form, place.at - before - 1)
      )
        before += 1;
      let after = SEED;
      while (place.at + after < place.form.length && isSame(text, at + after, place.form, place.at + after)) after += 1;
      if (before + after < MIN_PART) continue;
      const [from = at, to = at] = part ?? [];
      part = [Math.min(from, at - before), Math.max(to, at + after)];
    }
    return part;
  }
}

function isSame(text: string, at: number, form: string, atForm: number): boolean {
  return at < text.length && text.charCodeAt(at) === form.charCodeAt(atForm);
}

/** Computes a hash of four characters, with 16 bits. */
function computeHash(text: string, at: number): number {
  const low = text.charCodeAt(at) + 31 * text.charCodeAt(at + 1);
  const high = text.charCodeAt(at + 2) + 131 * text.charCodeAt(at + 3);
  return (low * 61 + high * 17) & 0xffff;
}
