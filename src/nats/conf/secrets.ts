import { lowerCase } from './fields.ts';
import { type ConfBlock, type ConfValue, resolved } from './value.ts';

/** Fields whose values are secrets, wherever they stand (`server/opts.go`). */
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

/** Returns whether a field of this name holds a secret. nats-server looks at keys in lower case. */
export function isSecretField(key: string): boolean {
  return SECRET_FIELDS.has(lowerCase(key));
}

const IN_URL = /:\/\/[^\s/?#@:]*:([^\s/?#@]+)@/g;
const SEED = /^S[A-Z][A-Z2-7]{56}$/;
/** A name of a field, not the end of a path as in `/etc/nats/tls.key`, and its value. */
const WRITTEN =
  /(?<![\w./-])(["']?)(?:pass|password|token|key|ek|encryption_key|seed)\1(?:[ \t]*[:=]\s*|[ \t]+)(?:<<\s*)?(?:"([^"\n]+)"?|'([^'\n]+)'?|([^\s"'{[(,;\]}]+))/gi;

/** What no log may show of a configuration: passwords, those in URLs too, tokens, encryption keys and nkey seeds. */
export function secretsOf(tree: ConfBlock): readonly string[] {
  return Object.entries(tree.entries).flatMap(([key, value]) => valueSecrets(value, isSecretField(key)));
}

/** The same of a text that may be no configuration at all, as far as its words tell. */
export function secretsInText(text: string): readonly string[] {
  const words = [...text.matchAll(WRITTEN)].flatMap(([, , double, single, bare]) => double ?? single ?? bare ?? []);
  return [...words, ...urlSecrets(text)];
}

/** What is said about a configuration, without its secrets. */
export function withoutSecrets(text: string, tree: ConfBlock): string {
  const secrets = secretsOf(tree).toSorted((left, right) => right.length - left.length);
  return secrets.reduce((rest, secret) => (secret === '' ? rest : rest.replaceAll(secret, '***')), text);
}

/** The same text for configurations that differ in nothing but their secrets. */
export function publicText(tree: ConfBlock): string {
  const secrets = new Set(secretsOf(tree));
  return JSON.stringify(tree.entries, (_, value: unknown) => {
    if (typeof value === 'bigint') return String(value);
    if (typeof value !== 'string') return value;
    return secrets.has(value) ? '***' : value.replaceAll(IN_URL, '://***@');
  });
}

function valueSecrets(value: ConfValue, isSecret: boolean): readonly string[] {
  const actual = resolved(value);
  // A word without quotes is read as a number or boolean, and refused as a password; masking it would ruin the log.
  if (typeof actual === 'string') return isSecret || SEED.test(actual) ? [actual] : urlSecrets(actual);
  // What a variable stands for is looked at where it is defined.
  if (typeof value !== 'object') return [];
  if (value.kind === 'list') return value.items.flatMap((item) => valueSecrets(item, isSecret));
  return value.kind === 'block' ? secretsOf(value) : [];
}

/** As written, and without percent-encoding. */
function urlSecrets(text: string): readonly string[] {
  return [...text.matchAll(IN_URL)].flatMap(([, password = '']) => [...new Set([password, decoded(password)])]);
}

function decoded(password: string): string {
  try {
    return decodeURIComponent(password);
  } catch {
    // Not percent-encoded, so it is what it looks like.
    return password;
  }
}
