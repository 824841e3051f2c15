/**
 * Returns the candidate that `word` was probably meant to be: at most one edit away for short words, two for longer
 * ones (an edit inserts, drops, replaces or swaps neighbouring characters), case and `_` for `-` not counted.
 */
export function closest<Word extends string>(word: string, candidates: readonly Word[]): Word | undefined {
  const written = normalized(word);
  const allowed = written.length <= 5 ? 1 : 2;
  let best: { readonly candidate: Word; readonly edits: number } | undefined;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - written.length) > allowed) continue;
    const edits = editDistance(written, normalized(candidate));
    if (edits <= allowed && (best === undefined || edits < best.edits)) best = { candidate, edits };
  }
  return best?.candidate;
}

function normalized(word: string): string {
  return word.toLowerCase().replaceAll('_', '-');
}

/** Computes the optimal string alignment distance. */
function editDistance(left: string, right: string): number {
  let beforePrevious: readonly number[] = [];
  let previous: readonly number[] = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[row - 1] === right[column - 1];
      const swapped = row > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      current.push(
        Math.min(
          at(previous, column) + 1,
          at(current, column - 1) + 1,
          at(previous, column - 1) + (same ? 0 : 1),
          swapped ? at(beforePrevious, column - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    beforePrevious = previous;
    previous = current;
  }
  return at(previous, right.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
