import { shortenText } from '../text/shorten.ts';

/**
 * The characters that a reader may treat as a line ending. The line endings of the runner are CR and LF (.NET,
 * `StreamReader.ReadLine`).
 */
const LINE_END = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/;

/**
 * The characters that control a terminal, change the order of the following text or cannot be seen. Those that belong
 * to emoji are kept where they follow an emoji.
 */
const UNSEEN =
  /(?!\t)[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}](?<!\p{Extended_Pictographic}[\p{Emoji_Modifier}]?\ufe0f?\u200d|\p{Extended_Pictographic}[\ufe0e\ufe0f])/gu;

/**
 * Returns the lines of a text as the log may show them. None is a workflow command, regardless of the source of the
 * text. The runner recognizes `##[` anywhere in a line, and `::` after white space (actions/runner,
 * `ActionCommand.cs`), with culture-sensitive comparisons that ignore characters that cannot be seen.
 */
export function renderPlainLines(text: string): readonly string[] {
  if (text === '') return [''];
  return text.split(LINE_END).map((line) =>
    line
      .replaceAll(UNSEEN, escapeCharacter)
      .replaceAll('##[', '## [')
      .replace(/^(\s*):(?=:)/u, '$1: '),
  );
}

/**
 * Returns the text on one line of at most `most` characters, which is not a workflow command either, as the title of an
 * annotation or a section.
 */
export function renderPlainTitle(text: string, most: number): string {
  return shortenText(renderPlainLines(text).join(' '), most);
}

function escapeCharacter(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

/**
 * A log in sections that a reader can fold. A new section ends the previous one, because GitHub Actions does not
 * support nested sections in a log.
 */
export class Sections {
  readonly #open: (title: string) => void;
  readonly #close: () => void;
  #wanted: string | undefined;
  #shown: string | undefined;

  constructor(open: (title: string) => void, close: () => void) {
    this.#open = open;
    this.#close = close;
  }

  /** Starts a section for later lines; undefined starts none. A section without a line is not shown. */
  begin(title: string | undefined): void {
    if (this.#shown !== undefined && title !== this.#shown) {
      this.#shown = undefined;
      this.#close();
    }
    this.#wanted = title;
  }

  /** Opens the section if necessary; must be called before each line. */
  line(): void {
    if (this.#wanted !== undefined && this.#wanted !== this.#shown) {
      this.#shown = this.#wanted;
      this.#open(this.#wanted);
    }
  }
}
