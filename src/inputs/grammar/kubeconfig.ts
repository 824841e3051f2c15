import { isRecord, recordOf } from '../../objects/json.ts';
import { accept, type Grammar, refuse } from './row.ts';
import { readYaml, YamlProblem } from './yaml.ts';

/** The value of a YAML text, or a short description of its error. */
export type ReadYaml = { readonly value: unknown } | { readonly problem: string };

/**
 * The maximum number of YAML aliases in a kubeconfig. Tools write few aliases, and each alias can repeat a large part
 * of the text.
 */
const MAX_ALIASES = 100;

/** Reads a kubeconfig's YAML. It never throws, and never quotes the text, which may hold a token. */
export function readKubeconfigYaml(text: string): ReadYaml {
  try {
    return { value: readYaml(text, { maxAliasCount: MAX_ALIASES, merge: true }) };
  } catch (error) {
    if (error instanceof YamlProblem) return { problem: error.message };
    throw error;
  }
}

/**
 * Keys of a kubeconfig whose values are secrets (client-go, `clientcmd/api/v1/types.go`, and its `oidc` auth provider).
 */
const SECRET_KEYS: ReadonlySet<string> = new Set([
  'token',
  'password',
  'client-key-data',
  'id-token',
  'refresh-token',
  'access-token',
  'client-secret',
]);

/** The pattern that finds the same keys in a text that is not valid YAML. */
const SECRET =
  /["']?\b(?:token|password|client-key-data|id-token|refresh-token|access-token|client-secret)["']?\s*:\s*["']?([^\s"',}]{8,})/g;

/** The pattern for environment variables and options of a credential plugin that contain a secret. */
const SECRET_NAME = /pass|pwd|secret|token|key|credential|auth|cookie|session|dsn/i;

/**
 * Returns every secret that the text of a kubeconfig holds: tokens, passwords, private keys (as base64 and as PEM),
 * secrets of auth providers, secrets among the environment and arguments of credential plugins, passwords in URLs. A
 * text that is not valid YAML is searched for the same keys. It never throws.
 */
export function findKubeconfigSecrets(text: string): readonly string[] {
  const read = readKubeconfigYaml(text);
  const found = 'value' in read ? findSecrets(read.value, '') : [];
  return [...new Set(found.length > 0 ? found : [...text.matchAll(SECRET)].flatMap(([, secret]) => secret ?? []))];
}

function findSecrets(value: unknown, key: string): readonly string[] {
  if (typeof value === 'string') return SECRET_KEYS.has(key) ? listKeyForms(key, value) : findUrlSecrets(value);
  if (typeof value === 'number' && SECRET_KEYS.has(key)) return [String(value)];
  if (Array.isArray(value))
    return key === 'args' ? findArgumentSecrets(value) : value.flatMap((item) => findSecrets(item, ''));
  if (!isRecord(value)) return [];
  const { name, value: held } = value;
  // This is an entry of `env` of a credential plugin.
  if (typeof name === 'string' && typeof held === 'string')
    return SECRET_NAME.test(name) ? keepLong(held) : findUrlSecrets(held);
  return Object.entries(value).flatMap(([field, inner]) => findSecrets(inner, field));
}

/** Returns the values of `--token=…`, `--client-secret …` and similar options. */
function findArgumentSecrets(args: readonly unknown[]): readonly string[] {
  return args.flatMap((argument, index) => {
    if (typeof argument !== 'string') return [];
    const [, option = '', value] = /^--?([\w-]+)(?:=(.*))?$/s.exec(argument) ?? [];
    if (!SECRET_NAME.test(option)) return findUrlSecrets(argument);
    const next = args[index + 1];
    return keepLong(value ?? (typeof next === 'string' ? next : ''));
  });
}

/**
 * The shortest value to mask. Shorter values are switches such as `true`: a mask of them would hide the word
 * everywhere.
 */
const SHORTEST_VALUE = 8;

function keepLong(value: string): readonly string[] {
  return value.length < SHORTEST_VALUE ? [] : [value];
}

/** Returns the base64 of a private key together with the key itself; everything else unchanged. */
function listKeyForms(key: string, secret: string): readonly string[] {
  const plain = Buffer.from(secret, 'base64').toString('utf8');
  const isEncoded = key === 'client-key-data' || plain.includes('PRIVATE KEY-----');
  const forms = isEncoded ? [secret, plain] : [secret, secret.trim()];
  return forms.filter((form) => form !== '');
}

/**
 * Returns the password of `https://user:password@host`, both as written and decoded; a user without a password is a
 * token.
 */
function findUrlSecrets(text: string): readonly string[] {
  const { username = '', password = '' } = (text.includes('://') ? URL.parse(text) : null) ?? {};
  const secret = password === '' ? username : password;
  return secret === '' ? [] : [secret, decodeText(secret)];
}

function decodeText(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // A lone `%` is a character like any other.
  }
}

/** The source of the Kubernetes cluster's address and credentials. */
export type KubeconfigSource =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'content'; readonly yaml: string };

export const kubeconfig: Grammar<KubeconfigSource> = {
  expected: 'the path of a kubeconfig, or its content as YAML or base64 (a mapping with `clusters`)',
  example: '${{ secrets.KUBECONFIG }}',
  typing: { type: 'string' },
  parse: (text) => {
    const yaml = decodeBase64(text) ?? text;
    if (isKubeconfig(yaml)) return accept({ kind: 'content', yaml });
    return isPath(text) ? accept({ kind: 'path', path: text }) : refuse();
  },
  secrets: (text) => {
    const plain = decodeBase64(text);
    if (plain === undefined || !isKubeconfig(plain)) return findKubeconfigSecrets(text);
    return [text, ...findKubeconfigSecrets(plain)];
  },
};

/** Decodes base64 in one line or wrapped; undefined if the text is not the base64 of text. */
function decodeBase64(text: string): string | undefined {
  const packed = text.replaceAll(/\s+/g, '');
  if (packed.length < 16 || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(packed)) return undefined;
  const plain = Buffer.from(packed, 'base64').toString('utf8');
  return plain.includes('\uFFFD') ? undefined : plain;
}

function isKubeconfig(text: string): boolean {
  if (!text.includes('clusters')) return false;
  const read = readKubeconfigYaml(text);
  if (!('value' in read)) return false; // The caller reports the expected format.
  return Array.isArray(recordOf(read.value)['clusters']);
}

/** Checks whether a text is one line that looks like neither YAML nor the inside of a credential. */
function isPath(text: string): boolean {
  return (
    /^[^\p{Cc}{}]{1,1024}$/u.test(text) && !/^\s*[\w-]+:\s/.test(text) && !(text.length > 200 && !text.includes('/'))
  );
}
