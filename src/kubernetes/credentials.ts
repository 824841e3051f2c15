import { readFileSync } from 'node:fs';
import type { ClusterConnection } from './cluster-connection.ts';
import { PluginCredentials } from './credential-plugin.ts';
import type { Endpoint } from './endpoint.ts';
import { createInputError } from './kubeconfig-fields.ts';
import { OidcTokens } from './oidc.ts';
import { buildTlsOptions, type TlsOptions } from './tls-options.ts';
import type { Headers, ReaderContext, UserCredentials } from './user-credentials.ts';
import { type Authentication, isHeaderToken, type UserEntry } from './user-entry.ts';

/** The source of the credentials, which decides whether reading them again can help after a refusal. */
export type CredentialSource =
  | { readonly kind: 'kubeconfig' }
  | { readonly kind: 'token-file'; readonly path: string }
  /** `forget`: the next read runs the plugin again. `isRunning`: the plugin has not ended yet. */
  | {
      readonly kind: 'plugin';
      readonly command: string;
      readonly forget: () => void;
      readonly isRunning: () => boolean;
    }
  /** `forget`: the next read requests a new token from the identity provider. */
  | { readonly kind: 'oidc'; readonly issuer: string; readonly forget: () => void };

/** The headers and TLS options of one connection and one request; `tls` holds options of `tls.connect`. */
export type Credentials = {
  readonly headers: Headers;
  readonly tls: TlsOptions;
};

/**
 * Reads the credentials. Those of plugins and identity providers are reused until they expire.
 * @throws ActionError UNAUTHENTICATED when a plugin fails, INPUT_INVALID when a named file cannot be read.
 */
export async function readCredentials({ endpoint, readUser }: ClusterConnection): Promise<Credentials> {
  const { headers, certificate } = await readUser(endpoint);
  return { headers, tls: { ...buildTlsOptions(endpoint), ...certificate } };
}

type UserReader = {
  readonly source: CredentialSource;
  readonly read: (endpoint: Endpoint) => Promise<UserCredentials>;
};

/** Makes the reader of a user's credentials. */
export function createUserReader(user: UserEntry, terms: ReaderContext): UserReader {
  const { source, read } = createAuthentication(user.authentication, terms);
  return {
    source,
    read: async (endpoint) => {
      const { headers, certificate } = await read(endpoint);
      const own = user.certificate && { cert: user.certificate.certificate.read(), key: user.certificate.key.read() };
      const used = certificate ?? own;
      return { headers: { ...headers, ...user.impersonation }, ...(used === undefined ? {} : { certificate: used }) };
    },
  };
}

function createAuthentication(authentication: Authentication, terms: ReaderContext): UserReader {
  switch (authentication.kind) {
    case 'none':
      return { source: { kind: 'kubeconfig' }, read: async () => ({ headers: {} }) };
    case 'token': {
      const credentials = createBearer(authentication.token);
      return { source: { kind: 'kubeconfig' }, read: async () => credentials };
    }
    case 'password': {
      const pair = Buffer.from(`${authentication.username}:${authentication.password}`, 'utf8').toString('base64');
      return { source: { kind: 'kubeconfig' }, read: async () => ({ headers: { Authorization: `Basic ${pair}` } }) };
    }
    case 'token-file': {
      const { path, initial } = authentication;
      // The file is read for every request, so that a token that the kubelet or another step rotated is used at once.
      return { source: { kind: 'token-file', path }, read: async () => createBearer(readTokenFile(path, initial)) };
    }
    case 'plugin': {
      const plugin = new PluginCredentials(authentication.plugin, terms);
      const control = { forget: () => plugin.forget(), isRunning: () => plugin.isRunning() };
      const source = { kind: 'plugin', command: authentication.plugin.command, ...control } as const;
      return { source, read: async (endpoint) => await plugin.read(endpoint) };
    }
    case 'oidc': {
      const tokens = new OidcTokens(authentication.oidc, terms);
      const issuer = authentication.oidc.issuer ?? '';
      const source = { kind: 'oidc', issuer, forget: () => tokens.forget() } as const;
      return { source, read: async ({ server }) => createBearer(await tokens.readToken(server)) };
    }
  }
}

/** Returns the secret parts of credentials: the token or password of `Authorization`, and the private key. */
export function listCredentialSecrets({ headers, tls }: Credentials): readonly string[] {
  const values = Object.entries(headers).flatMap(([name, value]) =>
    name.toLowerCase() === 'authorization' ? [value].flat().flatMap(listAuthorizationSecrets) : [],
  );
  return [...values, ...(tls.key === undefined ? [] : [tls.key.toString()])];
}

function listAuthorizationSecrets(value: string): readonly string[] {
  const [scheme = '', text = ''] = value.split(' ');
  if (scheme.toLowerCase() !== 'basic') return [text];
  const pair = Buffer.from(text, 'base64').toString('utf8');
  return [text, pair.slice(pair.indexOf(':') + 1)];
}

function createBearer(token: string): UserCredentials {
  return { headers: { Authorization: `Bearer ${token}` } };
}

function readTokenFile(path: string, initial: string | undefined): string {
  const token = readTrimmedFile(path, initial);
  if (isHeaderToken(token)) return token;
  const problem = token === '' ? 'is empty' : 'holds more than one token in one line';
  throw createInputError('kubeconfig', `The \`tokenFile\` ${path} of the kubeconfig ${problem}`, 'a file with a token');
}

function readTrimmedFile(path: string, initial: string | undefined): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    // The token in the kubeconfig replaces a file that cannot be read, as in client-go.
    if (initial !== undefined) return initial;
    const code = Error.isError(error) && 'code' in error ? String(error.code) : 'unknown error';
    const message = `The \`tokenFile\` ${path} of the kubeconfig cannot be read (${code})`;
    throw createInputError('kubeconfig', message, 'a readable file with a token', error);
  }
}

/** Returns the hint for refused credentials. Renewable credentials have been read again before this error. */
export function selectCredentialsHint(source: CredentialSource): string {
  switch (source.kind) {
    case 'kubeconfig':
      return 'The token or client certificate is wrong or has expired: put fresh credentials into the kubeconfig.';
    case 'token-file':
      return `The API server still refuses the token after ${source.path} was read again: make sure that the program that writes this file runs during the whole step.`;
    case 'plugin':
      return `The API server still refuses the credentials after the plugin ${source.command} was run again: log in again before this step, or use a kubeconfig with a token.`;
    case 'oidc':
      return `The identity provider ${source.issuer} gives tokens that this API server refuses: log in again and put the new kubeconfig into the secret.`;
  }
}
