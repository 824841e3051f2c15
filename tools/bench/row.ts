import { readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const RESULTS = fileURLToPath(new URL('../../bench/results.json', import.meta.url));

/** Milliseconds of several rounds. */
export type Figure = {
  readonly medianMs: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly rounds: number;
};

export type Row = {
  readonly what: string;
  readonly ours: Figure;
  /** What the same machine needed for it in the same run, by other means. */
  readonly reference: Figure & { readonly what: string };
  readonly ratio: number;
  readonly target: string;
  readonly isMet: boolean;
  /** What else was seen, for example what was lost. */
  readonly seen?: string;
  /** Where our time goes, medians. */
  readonly partsMs?: Readonly<Record<string, number>>;
};

export function figureOf(valuesMs: readonly number[]): Figure {
  const sorted = valuesMs.toSorted((left, right) => left - right);
  const at = (index: number): number => Math.round((sorted[index] ?? Number.NaN) * 10) / 10;
  const rounds = sorted.length;
  return { medianMs: at(Math.floor(rounds / 2)), fromMs: at(0), toMs: at(rounds - 1), rounds };
}

export function ratioOf(ours: Figure, reference: Figure): number {
  return Number((ours.medianMs / reference.medianMs).toPrecision(2));
}

/** A table with one line for each row, and below it where our time goes, as far as that is known. */
export function tableOf(rows: readonly Row[]): string {
  const head = ['what', 'ours', 'reference', 'ratio', 'target', 'met'];
  const lines = rows.map(({ what, ours, reference, ratio, target, isMet, seen }) => [
    seen === undefined ? what : `${what} (${seen})`,
    figureText(ours),
    `${reference.what}: ${figureText(reference)}`,
    String(ratio),
    target,
    isMet ? 'yes' : 'NO',
  ]);
  const all = [head, ...lines];
  const widths = head.map((_, column) => Math.max(...all.map((line) => line[column]?.length ?? 0)));
  const table = all.map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
  const parts = rows.flatMap(({ what, partsMs }) => (partsMs === undefined ? [] : [`${what}: ${partsText(partsMs)}`]));
  return [...table, ...parts].map((line) => `${line.trimEnd()}\n`).join('');
}

function partsText(partsMs: Readonly<Record<string, number>>): string {
  return Object.entries(partsMs)
    .map(([part, ms]) => `${part} ${ms.toFixed(0)} ms`)
    .join(', ');
}

function figureText({ medianMs, fromMs, toMs, rounds }: Figure): string {
  return `${medianMs} ms (${fromMs}–${toMs}, ${rounds} rounds)`;
}

/** What the numbers hold for. `load`: how many processes wanted a core before it began; above `cores`, times are long. */
export type Machine = { readonly cores: number; readonly node: string; readonly load: number };

export function machine(): Machine {
  return { cores: cpus().length, node: process.version, load: Number((loadavg()[0] ?? Number.NaN).toFixed(1)) };
}

/** Puts the rows of one bench in the place of its earlier ones; those of other benches stay. */
export async function recordRows(name: string, on: Machine, rows: readonly Row[]): Promise<void> {
  const recorded = { ...(await recordedRows()), [name]: { machine: on, rows } };
  const sorted = Object.entries(recorded).toSorted(([left], [right]) => (left < right ? -1 : 1));
  await writeFile(RESULTS, `${JSON.stringify(Object.fromEntries(sorted), undefined, 2)}\n`);
}

async function recordedRows(): Promise<object> {
  let text: string;
  try {
    text = await readFile(RESULTS, 'utf8');
  } catch (error) {
    if (Error.isError(error) && 'code' in error && error.code === 'ENOENT') return {};
    throw error;
  }
  const recorded: unknown = JSON.parse(text);
  if (typeof recorded !== 'object' || recorded === null) throw new Error(`${RESULTS}: expected an object`);
  return recorded;
}
