/** The progress of a long operation: one line for each step or change of state, and none for each poll. */
export type Progress = (line: string) => void;

export function printProgress(line: string): void {
  process.stderr.write(`${line}\n`);
}

export function formatElapsed(ms: number): string {
  const seconds = ms / 1000;
  return seconds < 60 ? `${seconds.toFixed(1)} s` : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
