import type { ActionError } from '../errors/action-error.ts';
import { readKubeconfigYaml } from '../inputs/grammar/kubeconfig.ts';
import { isRecord, type JsonRecord, listOf } from '../objects/json.ts';
import { createInputError, type Fields, readFields, type Trouble } from './kubeconfig-fields.ts';
import type { Part } from './kubeconfig-part.ts';

/** One cluster, user or context; its fields are decoded only when it is used, as in kubectl. */
export type Entry = {
  readonly name: string;
  readonly fields: Fields;
  /** The directory at which relative paths of the entry start. */
  readonly directory: string;
};

/** The lists of a kubeconfig (client-go, `clientcmd/api/v1/types.go`). */
export type Kubeconfig = {
  readonly clusters: readonly Entry[];
  readonly users: readonly Entry[];
  readonly contexts: readonly Entry[];
  /** The name of the current context; empty if the kubeconfig names none. */
  readonly currentContext: string;
};

/**
 * Reads and merges kubeconfigs. The first file that names a cluster, user, context or current context wins, as in
 * kubectl. `trouble` receives the fields that look misspelt.
 *
 * @throws ActionError INPUT_INVALID naming the problem and its file; it never quotes the file.
 */
export function mergeParts(parts: readonly Part[], trouble: Trouble): Kubeconfig {
  const configs = parts.map((part) => parsePart(part, trouble));
  return {
    clusters: keepFirst(configs.flatMap(({ clusters }) => clusters)),
    users: keepFirst(configs.flatMap(({ users }) => users)),
    contexts: keepFirst(configs.flatMap(({ contexts }) => contexts)),
    currentContext: configs.map(({ currentContext }) => currentContext).find((name) => name !== '') ?? '',
  };
}

function keepFirst(entries: readonly Entry[]): readonly Entry[] {
  return [...new Map(entries.toReversed().map((entry) => [entry.name, entry])).values()].toReversed();
}

/**
 * The fields of the file itself; `preferences` are settings of kubectl's output, and say nothing about a connection.
 */
const FILE_FIELDS = [
  'apiVersion',
  'kind',
  'preferences',
  'clusters',
  'users',
  'contexts',
  'current-context',
  'extensions',
] as const;

function parsePart(part: Part, trouble: Trouble): Kubeconfig {
  const content = readFields(parseYaml(part), FILE_FIELDS, { where: part.where, of: 'the file' }, trouble);
  requireVersion(content, part);
  return {
    clusters: readEntries(content, part, 'clusters', trouble),
    users: readEntries(content, part, 'users', trouble),
    contexts: readEntries(content, part, 'contexts', trouble),
    currentContext: content.text('current-context') ?? '',
  };
}

function requireVersion(content: Fields, { where }: Part): void {
  const [kind = 'Config', version = 'v1'] = [content.text('kind'), content.text('apiVersion')];
  if (kind !== 'Config' || version !== 'v1')
    throw invalidPart(where, 'its `apiVersion` and `kind` are not `v1` and `Config`');
}

const LISTS = {
  clusters: {
    field: 'cluster',
    known: [
      'server',
      'tls-server-name',
      'insecure-skip-tls-verify',
      'certificate-authority',
      'certificate-authority-data',
      'proxy-url',
      'disable-compression',
      'extensions',
    ],
  },
  users: {
    field: 'user',
    known: [
      'client-certificate',
      'client-certificate-data',
      'client-key',
      'client-key-data',
      'token',
      'tokenFile',
      'as',
      'as-uid',
      'as-groups',
      'as-user-extra',
      'username',
      'password',
      'auth-provider',
      'exec',
      'extensions',
    ],
  },
  contexts: { field: 'context', known: ['cluster', 'user', 'namespace', 'extensions'] },
} as const;

function readEntries(content: Fields, part: Part, list: keyof typeof LISTS, trouble: Trouble): readonly Entry[] {
  const { where, directory } = part;
  const { field, known } = LISTS[list];
  const names = new Set<string>();
  return listOf(content.list(list)).map((item, index) => {
    const at = `${list}[${index}]`;
    if (!isRecord(item)) throw invalidPart(where, `${at} is not a mapping`);
    const outer = readFields(item, ['name', field], { where, of: at }, trouble);
    const name = outer.text('name');
    if (name === undefined) throw invalidPart(where, `${at}.name is missing`);
    if (names.has(name)) throw invalidPart(where, `two ${list} have the name ${name}`);
    names.add(name);
    const inner = outer.record(field);
    // A user without fields is anonymous.
    if (inner === undefined && field !== 'user') throw invalidPart(where, `${at}.${field} is missing`);
    return { name, fields: readFields(inner ?? {}, known, { where, of: `${field} ${name}` }, trouble), directory };
  });
}

function parseYaml({ text, where }: Part): JsonRecord {
  const read = readKubeconfigYaml(text);
  if ('problem' in read) throw invalidPart(where, `it is not valid YAML (${read.problem})`);
  const { value } = read;
  if (!isRecord(value) || !Array.isArray(value['clusters'])) throw invalidPart(where, 'it has no list `clusters`');
  return value;
}

function invalidPart(where: string, problem: string): ActionError {
  return createInputError(
    'kubeconfig',
    `${where} is not a valid kubeconfig: ${problem}`,
    'the output of `kubectl config view --raw`',
  );
}
