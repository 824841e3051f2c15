import { readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { Slice } from './profile.ts';

export const RESULTS = fileURLToPath(new URL('../../bench/results.json', import.meta.url));

export type Unit = 'ms' | 'requests' | 'KiB' | 'MiB';

/** What several rounds came to, in the unit of its row. */
export type Figure = {
  readonly median: number;
  readonly from: number;
  readonly to: number;
  readonly rounds: number;
};

export type Row = {
  readonly what: string;
  readonly unit: Unit;
  readonly ours: Figure;
  /** What the same machine needed for it in the same run, by other means; or what is allowed. */
  readonly reference: Figure & { readonly what: string };
  readonly ratio: number;
  readonly target: string;
  /** 1 is just what the target allows; undefined for what is only to be known. */
  readonly ofAllowed?: number;
  readonly isMet: boolean;
  /** What else was seen, for example what was lost. */
  readonly seen?: string;
  /** What ours consists of: medians in the unit of the row. */
  readonly parts?: Readonly<Record<string, number>>;
  /** Where the time of one round went that was run under a profiler, which makes it longer. */
  readonly profile?: readonly Slice[];
};

export function figureOf(values: readonly number[]): Figure {
  const sorted = values.toSorted((left, right) => left - right);
  const at = (index: number): number => Math.round((sorted[index] ?? Number.NaN) * 10) / 10;
  const rounds = sorted.length;
  return { median: at(Math.floor(rounds / 2)), from: at(0), to: at(rounds - 1), rounds };
}

/** The medians of parts that were taken in every round, by their names. */
export function mediansOf(rounds: readonly Readonly<Record<string, number>>[]): Readonly<Record<string, number>> {
  const names = [...new Set(rounds.flatMap((parts) => Object.keys(parts)))];
  return Object.fromEntries(names.map((name) => [name, figureOf(rounds.map((parts) => parts[name] ?? 0)).median]));
}

export function ratioOf(ours: Figure, reference: Figure): number {
  return Number((ours.median / reference.median).toPrecision(2));
}

type Judged = Pick<Row, 'ratio' | 'target' | 'ofAllowed' | 'isMet'>;

/** Held against so many times the reference. */
export function withinRatio(ours: Figure, reference: Figure, most: number): Judged {
  const ratio = ratioOf(ours, reference);
  return { ratio, target: `≤ ${most} ×`, ofAllowed: share(ratio / most), isMet: ratio <= most };
}

/** Held against a number in the unit of the row. */
export function within(ours: Figure, reference: Figure, most: number, unit: Unit): Judged {
  return {
    ratio: ratioOf(ours, reference),
    target: `≤ ${most} ${unit}`,
    ofAllowed: share(ours.median / most),
    isMet: ours.median <= most,
  };
}

function share(value: number): number {
  return Number(value.toPrecision(2));
}

/** A table with one line for each row, and below it what ours consists of, as far as that is known. */
export function tableOf(rows: readonly Row[]): string {
  const head = ['what', 'ours', 'reference', 'ratio', 'target', 'met'];
  const lines = rows.map(({ what, unit, ours, reference, ratio, target, isMet, seen }) => [
    seen === undefined ? what : `${what} (${seen})`,
    figureText(ours, unit),
    `${reference.what}: ${figureText(reference, unit)}`,
    String(ratio),
    target,
    isMet ? 'yes' : 'NO',
  ]);
  const all = [head, ...lines];
  const widths = head.map((_, column) => Math.max(...all.map((line) => line[column]?.length ?? 0)));
  const table = all.map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
  const parts = rows.flatMap(({ what, unit, parts: made }) =>
    made === undefined ? [] : [`${what}: ${partsText(made, unit)}`],
  );
  return [...table, ...parts].map((line) => `${line.trimEnd()}\n`).join('');
}

export function partsText(parts: Readonly<Record<string, number>>, unit: Unit): string {
  return Object.entries(parts)
    .map(([part, value]) => (unit === 'requests' ? `${value} ${part}` : `${part} ${value.toFixed(0)} ${unit}`))
    .join(', ');
}

export function figureText({ median, from, to, rounds }: Figure, unit: Unit): string {
  return from === to ? `${median} ${unit}` : `${median} ${unit} (${from}–${to}, ${rounds} rounds)`;
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
