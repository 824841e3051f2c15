import { serverEnvironment } from '../../../cluster/server-files.ts';
import { hasCode } from '../../../errors/action-error.ts';
import { recordOf } from '../../../objects/json.ts';
import { parseConfiguration } from '../reader/parse.ts';
import { type ConfigurationSource, type ParseContext } from '../reader/session.ts';
import { type ConfBlock } from '../reader/value.ts';
import { parseYamlConfiguration } from '../reader/yaml.ts';
import type { UserConfiguration } from './merge.ts';

/**
 * Reads the user's configuration, in nats-server's own syntax, YAML or JSON. The name of a file decides the syntax.
 * Otherwise a text is JSON if it is complete JSON. A text is YAML if it is not a valid nats.conf and has an unindented
 * line that ends after `key:`, which nats.conf cannot have.
 * @throws ActionError INPUT_INVALID naming file, line and column, without repeating a value
 */
export function readConfiguration(source: ConfigurationSource, surroundings: ParseContext): ConfBlock {
  const given = { ...source, text: source.text.replace(/^\uFEFF/, '') };
  if (/\.(?:ya?ml|json)$/i.test(given.file) || isJson(given.text)) return parseYamlConfiguration(given, surroundings);
  try {
    return parseConfiguration(given, surroundings);
  } catch (error) {
    if (!hasCode(error, 'INPUT_INVALID') || !/^(?:---|["']?[\w$.-]+["']?:)[ \t]*(?:#.*)?$/m.test(given.text))
      throw error;
    return parseYamlConfiguration(given, surroundings);
  }
}

function isJson(text: string): boolean {
  if (!text.trimStart().startsWith('{')) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    // The braces may belong to a nats.conf, which has its own parser.
    return false;
  }
}

/** The texts of a configuration: the given text, and the included texts by the names that `include` gives. */
export type ConfigurationTexts = ConfigurationSource & { readonly included: ReadonlyMap<string, string> };

/**
 * The environment variables that the user's configuration may refer to. The pod name is not one of them, because its
 * value has no quotes: nats-server would read `12-nats-0` as an invalid date.
 */
const { podName: _, ...quotedVariables } = serverEnvironment;
const environment = new Set<string>(Object.values(quotedVariables));

/**
 * Reads a configuration, and returns it with the texts from which it can be read again.
 * @throws ActionError INPUT_INVALID naming file, line and column, without repeating a value
 */
export function readTexts(texts: ConfigurationTexts): UserConfiguration {
  const { input, file, text, included } = texts;
  const tree = readConfiguration({ input, file, text }, { files: included, environment });
  return { input, tree, texts: JSON.stringify({ input, file, text, included: [...included] }) };
}

/** Reads the texts that `readTexts` wrote; returns undefined for any other text. */
export function readStoredTexts(texts: string): UserConfiguration | undefined {
  const known = decodeTexts(texts);
  return known === undefined ? undefined : readTexts(known);
}

function decodeTexts(json: string): ConfigurationTexts | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined; // The caller reports it; the parser's own message would quote the text.
  }
  const { input, file, text, included } = recordOf(value);
  const isWhole = typeof input === 'string' && typeof file === 'string' && typeof text === 'string';
  if (!isWhole || !Array.isArray(included) || !included.every(isPair)) return undefined;
  return { input, file, text, included: new Map(included) };
}

function isPair(value: unknown): value is readonly [string, string] {
  return Array.isArray(value) && value.length === 2 && value.every((each) => typeof each === 'string');
}
