import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';

/** The result of one fault for a reader of docs/faults.md. */
export type FaultResult = {
  readonly fault: string;
  /** The title of the annotation, or `green`. */
  readonly code: string;
  /** The time from visible to exit; undefined if the run survives, or if the cluster shows no sign of the fault. */
  readonly seconds: number | undefined;
  /** The first line of the text for the reader. */
  readonly message: string;
  readonly state: string;
};

const RESULTS = join(import.meta.dirname, 'results');

/**
 * Records the results of a theme for the table, when RECORD_FAULTS asks for it; an incomplete theme is not recorded.
 */
export async function recordTheme(theme: string, results: readonly FaultResult[], isComplete: boolean): Promise<void> {
  if (process.env.RECORD_FAULTS !== '1' || !isComplete) return;
  await mkdir(RESULTS, { recursive: true });
  await writeFile(join(RESULTS, `${theme}.json`), `${JSON.stringify(results, undefined, 2)}\n`);
}

/** Returns a text without the parts that differ in every run. */
export function plain(text: string, namespace: string): string {
  return text.replaceAll(namespace, 'NAMESPACE').replaceAll(/127\.0\.0\.1:\d{4,5}/g, 'HOST');
}
