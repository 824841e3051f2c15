import { createPrivateKey, X509Certificate } from 'node:crypto';
import { resolve } from 'node:path';
import { type Material, readMaterial } from './endpoint.ts';
import type { Entry } from './kubeconfig-content.ts';
import { type Fields, readFields, type Trouble } from './kubeconfig-fields.ts';
import { decodePlugin, type PluginConfig } from './plugin-config.ts';
import { decodeImpersonation, type Headers } from './user-credentials.ts';

/** The `auth-provider` named `oidc` (client-go, `plugin/pkg/client/auth/oidc`). */
export type OidcConfig = {
  readonly idToken: string | undefined;
  readonly refreshToken: string | undefined;
  readonly clientId: string | undefined;
  readonly clientSecret: string;
  readonly issuer: string | undefined;
  /** The CAs of the identity provider as PEM; undefined: the CAs that the runner trusts. */
  readonly ca: string | undefined;
};

/** The known fields. `extra-scopes` is not sent; client-go does not send it either. */
const FIELDS = [
  'client-id',
  'client-secret',
  'extra-scopes',
  'id-token',
  'idp-certificate-authority',
  'idp-certificate-authority-data',
  'idp-issuer-url',
  'refresh-token',
] as const;

/**
 * Decodes the `auth-provider` of a user; undefined if the user has none.
 *
 * @throws ActionError INPUT_INVALID for every other provider: client-go has removed them, and they would run a program
 * without a time limit.
 */
function decodeOidc(user: Fields, directory: string, trouble: Trouble): OidcConfig | undefined {
  const record = user.record('auth-provider');
  if (record === undefined) return undefined;
  const provider = readFields(record, ['name', 'config'], { where: 'the kubeconfig', of: 'auth-provider' }, trouble);
  const name = provider.text('name');
  if (name !== 'oidc') {
    throw user.refuse(
      'auth-provider',
      `names ${name === undefined ? 'no provider' : `\`${name.slice(0, 80)}\``}, which kubectl no longer supports`,
      `\`exec\` with a credential plugin: ${PLUGINS[name ?? ''] ?? 'make the kubeconfig again with the tool of your cluster’s provider'}`,
    );
  }
  const place = { where: 'the kubeconfig', of: 'auth-provider oidc' };
  const config = readFields(provider.record('config') ?? {}, FIELDS, place, trouble);
  return {
    idToken: config.text('id-token'),
    refreshToken: config.text('refresh-token'),
    clientId: config.text('client-id'),
    clientSecret: config.text('client-secret') ?? '',
    issuer: config.text('idp-issuer-url'),
    ca: readMaterial(config, 'idp-certificate-authority', directory)?.read(),
  };
}

const PLUGINS: Readonly<Record<string, string>> = {
  gcp: 'gke-gcloud-auth-plugin; run `gcloud container clusters get-credentials` again',
  azure: 'kubelogin; run `kubelogin convert-kubeconfig`',
};

/** The method that authenticates requests, in addition to a client certificate. */
export type Authentication =
  | { readonly kind: 'none' }
  | { readonly kind: 'token'; readonly token: string }
  /** `initial` replaces the file until it can be read. */
  | { readonly kind: 'token-file'; readonly path: string; readonly initial: string | undefined }
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  | { readonly kind: 'plugin'; readonly plugin: PluginConfig }
  | { readonly kind: 'oidc'; readonly oidc: OidcConfig };

/** A `user` of a kubeconfig. */
export type UserEntry = {
  readonly authentication: Authentication;
  readonly certificate: { readonly certificate: Material; readonly key: Material } | undefined;
  readonly impersonation: Headers;
};

export const ANONYMOUS: UserEntry = {
  authentication: { kind: 'none' },
  certificate: undefined,
  impersonation: {},
};

/**
 * Decodes a `user` of a kubeconfig, by the rules and the precedence of client-go (`clientcmd/client_config.go`,
 * `clientcmd/validation.go`, `transport/round_trippers.go`).
 *
 * @throws ActionError INPUT_INVALID naming the field that cannot be honoured.
 */
export function decodeUser({ fields, directory }: Entry, trouble: Trouble): UserEntry {
  const certificate = decodeCertificate(fields, directory);
  const authentication = decodeAuthentication(fields, directory, certificate !== undefined, trouble);
  return { authentication, certificate, impersonation: decodeImpersonation(fields) };
}

function decodeAuthentication(
  fields: Fields,
  directory: string,
  hasCertificate: boolean,
  trouble: Trouble,
): Authentication {
  const static_ = decodeStatic(fields, directory);
  const plugin = decodePlugin(fields, directory, trouble);
  const oidc = decodeOidc(fields, directory, trouble);
  if (plugin !== undefined && oidc !== undefined)
    throw fields.refuse('exec', 'and `auth-provider` are both set', 'only one of them');
  if (static_.kind !== 'none') {
    const unused = plugin === undefined ? (oidc === undefined ? undefined : 'auth-provider') : 'exec';
    if (unused !== undefined)
      trouble.warn(`\`${unused}\` of the user is not used because ${NAMES[static_.kind]} is set`);
    return static_;
  }
  if (plugin !== undefined) {
    if (!hasCertificate) return { kind: 'plugin', plugin };
    trouble.warn('`exec` of the user is not used because `client-certificate` is set');
    return static_;
  }
  return oidc === undefined ? static_ : { kind: 'oidc', oidc };
}

const NAMES = { token: '`token`', 'token-file': '`tokenFile`', password: '`username`' } as const;

type Static = Extract<Authentication, { readonly kind: 'none' | 'token' | 'token-file' | 'password' }>;

function decodeStatic(fields: Fields, directory: string): Static {
  const [token, file] = [fields.text('token'), fields.text('tokenFile')];
  const [username = '', password = ''] = [fields.text('username'), fields.text('password')];
  const hasPassword = username !== '' || password !== '';
  if ((token ?? file) !== undefined && hasPassword)
    throw fields.refuse(
      token === undefined ? 'tokenFile' : 'token',
      'and `username` are both set',
      'only one way to authenticate',
    );
  if (token !== undefined && !isHeaderToken(token)) {
    throw fields.refuse(
      'token',
      'holds a line break, a space or another character that no HTTP header can carry',
      'the token alone, in one line',
    );
  }
  if (file !== undefined) return { kind: 'token-file', path: resolve(directory, file), initial: token };
  if (token !== undefined) return { kind: 'token', token };
  if (!hasPassword) return { kind: 'none' };
  if (username.includes(':'))
    throw fields.refuse('username', 'holds a colon, which ends the name', 'a name without `:`');
  return { kind: 'password', username, password };
}

/** Checks whether a bearer token can stand in a header (RFC 9110 section 5.5, visible ASCII). */
export function isHeaderToken(token: string): boolean {
  return /^[\x21-\x7e]+$/.test(token);
}

function decodeCertificate(fields: Fields, directory: string): UserEntry['certificate'] {
  const certificate = readMaterial(fields, 'client-certificate', directory);
  const key = readMaterial(fields, 'client-key', directory);
  if (certificate === undefined && key === undefined) return undefined;
  if (certificate === undefined)
    throw fields.refuse('client-key', 'is set without `client-certificate`', 'both, or none of them');
  if (key === undefined)
    throw fields.refuse('client-certificate', 'is set without `client-key`', 'both, or none of them');
  requirePair(fields, certificate.read(), key.read());
  return { certificate, key };
}

function requirePair(fields: Fields, certificate: string, key: string): void {
  try {
    if (new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key))) return;
  } catch {
    // OpenSSL's message about a broken PEM is not helpful, and its error may show a part of the key.
    throw fields.refuse('client-certificate', 'or its `client-key` is not readable PEM', 'an unencrypted PEM pair');
  }
  throw fields.refuse('client-key', 'is not the key of `client-certificate`', 'the key of that certificate');
}
