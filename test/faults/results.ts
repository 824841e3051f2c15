import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';

/** What a reader of docs/faults.md learns of one fault. */
export type FaultResult = {
  readonly fault: string;
  /** The title of the annotation, or `green`. */
  readonly code: string;
  /** From visible to exit; undefined where the run survives or nothing is to be seen in the cluster. */
  readonly seconds: number | undefined;
  /** The first line of what the reader is told. */
  readonly told: string;
  readonly state: string;
};

const RESULTS = join(import.meta.dirname, 'results');

/** Keeps the results of a theme for the table, when RECORD_FAULTS asks for it; an incomplete theme is not kept. */
export async function recordTheme(theme: string, results: readonly FaultResult[], isComplete: boolean): Promise<void> {
  if (process.env.RECORD_FAULTS !== '1' || !isComplete) return;
  await mkdir(RESULTS, { recursive: true });
  await writeFile(join(RESULTS, `${theme}.json`), `${JSON.stringify(results, undefined, 2)}\n`);
}

/** Returns a text without what differs in every run. */
export function plain(text: string, namespace: string): string {
  return text.replaceAll(namespace, 'NAMESPACE').replaceAll(/127\.0\.0\.1:\d{4,5}/g, 'HOST');
}
