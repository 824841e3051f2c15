import { hasCode } from '../../errors.ts';
import { parseConfiguration } from './parse.ts';
import type { ConfigurationSource, Surroundings } from './session.ts';
import type { ConfBlock } from './value.ts';
import { parseYamlConfiguration } from './yaml.ts';

/**
 * Reads the user's configuration, in nats-server's own syntax, YAML or JSON. The name of a file decides the syntax.
 * Otherwise a text is JSON if it is complete JSON. A text is YAML if it is not a valid nats.conf and has an unindented
 * line that ends after `key:`, which nats.conf cannot have.
 * @throws ActionError INPUT_INVALID naming file, line and column, without repeating a value
 */
export function readConfiguration(source: ConfigurationSource, surroundings: Surroundings): ConfBlock {
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
