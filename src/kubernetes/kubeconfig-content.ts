import { resolve } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import type { User } from '@kubernetes/client-node/dist/config_types.js';
import type { ActionError } from '../errors.ts';
import { readYaml, YamlProblem } from '../inputs/yaml.ts';
import { CREDENTIAL_PLUGIN } from './credential-plugin.ts';
import { execEnvironment, TOKEN_FILE } from './credentials.ts';
import { inputError } from './input-error.ts';
import type { Part } from './kubeconfig-part.ts';
import { isRecord, type JsonRecord, recordOf, recordsOf, textOf } from './objects/json.ts';

/** The first file to name a cluster, user, context or current context wins, as for kubectl. */
export function mergeParts(parts: readonly Part[]): KubeConfig {
  const configs = parts.map(parsePart);
  const merged = new KubeConfig();
  merged.loadFromOptions({
    clusters: firstByName(configs.flatMap(({ clusters }) => clusters)),
    users: firstByName(configs.flatMap(({ users }) => users)),
    contexts: firstByName(configs.flatMap(({ contexts }) => contexts)),
    currentContext: configs.map(({ currentContext }) => currentContext).find((name) => name) ?? '',
  });
  return merged;
}

function firstByName<Item extends { readonly name: string }>(items: readonly Item[]): readonly Item[] {
  const known = new Set<string>();
  return items.filter(({ name }) => {
    const isFirst = !known.has(name);
    known.add(name);
    return isFirst;
  });
}

function parsePart({ text, where, directory }: Part): KubeConfig {
  const content = parseYaml(text, where);
  const config = new KubeConfig();
  try {
    config.loadFromString(JSON.stringify(content)); // JSON is YAML, and both parsers then see the same.
  } catch (error) {
    // The library's message names the entry that is wrong (`clusters[0].cluster.server is missing`), no value.
    const reason =
      Error.isError(error) && /^[a-z]+\[\d+\]/.test(error.message) ? error.message : 'an entry has the wrong type';
    throw inputError(
      'kubeconfig',
      `${where} is no valid kubeconfig: ${reason}`,
      'the output of `kubectl config view --raw`',
    );
  }
  config.makePathsAbsolute(directory);
  const declared = new Map(recordsOf(content['users']).map((user) => [textOf(user['name']), recordOf(user['user'])]));
  config.users = config.users.map((user) => completeUser(user, declared.get(user.name) ?? {}, directory));
  return config;
}

/** What the library does not read: `tokenFile`, and the environment that client-go gives to credential plugins. */
function completeUser(user: User, declared: JsonRecord, directory: string): User {
  const { token: _replaced, ...rest } = user;
  const path = textOf(declared['tokenFile']);
  if (path !== undefined)
    return { ...rest, authProvider: { name: TOKEN_FILE, config: { path: resolve(directory, path) } } };
  if (!isRecord(declared['exec'])) return user;
  const plugin = execEnvironment(declared['exec'], directory);
  // The library would run the plugin itself.
  return { ...user, exec: undefined, authProvider: { name: CREDENTIAL_PLUGIN, config: { plugin } } };
}

/** As many aliases as the library allows where it is not told. */
const MOST_ALIASES = 100;

function parseYaml(text: string, where: string): JsonRecord {
  const content = contentOf(text, where);
  if (!isRecord(content) || !Array.isArray(content['clusters']))
    throw notKubeconfig(where, 'it has no list `clusters`');
  return content;
}

function contentOf(text: string, where: string): unknown {
  try {
    return readYaml(text, { maxAliasCount: MOST_ALIASES });
  } catch (error) {
    if (error instanceof YamlProblem) throw notKubeconfig(where, `it is no YAML (${error.message})`);
    throw error;
  }
}

function notKubeconfig(where: string, found: string): ActionError {
  return inputError('kubeconfig', `${where} is no kubeconfig: ${found}`, 'the output of `kubectl config view --raw`');
}
