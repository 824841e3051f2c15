/** A log in sections that a reader can fold. */
export type Sections = {
  /** Later lines belong to this section; undefined: to none. A section without a line does not show. */
  readonly begin: (title: string | undefined) => void;
  /** Before each line. */
  readonly line: () => void;
};

/** Sections cannot be nested in a log of GitHub Actions: a new one ends the one before. */
export function createSections(open: (title: string) => void, close: () => void): Sections {
  let wanted: string | undefined;
  let shown: string | undefined;
  const end = (): void => {
    if (shown !== undefined) {
      shown = undefined;
      close();
    }
  };
  return {
    begin: (title) => {
      if (title !== shown) {
        end();
      }
      wanted = title;
    },
    line: () => {
      if (wanted !== undefined && wanted !== shown) {
        shown = wanted;
        open(wanted);
      }
    },
  };
}
