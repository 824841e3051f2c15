import { ActionError } from '../../errors.ts';
import type { ConfBlock, ConfValue } from './value.ts';

/**
 * The text of nats.conf: one entry a line, in the order of the tree, with every string in double quotes, so that
 * `true`, `3k`, `$HOME` or `12-nats-0` stay strings. It holds the passwords of the tree.
 * @throws ActionError INTERNAL naming the path of a value the grammar cannot express
 */
export function renderConfiguration(configuration: ConfBlock): string {
  return entryLines(configuration, '', '').join('');
}

function entryLines(configuration: ConfBlock, indent: string, path: string): readonly string[] {
  return Object.entries(configuration.entries).map(([key, value]) => {
    const at = path === '' ? key : `${path}.${key}`;
    return `${indent}${keyText(key, at)}: ${valueText(value, indent, at)}\n`;
  });
}

function valueText(value: ConfValue, indent: string, path: string): string {
  if (typeof value === 'string') {
    return quoted(value, path);
  }
  if (typeof value === 'number') {
    return numberText(value, path);
  }
  if (typeof value === 'boolean') {
    return value ? 'true' : 'false';
  }
  const inner = `${indent}  `;
  switch (value.kind) {
    case 'variable':
      return variableText(value.name, path);
    case 'list': {
      // A line break ends an item (`lexArrayValueEnd`), so there are no commas to get wrong.
      const items = value.items.map((item, index) => `${inner}${valueText(item, inner, `${path}[${index}]`)}\n`);
      return items.length === 0 ? '[]' : `[\n${items.join('')}${indent}]`;
    }
    case 'block': {
      const lines = entryLines(value, inner, path);
      return lines.length === 0 ? '{}' : `{\n${lines.join('')}${indent}}`;
    }
  }
}

/**
 * `lexDubQuotedString` knows `\\ \" \t \n \r \xNN` and no other escape; NUL is its end of file, so control characters
 * are always escaped. Everything else, `$` and `#` included, stands for itself.
 */
function quoted(text: string, path: string): string {
  if (!text.isWellFormed()) {
    throw inexpressible(path, 'a string with half a surrogate pair, which UTF-8 cannot hold');
  }
  const escaped = text.replace(/[\\"]/g, '\\$&').replace(/\p{Cc}/gu, controlEscape);
  return `"${escaped}"`;
}

function controlEscape(character: string): string {
  return [...Buffer.from(character, 'utf8')].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
}

/** Keys have no escapes (`lexMapDubQuotedKey`), only two kinds of quotes. */
function keyText(key: string, path: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(key)) {
    return key;
  }
  if (!key.isWellFormed() || /\p{Cc}/u.test(key) || (key.includes('"') && key.includes("'"))) {
    throw inexpressible(path, 'a key with control characters, or with both kinds of quotes');
  }
  return key.includes('"') ? `'${key}'` : `"${key}"`;
}

/** The lexer knows no exponents, and int64 holds more than a number here does. */
function numberText(value: number, path: string): string {
  const text = String(value === 0 ? 0 : value);
  const exact = Number.isInteger(value) ? Number.isSafeInteger(value) : /^-?\d+\.\d+$/.test(text);
  if (!exact) {
    throw inexpressible(path, `the number ${text}`);
  }
  return text;
}

function variableText(name: string, path: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    throw inexpressible(path, 'a reference to a variable whose name is not made of letters, digits and _');
  }
  return `$${name}`;
}

function inexpressible(path: string, what: string): ActionError<'INTERNAL'> {
  return new ActionError('INTERNAL', `nats.conf: ${path} holds ${what}, which nats-server's grammar cannot express`, {
    hint: 'Report this with the input the value came from; it should have been refused there.',
    details: {},
  });
}
