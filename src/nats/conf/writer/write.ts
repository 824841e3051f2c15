import { ActionError } from '../../../errors/action-error.ts';
import type { ConfBlock, ConfValue, ConfVariable } from '../reader/value.ts';

/**
 * The context in which a value is rendered: the definitions above the value, block by block, and the path that errors
 * name.
 */
type Place = {
  readonly above: ReadonlyMap<string, ConfValue>;
  readonly outer: Place | undefined;
  /** The text before each line. */
  readonly indent: string;
  /** The additional indentation of the lines in a block or list. */
  readonly step: string;
  readonly path: string;
};

/**
 * The maximum indentation; deeper lines are hard to read. Without a limit, the text of deeply nested lists would be
 * many times the size of their content.
 */
const LONGEST_INDENT = 16;

/** The length from which a text gets no indentation at all, so that its size depends only on its content. */
const MAX_INDENTED_CHARACTERS = 262_144;

/**
 * Renders nats.conf: one entry a line, in the order of the tree, with every string in double quotes, so that `true`,
 * `3k`, `$HOME` or `12-nats-0` stay strings. The text contains the passwords of the tree.
 * @throws ActionError INTERNAL naming the path of a value the grammar cannot express
 */
export function renderConfiguration(configuration: ConfBlock): string {
  const textWith = (step: string): string =>
    renderEntries(configuration, { indent: '', step, path: '', outer: undefined }).join('');
  const indented = textWith('  ');
  return indented.length <= MAX_INDENTED_CHARACTERS ? indented : textWith('');
}

function renderEntries(configuration: ConfBlock, around: Omit<Place, 'above'>): readonly string[] {
  const above = new Map<string, ConfValue>();
  return Object.entries(configuration.entries).map(([key, value]) => {
    const path = around.path === '' ? key : `${around.path}.${key}`;
    const line = `${around.indent}${renderKey(key, path)}: ${renderValue(value, { ...around, above, path })}\n`;
    above.set(key, value);
    return line;
  });
}

function renderValue(value: ConfValue, place: Place): string {
  if (typeof value === 'string') {
    return quoteText(value, place.path);
  }
  if (typeof value === 'number' || typeof value === 'bigint') {
    return renderNumber(value, place.path);
  }
  if (typeof value === 'boolean') {
    return value ? 'true' : 'false';
  }
  const isDeep = place.indent.length >= LONGEST_INDENT;
  const inner = { ...place, indent: isDeep ? place.indent : `${place.indent}${place.step}` };
  switch (value.kind) {
    case 'float':
    case 'date':
      return value.text;
    case 'variable':
      return renderVariable(value, place);
    case 'list': {
      // A line break ends an item (`lexArrayValueEnd`), so the list needs no commas.
      const items = value.items.map(
        (item, index) => `${inner.indent}${renderValue(item, { ...inner, path: `${place.path}[${index}]` })}\n`,
      );
      return items.length === 0 ? '[]' : `[\n${items.join('')}${place.indent}]`;
    }
    case 'block': {
      const lines = renderEntries(value, { indent: inner.indent, step: place.step, path: place.path, outer: place });
      return lines.length === 0 ? '{}' : `{\n${lines.join('')}${place.indent}}`;
    }
  }
}

/**
 * Quotes a text. `lexDubQuotedString` knows the escapes `\\ \" \t \n \r \xNN` only. NUL is its end of file, so control
 * characters are always escaped. Everything else, `$` and `#` included, stands for itself.
 */
function quoteText(text: string, path: string): string {
  if (!text.isWellFormed()) {
    throw createInexpressibleError(path, 'a string with half a surrogate pair, which UTF-8 cannot hold');
  }
  const escaped = text.replace(/[\\"]/g, '\\$&').replace(/\p{Cc}/gu, escapeControl);
  return `"${escaped}"`;
}

function escapeControl(character: string): string {
  return [...Buffer.from(character, 'utf8')].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
}

/** Formats a key. Keys have no escapes (`lexMapDubQuotedKey`), only two kinds of quotes; NUL would end the file. */
function renderKey(key: string, path: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(key)) {
    return key;
  }
  if (!key.isWellFormed() || key.includes('\0') || (key.includes('"') && key.includes("'"))) {
    throw createInexpressibleError(path, 'a key with NUL, half a character, or both kinds of quotes');
  }
  return key.includes('"') ? `'${key}'` : `"${key}"`;
}

/** Formats a number. The lexer does not know exponents, and an int64 holds more than a JavaScript number. */
function renderNumber(value: number | bigint, path: string): string {
  const text = String(value === 0 ? 0 : value);
  const isInteger = typeof value === 'bigint' || Number.isInteger(value);
  const isExact =
    typeof value === 'bigint'
      ? BigInt.asIntN(64, value) === value
      : isInteger
        ? Number.isSafeInteger(value)
        : /^-?\d+\.\d+$/.test(text);
  if (!isExact) {
    throw createInexpressibleError(path, `the number ${text}`);
  }
  return text;
}

/**
 * Formats a variable by name if the lines above define this very value, because nats-server treats an unused definition
 * as an unknown field; otherwise formats the value itself.
 */
function renderVariable(variable: ConfVariable, place: Place): string {
  const { name, value } = variable;
  const isName = /^[^\s\p{Cc},;\]}'\\]+$/u.test(name) && !name.startsWith('2a$');
  if (value !== undefined && !(isName && findDefinition(name, place) === value)) {
    return renderValue(value, place);
  }
  if (!isName) {
    throw createInexpressibleError(place.path, 'a reference to a variable with a character that ends the name');
  }
  return `$${name}`;
}

function findDefinition(name: string, place: Place): ConfValue | undefined {
  for (let current: Place | undefined = place; current !== undefined; current = current.outer) {
    const value = current.above.get(name);
    if (value !== undefined) return value;
  }
  return undefined;
}

function createInexpressibleError(path: string, value: string): ActionError<'INTERNAL'> {
  return new ActionError('INTERNAL', `nats.conf: ${path} holds ${value}, which nats-server's grammar cannot express`, {
    hint: 'Report this with the input the value came from; it should have been refused there.',
    details: {},
  });
}
