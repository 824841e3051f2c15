/** A part of a run, and the log line that ends it. */
export type Part = { readonly part: string; readonly line: RegExp };

/** Tells how long each part of a run took, from its log lines as they come. A part lasts until its last line. */
export function timedParts(parts: readonly Part[], begun: number) {
  const endsAt = new Map<string, number>();
  return {
    onLine: (line: string): void => {
      const part = parts.find((each) => each.line.test(line))?.part;
      if (part !== undefined) endsAt.set(part, performance.now());
    },
    /** The rest, until the process ended, is the report. */
    partsUntil: (endedAt: number): Readonly<Record<string, number>> => {
      let from = begun;
      const taken: [string, number][] = [];
      for (const { part } of parts) {
        const at = Math.max(from, endsAt.get(part) ?? from);
        taken.push([part, at - from]);
        from = at;
      }
      return Object.fromEntries([...taken, ['report and end', endedAt - from]]);
    },
  };
}
