import { fieldsOf, listOf } from '../test/support/workflow-document.ts';
import { between } from './marked-part.ts';

/**
 * Returns the README with the last measurements of `npm run bench` beside Helm between its markers; docs/performance.md
 * has the rest.
 */
export function withMeasurements(readme: string, results: string): string {
  const measured: unknown = JSON.parse(results);
  const rows = Object.values(fieldsOf(measured)).flatMap((bench) => listOf(fieldsOf(bench)['rows']).map(fieldsOf));
  const lines = rows.filter(isBesideHelm).map(line);
  const head = ['| What | Here | Helm, on the same machine |', '| --- | --- | --- |'];
  return between(readme, 'measured', [...head, ...lines].join('\n'));
}

type Row = Readonly<Record<string, unknown>>;

function isBesideHelm({ reference }: Row): boolean {
  return String(fieldsOf(reference)['what']).includes('helm');
}

function line({ what, ours, reference, seen }: Row): string {
  const other = fieldsOf(reference);
  const more = typeof seen === 'string' ? `; ${seen}` : '';
  const cells = [String(what), timeText(fieldsOf(ours)), `${String(other['what'])}: ${timeText(other)}${more}`];
  return `| ${cells.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** Formats the median and the range: `188 ms (17 to 322)`, `12.9 s (7.5 to 20.5)`. */
function timeText(figure: Row): string {
  const [median, from, to] = ['median', 'from', 'to'].map((name) => Number(figure[name]));
  const isLong = (median ?? 0) >= 1000;
  const text = (ms = Number.NaN): string => (isLong ? (ms / 1000).toFixed(1) : ms.toFixed(0));
  return `${text(median)} ${isLong ? 's' : 'ms'} (${text(from)} to ${text(to)})`;
}
