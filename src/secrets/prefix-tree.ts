/** The number of characters from one node to the next. */
const STRIDE = 8;

type Node = {
  isEnd: boolean;
  /** The rest of the texts that end before the next node, by its length. */
  readonly tails: Map<number, Set<string>>;
  readonly next: Map<string, Node>;
};

/**
 * A tree of texts. It finds the longest of its texts that begins at a position of another text. The time of that search
 * depends only on the length of the longest text, not on the number of texts or on common beginnings.
 */
export class PrefixTree {
  readonly #root = createNode();

  add(text: string): void {
    let node = this.#root;
    let at = 0;
    for (; at + STRIDE <= text.length; at += STRIDE) {
      const step = text.slice(at, at + STRIDE);
      const next = node.next.get(step) ?? createNode();
      node.next.set(step, next);
      node = next;
    }
    const tail = text.slice(at);
    if (tail === '') node.isEnd = true;
    else node.tails.set(tail.length, (node.tails.get(tail.length) ?? new Set()).add(tail));
  }

  /** Checks whether the part between the positions is the beginning of one of the texts. */
  hasBeginning(text: string, start: number, end: number): boolean {
    let node = this.#root;
    let at = start;
    for (; at + STRIDE <= end; at += STRIDE) {
      const next = node.next.get(text.slice(at, at + STRIDE));
      if (next === undefined) return false;
      node = next;
    }
    const rest = text.slice(at, end);
    const ahead = [...node.next.keys(), ...[...node.tails.values()].flatMap((tails) => [...tails])];
    return ahead.some((step) => step.startsWith(rest));
  }

  /** Returns the length of the longest text that begins at a position; 0 if none does. */
  measureLongest(text: string, start: number): number {
    let longest = 0;
    let at = start;
    for (let node: Node | undefined = this.#root; node !== undefined; at += STRIDE) {
      if (node.isEnd) longest = at - start;
      for (const [length, tails] of node.tails) {
        if (at + length - start > longest && tails.has(text.slice(at, at + length))) longest = at + length - start;
      }
      node = node.next.get(text.slice(at, at + STRIDE));
    }
    return longest;
  }
}

function createNode(): Node {
  return { isEnd: false, tails: new Map(), next: new Map() };
}
