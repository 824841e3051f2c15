import { serverEnvironment } from '../../cluster/server-files.ts';
import type { UserConfiguration } from './merge.ts';
import { readConfiguration } from './read.ts';
import type { ConfigurationSource } from './session.ts';

/** The texts of a configuration: what was given, and what it includes, by the names that `include` gives. */
export type ConfigurationTexts = ConfigurationSource & { readonly included: ReadonlyMap<string, string> };

/** The one that nothing quotes: a pod named `12-nats-0` would read as a bad date. */
const { podName: _, ...quotedVariables } = serverEnvironment;
const environment = new Set<string>(Object.values(quotedVariables));

/**
 * A configuration with the texts it can be read from again.
 * @throws ActionError INPUT_INVALID naming file, line and column, without repeating a value
 */
export function readTexts(texts: ConfigurationTexts): UserConfiguration {
  const { input, file, text, included } = texts;
  const tree = readConfiguration({ input, file, text }, { files: included, environment });
  return { input, tree, texts: JSON.stringify({ input, file, text, included: [...included] }) };
}

/** What `readTexts` wrote, read again; undefined when it is something else. */
export function readAgain(texts: string): UserConfiguration | undefined {
  const known = textsOf(texts);
  return known === undefined ? undefined : readTexts(known);
}

function textsOf(json: string): ConfigurationTexts | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined; // Whoever asks says so; the parser's own words would quote the text.
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { input, file, text, included }: Readonly<Record<string, unknown>> = { ...value };
  const isWhole = typeof input === 'string' && typeof file === 'string' && typeof text === 'string';
  if (!isWhole || !Array.isArray(included) || !included.every(isPair)) return undefined;
  return { input, file, text, included: new Map(included) };
}

function isPair(value: unknown): value is readonly [string, string] {
  return Array.isArray(value) && value.length === 2 && value.every((each) => typeof each === 'string');
}
