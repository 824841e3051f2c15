import * as core from '@actions/core';
import type { OutputName } from '../inputs/outputs.ts';
import { KeyLines, LineBlocks } from '../secrets/key-lines.ts';
import type { KnownSecret } from '../secrets/masks.ts';
import { Redactor } from '../secrets/redactor.ts';
import { isMarked } from '../secrets/spans.ts';
import { Hiding } from './hiding.ts';
import { renderPlainLines, renderPlainTitle, Sections } from './log-text.ts';

/** A position in a file of the workspace, counted from 1. */
export type Place = { readonly file: string; readonly line: number; readonly column: number };

/**
 * The only way by which texts reach the runner: log, annotations, outputs and files. No text that passes it is a
 * workflow command, contains a known secret, or is longer than a reader needs.
 */
export type Door = {
  readonly info: (text: string) => void;
  readonly debug: (text: string) => void;
  readonly warning: (title: string, text: string) => void;
  /** Shows the withheld lines first. */
  readonly error: (title: string, text: string, place?: Place) => void;
  readonly section: (title: string | undefined) => void;
  readonly setOutput: (name: OutputName, value: string | number | boolean) => void;
  /** Masks the secret and removes it from every later text. */
  readonly hide: (secret: KnownSecret) => void;
  /** Returns the text without the secrets that are known by now. */
  readonly redact: (text: string) => string;
  /** Returns a document of Markdown without the secrets that are known by now. */
  readonly redactMarkdown: (markdown: string) => string;
  /** Withholds log lines until `release`, because the secrets in them may not be known yet. */
  readonly withhold: () => void;
  readonly release: () => void;
  /** Shows the withheld lines, and warns about secrets that are part of outputs or too short to hide. */
  readonly end: () => void;
};

const MAX_LINE = 4096;
/** The maximum length of a text of several lines. */
const MAX_TEXT = 65_536;
const MAX_ANNOTATION = 16_384;
const MAX_TITLE = 256;

/** Writes log lines in the order of the calls, and withholds them while the secrets in them may not be known yet. */
class OrderedLog {
  readonly #own: (write: () => void) => void;
  readonly #redactor: Redactor;
  readonly #keyLines = new KeyLines();
  readonly #withheld: (() => void)[] = [];
  readonly #blocks = new LineBlocks((block) => this.#pass(() => this.#showLines(block)));
  #isOpen = true;
  /** Whether the last line was empty. More than one empty line helps no reader, and each line takes time. */
  #isAfterEmpty = false;

  constructor(own: (write: () => void) => void, redactor: Redactor) {
    this.#own = own;
    this.#redactor = redactor;
  }

  /** Calls `prepare`, then writes a line. Repeated empty lines are left out. */
  line(raw: string, prepare: () => void): void {
    const isRepeated = raw === '' && this.#isAfterEmpty;
    this.#isAfterEmpty = raw === '';
    if (isRepeated) return;
    prepare();
    this.#blocks.add(raw);
  }

  emit(write: () => void): void {
    this.#blocks.end();
    this.#pass(write);
  }

  withhold(): void {
    this.#isOpen = false;
  }

  release(): void {
    this.#blocks.end();
    this.#isOpen = true;
    for (const write of this.#withheld.splice(0)) this.#own(write);
  }

  text(raw: string, most: number): string {
    return renderPlainLines(this.#redactor.redact(raw, most)).join('\n');
  }

  title(raw: string): string {
    return renderPlainTitle(this.#redactor.redact(raw, MAX_TITLE), MAX_TITLE);
  }

  #pass(write: () => void): void {
    if (this.#isOpen) this.#own(write);
    else this.#withheld.push(write);
  }

  #showLines(raw: string): void {
    const lines = raw.split('\n').map((line) => this.#keyLines.read(line));
    // The line that begins a private key represents all of its lines.
    if (lines.every(({ isOfKey }) => isOfKey)) return;
    const shown = lines.map(({ text }) => (text.length > MAX_LINE ? this.#redactor.redact(text, MAX_LINE) : text));
    core.info(this.text(shown.join('\n'), MAX_TEXT));
  }
}

/** Creates the door. `own` wraps every write of this module to the streams of the process. */
export function createDoor(own: (write: () => void) => void = (write) => write()): Door {
  const redactor = new Redactor();
  const hiding = new Hiding((mask) => own(() => core.setSecret(mask)));
  const log = new OrderedLog(own, redactor);
  const sections = new Sections(
    (name) => log.emit(() => core.startGroup(log.title(name))),
    () => log.emit(() => core.endGroup()),
  );
  const warning = (name: string, raw: string): void =>
    log.emit(() => core.warning(log.text(raw, MAX_ANNOTATION), { title: log.title(name) }));
  return {
    info: (raw) => log.line(raw, () => sections.line()),
    debug: (raw) => log.emit(() => core.debug(log.text(raw, MAX_ANNOTATION))),
    warning,
    error: (name, raw, place) => {
      log.release();
      sections.begin(undefined);
      const at = place === undefined ? {} : { file: place.file, startLine: place.line, startColumn: place.column };
      log.emit(() => core.error(log.text(raw, MAX_ANNOTATION), { title: log.title(name), ...at }));
    },
    section: (title) => sections.begin(title),
    setOutput: (name, value) => {
      const mustHide = hiding.checkOutput(name, String(value)) || isMarked(String(value));
      const shown = mustHide ? redactor.redact(String(value)) : value;
      own(() => core.setOutput(name, shown));
    },
    hide: (secret) => {
      hiding.hide(secret);
      redactor.add(secret.text);
    },
    redact: (raw) => redactor.redact(raw),
    redactMarkdown: (markdown) => redactor.redactMarkdown(markdown),
    withhold: () => log.withhold(),
    release: () => log.release(),
    end: () => {
      log.release();
      for (const text of hiding.warnings()) warning('Secrets', text);
    },
  };
}
