import * as core from '@actions/core';
import type { OutputName } from '../inputs/outputs.ts';
import { createKeyLines, createLineBlocks } from '../secrets/key-lines.ts';
import type { KnownSecret } from '../secrets/masks.ts';
import { createRedactor } from '../secrets/redactor.ts';
import { isMarked } from '../secrets/spans.ts';
import { createHiding } from './hiding.ts';
import { createSections, renderPlainLines, renderPlainTitle } from './log-text.ts';

/** A position in a file of the workspace, counted from 1. */
export type Place = { readonly file: string; readonly line: number; readonly column: number };

/**
 * The only way for texts to the runner: log, annotations, outputs and files. No text that passes it is a workflow
 * command, contains a known secret, or is longer than a reader needs.
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

/** Creates the door. `own` wraps every write of this module to the streams of the process. */
export function createDoor(own: (write: () => void) => void = (write) => write()): Door {
  const redactor = createRedactor();
  const hiding = createHiding((mask) => own(() => core.setSecret(mask)));
  const keyLines = createKeyLines();
  const withheld: (() => void)[] = [];
  let isOpen = true;
  /** Whether the last line was empty. One empty line separates as well as thousands, and each takes time. */
  let isAfterEmpty = false;
  const pass = (write: () => void): void => {
    if (isOpen) own(write);
    else withheld.push(write);
  };
  const blocks = createLineBlocks((block) => pass(() => showLines(block)));
  /** Writes in the order of the calls. */
  const emit = (write: () => void): void => {
    blocks.end();
    pass(write);
  };
  const release = (): void => {
    blocks.end();
    isOpen = true;
    for (const write of withheld.splice(0)) own(write);
  };
  const text = (raw: string, most: number): string => renderPlainLines(redactor.redact(raw, most)).join('\n');
  const title = (raw: string): string => renderPlainTitle(redactor.redact(raw, MAX_TITLE), MAX_TITLE);
  const showLines = (raw: string): void => {
    const lines = raw.split('\n').map(keyLines);
    // The line that begins a private key represents all of its lines.
    if (lines.every(({ isOfKey }) => isOfKey)) return;
    const shown = lines.map(({ text: line }) => (line.length > MAX_LINE ? redactor.redact(line, MAX_LINE) : line));
    core.info(text(shown.join('\n'), MAX_TEXT));
  };
  const sections = createSections(
    (name) => emit(() => core.startGroup(title(name))),
    () => emit(() => core.endGroup()),
  );
  const warning = (name: string, raw: string): void =>
    emit(() => core.warning(text(raw, MAX_ANNOTATION), { title: title(name) }));
  return {
    info: (raw) => {
      const isRepeated = raw === '' && isAfterEmpty;
      isAfterEmpty = raw === '';
      if (isRepeated) return;
      sections.line();
      blocks.add(raw);
    },
    debug: (raw) => emit(() => core.debug(text(raw, MAX_ANNOTATION))),
    warning,
    error: (name, raw, place) => {
      release();
      sections.begin(undefined);
      const at = place === undefined ? {} : { file: place.file, startLine: place.line, startColumn: place.column };
      emit(() => core.error(text(raw, MAX_ANNOTATION), { title: title(name), ...at }));
    },
    section: sections.begin,
    setOutput: (name, value) => {
      const mustHide = hiding.inOutput(name, String(value)) || isMarked(String(value));
      const shown = mustHide ? redactor.redact(String(value)) : value;
      own(() => core.setOutput(name, shown));
    },
    hide: (secret) => {
      hiding.hide(secret);
      redactor.add(secret.text);
    },
    redact: (raw) => redactor.redact(raw),
    redactMarkdown: redactor.redactMarkdown,
    withhold: () => {
      isOpen = false;
    },
    release,
    end: () => {
      release();
      for (const lost of hiding.warnings()) warning('Secrets', lost);
    },
  };
}
