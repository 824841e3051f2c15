export type LineSplitter = {
  readonly write: (text: string) => void;
  /** Tells the last line too, which may have no end. */
  readonly end: () => void;
};

export type LineLimits = {
  /** The rest of a longer line is left out, from the word on that would be cut. */
  readonly mostLineChars: number;
  /** Of all lines. Beyond, only the last lines are kept. */
  readonly mostChars: number;
  readonly lastLines: number;
};

/**
 * Splits a text that comes in parts into lines, in time and memory that do not depend on how long a line is. A line of a
 * text beyond the limit is told at the end, if it is one of the last ones.
 */
export function createLineSplitter(onLine: (line: string) => void, limits: LineLimits): LineSplitter {
  let begun = '';
  let chars = 0;
  let isBegun = false;
  let isCut = false;
  let leftOut = 0;
  const last: string[] = [];
  const tell = (): void => {
    // A word that is cut may be the beginning of a secret, which nothing knows by its beginning.
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
