import { fieldsOf, listOf } from '../test/support/workflow-document.ts';
import { between } from './marked-part.ts';

/**
 * Returns the README with the last measurements of `npm run bench` next to Helm between its markers. docs/performance.md
 * has the others.
 */
export function withMeasurements(readme: string, results: string): string {
  const rows = rowsOf(results);
  const lines = rows.filter(isBesideHelm).map(line);
  const head = ['| What | Here | Helm, on the same machine |', '| --- | --- | --- |'];
  const measured = between(readme, 'measured', [...head, ...lines].join('\n'));
  return between(measured, 'helm', helmText(rows));
}

const ROUTES = /^of (\d+) routes Helm's end had (\d+(?:, \d+)*)$/;

/** Returns the sentence about the routes that were up when Helm returned, from the deployments that the bench observed. */
function helmText(rows: readonly Row[]): string {
  const found = rows.map(({ seen }) => ROUTES.exec(String(seen))).find((match) => match !== null);
  if (found === undefined) throw new Error('bench/results.json has no routes that were up when Helm returned');
  const [, all = '', counts = ''] = found;
  const ends = counts.split(', ');
  const without = ends.filter((count) => count === '0').length;
  return `> \`helm upgrade --install --wait\` returned success with **0 of ${all} routes up in ${without} of ${ends.length} runs**. This action succeeds only
> with ${all} of ${all}.`;
}

/** Returns the median time of a first deployment: `3.9 s`. */
export function measuredDeployment(results: string): string {
  const row = rowsOf(results).find(({ seen }) => ROUTES.test(String(seen)));
  return `${(Number(fieldsOf(row?.['ours'])['median']) / 1000).toFixed(1)} s`;
}

type Row = Readonly<Record<string, unknown>>;

function rowsOf(results: string): readonly Row[] {
  const benches: unknown = JSON.parse(results);
  return Object.values(fieldsOf(benches)).flatMap((bench) => listOf(fieldsOf(bench)['rows']).map(fieldsOf));
}

function isBesideHelm({ reference }: Row): boolean {
  return String(fieldsOf(reference)['label']).includes('helm');
}

function line({ label, ours, reference, seen }: Row): string {
  const other = fieldsOf(reference);
  const more = typeof seen === 'string' ? `; ${seen.replace(ROUTES, 'routes up when it returned, of $1: $2')}` : '';
  const cells = [String(label), timeText(fieldsOf(ours)), `${String(other['label'])}: ${timeText(other)}${more}`];
  return `| ${cells.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** Formats the median and the range: `188 ms (17 to 322)`, `12.9 s (7.5 to 20.5)`. */
function timeText(figure: Row): string {
  const [median, from, to] = ['median', 'from', 'to'].map((name) => Number(figure[name]));
  const isLong = (median ?? 0) >= 1000;
  const text = (ms = Number.NaN): string => (isLong ? (ms / 1000).toFixed(1) : ms.toFixed(0));
  return `${text(median)} ${isLong ? 's' : 'ms'} (${text(from)} to ${text(to)})`;
}
