import type { Machine, Row } from './row.ts';

/** The part of bench/results.json that one bench of `npm run bench` wrote. */
export type Recorded = { readonly machine: Machine; readonly rows: readonly Row[] };

/**
 * Parses the benches by their names.
 * @throws Error when the document has another form.
 */
export function parseRecorded(text: string): ReadonlyMap<string, Recorded> {
  const document: unknown = JSON.parse(text);
  if (!isObject(document)) throw new Error('expected an object of benches');
  return new Map(
    Object.entries(document).map(([name, bench]) => {
      if (!isRecorded(bench)) throw new Error(`${name}: expected a machine and rows`);
      return [name, bench];
    }),
  );
}

function isRecorded(value: unknown): value is Recorded {
  if (!isObject(value) || !('machine' in value) || !('rows' in value)) return false;
  const { machine, rows } = value;
  return isObject(machine) && hasNumbers(machine, ['cores', 'load']) && Array.isArray(rows) && rows.every(isRow);
}

function isRow(value: unknown): value is Row {
  if (!isObject(value)) return false;
  const fields = new Map<string, unknown>(Object.entries(value));
  const isText = ['label', 'unit', 'target'].every((name) => typeof fields.get(name) === 'string');
  const figures = ['ours', 'reference'].map((name) => fields.get(name));
  const areFigures = figures.every(
    (figure) => isObject(figure) && hasNumbers(figure, ['median', 'from', 'to', 'rounds']),
  );
  const isProfiled = fields.get('profile') === undefined || isProfile(fields.get('profile'));
  return (
    isText &&
    areFigures &&
    isProfiled &&
    typeof fields.get('isMet') === 'boolean' &&
    typeof fields.get('ratio') === 'number'
  );
}

function isProfile(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every((slice: unknown) => {
      if (!isObject(slice) || !hasNumbers(slice, ['fromMs', 'toMs'])) return false;
      const fields = new Map<string, unknown>(Object.entries(slice));
      return isObject(fields.get('ran')) && ['part', 'asked'].every((name) => typeof fields.get(name) === 'string');
    })
  );
}

function hasNumbers(value: object, names: readonly string[]): boolean {
  const fields = new Map<string, unknown>(Object.entries(value));
  return names.every((name) => typeof fields.get(name) === 'number');
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
