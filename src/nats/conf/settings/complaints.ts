import type { InputViolation } from '../../../errors/action-error.ts';
import { shortenText } from '../../../text/shorten.ts';
import { parseConfiguration } from '../reader/parse.ts';
import { createViolation } from '../reader/session.ts';
import { type ConfBlock, type ConfValue, isBlock, isList, type Position } from '../reader/value.ts';
import { renderConfiguration } from '../writer/write.ts';
import { removeSecrets } from './secrets.ts';

/** The form of an error, one per line, as `nats-server -t` prints it: `file:line:column: message` (`configErr`). */
const COMPLAINT = /^(?:nats-server: )?\S*:(\d+):\d+: (.+)$/;

/** The maximum number of errors. nats-server reports one error at a time; more lines come from another program. */
const MAX_COMPLAINTS = 20;
const MAX_COMPLAINT = 2048;

/**
 * Converts the output of `nats-server -t` on a rendered configuration to violations of the input that contains the
 * configuration. Each violation has the user's file and line if the user wrote the lines, and no secrets of the
 * configuration.
 */
export function parseComplaints(output: string, configuration: ConfBlock, input: string): readonly InputViolation[] {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const origins = findOrigins(configuration);
  const left = lines.length - MAX_COMPLAINTS;
  const shown = lines.slice(0, MAX_COMPLAINTS).map((line) => shortenText(line, MAX_COMPLAINT));
  return [...shown, ...(left > 0 ? [`${left} more lines`] : [])].map((line) => {
    const [, number, message = line] = COMPLAINT.exec(line) ?? [];
    const says = removeSecrets(message, configuration);
    const origin = number === undefined ? undefined : findOrigin(origins, Number(number));
    const problem = { says: `nats-server refuses it: ${says}`, fix: 'correct it, or remove it' };
    return origin === undefined
      ? { input, message: problem.says, correction: `# \`${input}\`: ${problem.fix}` }
      : createViolation(input, origin, problem);
  });
}

/** The position where the user wrote a key, by the rendered line of the key; undefined for a key of the Action. */
type Origins = {
  /** The lines that have a key, in ascending order. */
  readonly lines: readonly number[];
  readonly places: ReadonlyMap<number, Position | undefined>;
};

/**
 * Finds the origin of each rendered line: parses the rendered text, which gives the same tree with the line of each
 * key.
 */
function findOrigins(configuration: ConfBlock): Origins {
  const surroundings = { files: new Map<string, string>(), environment: new Set(listVariables(configuration)) };
  const source = { input: '', file: '', text: renderConfiguration(configuration) };
  const origins = new Map<number, Position | undefined>();
  const visit = (rendered: ConfValue | undefined, value: ConfValue | undefined) => {
    if (isList(rendered) && isList(value)) {
      for (const [index, item] of rendered.items.entries()) visit(item, value.items[index]);
    } else if (isBlock(rendered) && isBlock(value)) {
      for (const [key, inner] of Object.entries(rendered.entries)) {
        const line = rendered.positions?.get(key)?.line;
        if (line !== undefined) origins.set(line, value.positions?.get(key));
        visit(inner, value.entries[key]);
      }
    }
  };
  visit(parseConfiguration(source, surroundings), configuration);
  return { lines: [...origins.keys()].toSorted((left, right) => left - right), places: origins };
}

/**
 * Returns the user's position of the key on the line. For an item of a list, it is the position of the nearest key
 * above.
 */
function findOrigin(origins: Origins, line: number): Position | undefined {
  const { lines, places } = origins;
  let [from, to] = [0, lines.length];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if ((lines[middle] ?? 0) <= line) from = middle + 1;
    else to = middle;
  }
  return places.get(lines[from - 1] ?? 0);
}

function listVariables(value: ConfValue): readonly string[] {
  if (typeof value !== 'object') return [];
  if (value.kind === 'variable') return value.value === undefined ? [value.name] : listVariables(value.value);
  const inner = isList(value) ? value.items : isBlock(value) ? Object.values(value.entries) : [];
  return inner.flatMap(listVariables);
}
