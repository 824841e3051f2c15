import { readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { Slice } from './profile.ts';

export const RESULTS = fileURLToPath(new URL('./results.json', import.meta.url));

export type Unit = 'ms' | 'requests' | 'KiB' | 'MiB';

/** The result of several rounds, in the unit of its row. */
export type Figure = {
  readonly median: number;
  readonly from: number;
  readonly to: number;
  readonly rounds: number;
};

export type Row = {
  readonly label: string;
  readonly unit: Unit;
  readonly ours: Figure;
  /** The reference: a figure that other programs reached on the same machine in the same run, or the allowed value. */
  readonly reference: Figure & { readonly label: string };
  readonly ratio: number;
  readonly target: string;
  /** The figure as a share of the target; 1 is exactly the allowed value. Undefined for a figure without a target. */
  readonly ofAllowed?: number;
  readonly isMet: boolean;
  /** Other observations, for example lost messages. */
  readonly seen?: string;
  /** The parts of our figure: medians in the unit of the row. */
  readonly parts?: Readonly<Record<string, number>>;
  /** The use of time in one round that ran under a profiler, which makes it longer. */
  readonly profile?: readonly Slice[];
};

export function figureOf(values: readonly number[]): Figure {
  const sorted = values.toSorted((left, right) => left - right);
  const at = (index: number): number => Math.round((sorted[index] ?? Number.NaN) * 10) / 10;
  const rounds = sorted.length;
  return { median: at(Math.floor(rounds / 2)), from: at(0), to: at(rounds - 1), rounds };
}

/** Returns the medians of parts that were measured in every round, by their names. */
export function mediansOf(rounds: readonly Readonly<Record<string, number>>[]): Readonly<Record<string, number>> {
  const names = [...new Set(rounds.flatMap((parts) => Object.keys(parts)))];
  return Object.fromEntries(names.map((name) => [name, figureOf(rounds.map((parts) => parts[name] ?? 0)).median]));
}

export function ratioOf(ours: Figure, reference: Figure): number {
  return Number((ours.median / reference.median).toPrecision(2));
}

type Comparison = Pick<Row, 'ratio' | 'target' | 'ofAllowed' | 'isMet'>;

/** Compares a figure with a multiple of the reference. */
export function withinRatio(ours: Figure, reference: Figure, most: number): Comparison {
  const ratio = ratioOf(ours, reference);
  return { ratio, target: `≤ ${most} ×`, ofAllowed: share(ratio / most), isMet: ratio <= most };
}

/** Compares a figure with a number in the unit of the row. */
export function within(ours: Figure, reference: Figure, most: number, unit: Unit): Comparison {
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

/** Renders a table with one line for each row, and below it the parts of our figures, if they are known. */
export function tableOf(rows: readonly Row[]): string {
  const head = ['what', 'ours', 'reference', 'ratio', 'target', 'met'];
  const lines = rows.map(({ label, unit, ours, reference, ratio, target, isMet, seen }) => [
    seen === undefined ? label : `${label} (${seen})`,
    figureText(ours, unit),
    `${reference.label}: ${figureText(reference, unit)}`,
    String(ratio),
    target,
    isMet ? 'yes' : 'NO',
  ]);
  const all = [head, ...lines];
  const widths = head.map((_, column) => Math.max(...all.map((line) => line[column]?.length ?? 0)));
  const table = all.map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
  const parts = rows.flatMap(({ label, unit, parts: made }) =>
    made === undefined ? [] : [`${label}: ${partsText(made, unit)}`],
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

/**
 * The machine of the measurements. `load` is the number of processes that waited for a core at the start. If `load` is
 * higher than `cores`, the measured times are longer than on an idle machine.
 */
export type Machine = { readonly cores: number; readonly node: string; readonly load: number };

export function machine(): Machine {
  return { cores: cpus().length, node: process.version, load: Number((loadavg()[0] ?? Number.NaN).toFixed(1)) };
}

/** Replaces the earlier rows of one bench; the rows of other benches stay. */
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
