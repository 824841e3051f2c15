import { readFileSync } from 'node:fs';
import type { RequestOptions } from 'node:https';
import { resolve } from 'node:path';
import type { Authenticator } from '@kubernetes/client-node/dist/auth.js';
import type { User } from '@kubernetes/client-node/dist/config_types.js';
import { ActionError } from '../errors.ts';
import type { ClusterConnection } from './cluster-connection.ts';
import type { CredentialPlugin } from './credential-plugin.ts';
import { inputError } from './input-error.ts';
import { type JsonRecord, recordOf, recordsOf, textOf } from './objects/json.ts';

/** Where credentials come from, and so whether reading them anew can help when they are refused. */
export type CredentialSource =
  | { readonly kind: 'kubeconfig' }
  | { readonly kind: 'token-file'; readonly path: string }
  /** `forget`: the next reading runs the plugin again. */
  | { readonly kind: 'plugin'; readonly command: string; readonly forget: () => void };

export function credentialSource(user: User | null, plugin: CredentialPlugin): CredentialSource {
  const path = tokenFileOf(user?.authProvider);
  if (path !== undefined) return { kind: 'token-file', path };
  if (user === null || !plugin.isAuthProvider(user)) return { kind: 'kubeconfig' };
  const { config } = recordOf(user.authProvider);
  const command = textOf(recordOf(recordOf(config)['plugin'])['command']) ?? '';
  return { kind: 'plugin', command, forget: plugin.forget };
}

/** Our own auth provider: the library's reads a token file once a minute only, and keeps its trailing newline. */
export const TOKEN_FILE = 'token-file';

/** Reads the file for every request, so that a token rotated by the kubelet or another step is used at once. */
export const tokenFileAuthenticator: Authenticator = {
  isAuthProvider: (user) => tokenFileOf(user.authProvider) !== undefined,
  applyAuthentication: async (user, options) => {
    const path = tokenFileOf(user.authProvider);
    if (path === undefined) return;
    options.headers = { ...recordOf(options.headers), Authorization: `Bearer ${readFileSync(path, 'utf8').trim()}` };
  },
};

function tokenFileOf(provider: unknown): string | undefined {
  const { name, config } = recordOf(provider);
  return name === TOKEN_FILE ? textOf(recordOf(config)['path']) : undefined;
}

/**
 * The exec entry with KUBERNETES_EXEC_INFO, which the library leaves out and plugins read their API version from
 * (client-go, `plugin/pkg/client/auth/exec`). A relative command with a slash starts at the kubeconfig's folder.
 */
export function execEnvironment(exec: JsonRecord, directory: string): JsonRecord {
  const command = textOf(exec['command']) ?? '';
  const info = { apiVersion: exec['apiVersion'], kind: 'ExecCredential', spec: { interactive: false } };
  return {
    ...exec,
    command: command.includes('/') ? resolve(directory, command) : command,
    env: [...recordsOf(exec['env']), { name: 'KUBERNETES_EXEC_INFO', value: JSON.stringify(info) }],
  };
}

/** What one connection and one request need; `tls` are options of `tls.connect`. */
export type Credentials = {
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: {
    readonly ca?: string | Buffer;
    readonly cert?: string | Buffer;
    readonly key?: string | Buffer;
    readonly servername?: string;
    readonly rejectUnauthorized?: boolean;
  };
};

/**
 * Fresh credentials; plugins keep theirs until they expire.
 * @throws ActionError UNAUTHENTICATED when a plugin fails, INPUT_INVALID when a named file cannot be read.
 */
export async function readCredentials({ config, server }: ClusterConnection): Promise<Credentials> {
  const options: RequestOptions = {};
  try {
    await config.applyToHTTPSOptions(options);
  } catch (error) {
    throw credentialsError(server, error);
  }
  const entries = Object.entries(recordOf(options.headers)).flatMap(([name, value]) => {
    const text = textOf(value);
    return text === undefined ? [] : [[name, text] as const];
  });
  const basic =
    typeof options.auth === 'string' ? { Authorization: `Basic ${Buffer.from(options.auth).toString('base64')}` } : {};
  const { ca, cert, key, servername, rejectUnauthorized } = options;
  return {
    headers: { ...Object.fromEntries(entries), ...basic },
    tls: {
      ...(isMaterial(ca) ? { ca } : {}),
      ...(isMaterial(cert) ? { cert } : {}),
      ...(isMaterial(key) ? { key } : {}),
      ...(servername === undefined ? {} : { servername }),
      ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
    },
  };
}

/** Returns what of credentials is secret: the token or password of `Authorization`, and the private key. */
export function credentialTexts({ headers, tls }: Credentials): readonly string[] {
  const values = Object.entries(headers).flatMap(([name, value]) =>
    name.toLowerCase() === 'authorization' ? authorizationSecrets(value) : [],
  );
  return [...values, ...(tls.key === undefined ? [] : [tls.key.toString('utf8')])];
}

function authorizationSecrets(value: string): readonly string[] {
  const [scheme = '', text = ''] = value.split(' ');
  if (scheme.toLowerCase() !== 'basic') return [text];
  const pair = Buffer.from(text, 'base64').toString('utf8');
  return [text, pair.slice(pair.indexOf(':') + 1)];
}

function isMaterial(value: unknown): value is string | Buffer {
  return typeof value === 'string' || Buffer.isBuffer(value);
}

function credentialsError(server: string, error: unknown): ActionError {
  const { code, syscall, path } = recordOf(error);
  if (code === 'ENOENT' && textOf(syscall)?.startsWith('spawn') !== true) {
    return inputError(
      'kubeconfig',
      `The kubeconfig names a file that does not exist: ${textOf(path) ?? ''}`,
      'an existing file',
      error,
    );
  }
  const said = Error.isError(error) ? (error.message.trim().split('\n')[0] ?? '') : '';
  return new ActionError('UNAUTHENTICATED', `The credential plugin of the kubeconfig fails: ${said.slice(0, 300)}.`, {
    reason: 'CredentialPlugin',
    hint: 'Install the plugin on the runner and sign in before this step, or use a kubeconfig with a token.',
    details: { server },
    cause: error,
  });
}
