/** A log in sections that a reader can fold. */
export type Sections = {
  /** Starts a section for later lines; undefined starts none. A section without a line is not shown. */
  readonly begin: (title: string | undefined) => void;
  /** Opens the section if necessary; must be called before each line. */
  readonly line: () => void;
};

/**
 * Creates the sections. A new section ends the previous one, because GitHub Actions does not support nested sections in
 * a log.
 */
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
