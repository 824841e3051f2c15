import { bounded } from '../text/bounded.ts';

/** What a reader may take for the end of a line: the runner's are CR and LF (.NET, `StreamReader.ReadLine`). */
const LINE_END = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/;

/**
 * Characters that command a terminal, change the order of what follows or cannot be seen. Those that belong to emoji may
 * stay where they follow one.
 */
const UNSEEN =
  /(?!\t)[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}](?<!\p{Extended_Pictographic}[\p{Emoji_Modifier}]?\ufe0f?\u200d|\p{Extended_Pictographic}[\ufe0e\ufe0f])/gu;

/**
 * Returns the lines of a text as the log may show them. None is a workflow command, whoever wrote the text: the runner
 * takes `##[` anywhere in a line, and `::` after white space (actions/runner, `ActionCommand.cs`), with the comparisons of
 * a culture, which pass over characters that cannot be seen.
 */
export function plainLines(text: string): readonly string[] {
  if (text === '') return [''];
  return text.split(LINE_END).map((line) =>
    line
      .replaceAll(UNSEEN, visible)
      .replaceAll('##[', '## [')
      .replace(/^(\s*):(?=:)/u, '$1: '),
  );
}

/** The same on one line of at most `most` characters, as the title of an annotation or a section. */
export function plainTitle(text: string, most: number): string {
  return bounded(plainLines(text).join(' '), most);
}

function visible(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
