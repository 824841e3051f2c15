import { parse } from 'yaml';

/** Fields of a kubeconfig whose values are secrets (client-go, `clientcmd/api/v1/types.go`; client-node, `oidc_auth`). */
const SECRET_FIELDS: ReadonlySet<string> = new Set([
  'token',
  'password',
  'client-key-data',
  'id-token',
  'refresh-token',
  'access-token',
  'client-secret',
]);

/** Fields that hold a URL, which may hold a password. */
const URL_FIELDS: ReadonlySet<string> = new Set(['server', 'proxy-url']);

/** Names of variables whose values a credential plugin takes for secret. */
const SECRET_VARIABLE = /PASS|SECRET|TOKEN|KEY|CREDENTIAL|AUTH/i;

const WRITTEN =
  /["']?\b(?:token|password|client-key-data|id-token|refresh-token|access-token|client-secret)["']?\s{0,16}:\s{0,16}["']?([^\s"',}]{8,})/g;

/** Returns the secrets in a kubeconfig, or in a text that was to be one, as far as its words tell. */
export function kubeconfigSecrets(text: string): readonly string[] {
  const tree = parsedYaml(text);
  const written = [...text.matchAll(WRITTEN)].flatMap(([, secret]) => secret ?? []);
  return [...new Set([...written, ...secretsBelow(tree)])].filter((secret) => secret !== '');
}

function parsedYaml(text: string): unknown {
  try {
    const tree: unknown = parse(text, { logLevel: 'silent', maxAliasCount: 0 });
    return tree;
  } catch {
    return undefined; // No YAML: its words have to do.
  }
}

function secretsBelow(node: unknown): readonly string[] {
  if (typeof node !== 'object' || node === null) return [];
  const fields = new Map<string, unknown>(Object.entries(node));
  const [name, value] = [fields.get('name'), fields.get('value')];
  const variable = typeof name === 'string' && typeof value === 'string' && SECRET_VARIABLE.test(name) ? [value] : [];
  return [...variable, ...[...fields].flatMap(([key, inner]) => secretsOfField(key, inner))];
}

function secretsOfField(key: string, value: unknown): readonly string[] {
  if (typeof value !== 'string') return secretsBelow(value);
  if (URL_FIELDS.has(key)) return urlSecrets(value);
  if (!SECRET_FIELDS.has(key)) return [];
  const plain = key === 'client-key-data' ? [Buffer.from(value, 'base64').toString('utf8')] : [];
  return [value, value.trim(), ...plain];
}

/** The password, as written and decoded; a user without one is a token. */
function urlSecrets(text: string): readonly string[] {
  const { username = '', password = '' } = URL.parse(text) ?? {};
  const secret = password === '' ? username : password;
  return secret === '' ? [] : [secret, decoded(secret)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // Not encoded, so it is what it looks like.
  }
}
