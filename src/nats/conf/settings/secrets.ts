import { lowerCase } from '../reader/cursor.ts';
import { type ConfBlock, type ConfValue, resolveVariable } from '../reader/value.ts';

/** The fields that always contain secrets, in any block (`server/opts.go`). */
const SECRET_FIELDS: ReadonlySet<string> = new Set([
  'pass',
  'password',
  'token',
  'key',
  'ek',
  'encryption_key',
  'prev_key',
  'prev_ek',
  'prev_encryption_key',
  'seed',
]);

/** Checks whether a field of this name holds a secret. nats-server looks at keys in lower case. */
export function isSecretField(key: string): boolean {
  return SECRET_FIELDS.has(lowerCase(key));
}

const IN_URL = /:\/\/[^\s/?#@:]*:([^\s/?#@]+)@/g;
const SEED = /^S[A-Z][A-Z2-7]{56}$/;
/** A pattern for the name of a field, not for the end of a path as in `/etc/nats/tls.key`, and its value. */
const WRITTEN =
  /(?<![\w./-])(["']?)(?:pass|password|token|key|ek|encryption_key|seed)\1(?:[ \t]*[:=]\s*|[ \t]+)(?:<<\s*)?(?:"([^"\n]+)"?|'([^'\n]+)'?|([^\s"'{[(,;\]}]+))/gi;

/**
 * Returns the parts of a configuration that no log may show: passwords, also those in URLs, tokens, encryption keys and
 * nkey seeds.
 */
export function collectSecrets(tree: ConfBlock): readonly string[] {
  return Object.entries(tree.entries).flatMap(([key, value]) => collectValueSecrets(value, isSecretField(key)));
}

/** Finds the same secrets in a text that may not be a configuration, by its words alone. */
export function findSecretsInText(text: string): readonly string[] {
  const words = [...text.matchAll(WRITTEN)].flatMap(([, , double, single, bare]) => double ?? single ?? bare ?? []);
  return [...words, ...findUrlPasswords(text)];
}

/** Removes the secrets of a configuration from a text about it. */
export function removeSecrets(text: string, tree: ConfBlock): string {
  const secrets = collectSecrets(tree).toSorted((left, right) => right.length - left.length);
  return secrets.reduce((rest, secret) => (secret === '' ? rest : rest.replaceAll(secret, '***')), text);
}

/** Returns a text that is equal for configurations that differ only in their secrets. */
export function formatWithoutSecrets(tree: ConfBlock): string {
  const secrets = new Set(collectSecrets(tree));
  return JSON.stringify(tree.entries, (_, value: unknown) => {
    if (typeof value === 'bigint') return String(value);
    if (typeof value !== 'string') return value;
    return secrets.has(value) ? '***' : value.replaceAll(IN_URL, '://***@');
  });
}

function collectValueSecrets(value: ConfValue, isSecret: boolean): readonly string[] {
  const actual = resolveVariable(value);
  // nats-server reads a number or boolean without quotes as such and refuses it as a password. Masking such words would
  // make the log unreadable.
  if (typeof actual === 'string') return isSecret || SEED.test(actual) ? [actual] : findUrlPasswords(actual);
  // The value of a variable is checked at its definition.
  if (typeof value !== 'object') return [];
  if (value.kind === 'list') return value.items.flatMap((item) => collectValueSecrets(item, isSecret));
  return value.kind === 'block' ? collectSecrets(value) : [];
}

/** Returns the passwords in URLs, both as written and without percent-encoding. */
function findUrlPasswords(text: string): readonly string[] {
  return [...text.matchAll(IN_URL)].flatMap(([, password = '']) => [...new Set([password, decodePassword(password)])]);
}

function decodePassword(password: string): string {
  try {
    return decodeURIComponent(password);
  } catch {
    // The text is not percent-encoded, so it stands for itself.
    return password;
  }
}
