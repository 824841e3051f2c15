import { fieldsOf, listOf } from '../test/support/workflow-document.ts';
import { between } from './marked-part.ts';

/** The README with what `npm run bench` measured last between its markers. Counts of requests are in bench/results.json alone. */
export function withMeasurements(readme: string, results: string): string {
  const measured: unknown = JSON.parse(results);
  const rows = Object.values(fieldsOf(measured)).flatMap((bench) => {
    const { machine, rows: all } = fieldsOf(bench);
    return listOf(all).map((row) => ({ load: fieldsOf(machine)['load'], ...fieldsOf(row) }));
  });
  const lines = rows.filter(isTimed).map(line);
  const head = ['| What | Here | By other means, on the same machine | Target |', '| --- | --- | --- | --- |'];
  return between(readme, 'measured', [...head, ...lines].join('\n'));
}

type Row = Readonly<Record<string, unknown>>;

function isTimed({ unit = 'ms' }: Row): boolean {
  return unit === 'ms';
}

function line({ what, ours, reference, target, isMet, seen }: Row): string {
  const other = fieldsOf(reference);
  const more = typeof seen === 'string' ? `; ${seen}` : '';
  const cells = [
    String(what),
    `${timeText(fieldsOf(ours))}${more}`,
    `${String(other['what'])}: ${timeText(other)}`,
    `${String(target)}: ${isMet === true ? 'met' : '**missed**'}`,
  ];
  return `| ${cells.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** `188 ms (17 to 322)`, `12.9 s (7.5 to 20.5)`: the median and the range. */
function timeText(figure: Row): string {
  const [median, from, to] = ['median', 'from', 'to'].map((name) => Number(figure[name] ?? figure[`${name}Ms`]));
  const isLong = (median ?? 0) >= 1000;
  const text = (ms = Number.NaN): string => (isLong ? (ms / 1000).toFixed(1) : ms.toFixed(0));
  return `${text(median)} ${isLong ? 's' : 'ms'} (${text(from)} to ${text(to)})`;
}
