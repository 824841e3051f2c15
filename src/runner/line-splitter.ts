export type LineSplitter = {
  readonly write: (text: string) => void;
  /** Reports the last line too, which may lack a line ending. */
  readonly end: () => void;
};

export type LineLimits = {
  /** The maximum length of a line. The rest of a longer line is omitted, including the word at the limit. */
  readonly mostLineChars: number;
  /** The maximum length of all lines. After that, only the last lines are kept. */
  readonly mostChars: number;
  readonly lastLines: number;
};

/**
 * Creates a splitter that splits chunks of text into lines, in time and memory that do not depend on the length of a
 * line. A line beyond the limit of the text is reported at the end, if it is one of the last lines.
 */
export function createLineSplitter(onLine: (line: string) => void, limits: LineLimits): LineSplitter {
  let begun = '';
  let chars = 0;
  let isBegun = false;
  let isCut = false;
  let leftOut = 0;
  const last: string[] = [];
  const tell = (): void => {
    // A truncated word may be the beginning of a secret, and the redaction does not recognize a secret by its
    // beginning.
    const line = isCut ? `${begun.slice(0, begun.lastIndexOf(' ') + 1)}…` : begun.replace(/\r$/, '');
    chars += line.length;
    if (chars <= limits.mostChars) onLine(line);
    else {
      last.push(line);
      if (last.length > limits.lastLines) {
        last.shift();
        leftOut += 1;
      }
    }
    begun = '';
    isBegun = false;
    isCut = false;
  };
  const add = (part: string): void => {
    const room = limits.mostLineChars - begun.length;
    begun += part.slice(0, room);
    isCut ||= part.length > room;
    isBegun ||= part !== '';
  };
  return {
    write: (text) => {
      let from = 0;
      for (let end = text.indexOf('\n'); end >= 0; from = end + 1, end = text.indexOf('\n', from)) {
        add(text.slice(from, end));
        tell();
      }
      add(text.slice(from));
    },
    end: () => {
      if (isBegun) tell();
      if (leftOut > 0) onLine(`(${leftOut} lines are left out)`);
      last.splice(0).forEach(onLine);
    },
  };
}
