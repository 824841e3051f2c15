import { spawn } from 'node:child_process';
import type { RequestOptions } from 'node:https';
import type { Authenticator } from '@kubernetes/client-node/dist/auth.js';
import { foreignText } from '../secrets/foreign-text.ts';
import { type JsonRecord, recordOf, recordsOf, textOf, textsOf } from './objects/json.ts';

/** Our own provider: the library's runs a plugin again only when its credentials have expired, never when refused. */
export const CREDENTIAL_PLUGIN = 'credential-plugin';

export type CredentialPlugin = Authenticator & {
  /** The next request runs the plugin again. */
  readonly forget: () => void;
};

/** client.authentication.k8s.io/v1 ExecCredentialStatus. */
type Credential = {
  readonly token: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
};

/** A plugin that asks for something no runner can give must not hold the run up to its deadline. */
const PLUGIN_MS = 30_000;
/** Longer than a request is on its way. */
const EXPIRY_MARGIN_MS = 10_000;
const MOST_OUTPUT_CHARS = 1024 * 1024;

/** Keeps what the plugin gave until it nears its expiration; `now` in milliseconds since 1970, as plugins tell it. */
export function credentialPlugin(now: () => number): CredentialPlugin {
  let credential: Credential | undefined;
  return {
    isAuthProvider: (user) => pluginOf(user.authProvider) !== undefined,
    forget: () => {
      credential = undefined;
    },
    applyAuthentication: async (user, options: RequestOptions) => {
      const exec = pluginOf(user.authProvider);
      if (exec === undefined) return;
      if (credential === undefined || credential.expiresAt - EXPIRY_MARGIN_MS <= now()) credential = await run(exec);
      const { token, certificate, key } = credential;
      if (certificate !== undefined) options.cert = certificate;
      if (key !== undefined) options.key = key;
      if (token !== undefined) options.headers = { ...recordOf(options.headers), Authorization: `Bearer ${token}` };
    },
  };
}

function pluginOf(provider: unknown): JsonRecord | undefined {
  const { name, config } = recordOf(provider);
  return name === CREDENTIAL_PLUGIN ? recordOf(recordOf(config)['plugin']) : undefined;
}

async function run(exec: JsonRecord): Promise<Credential> {
  const command = textOf(exec['command']) ?? '';
  const env = { ...process.env };
  for (const entry of recordsOf(exec['env'])) env[textOf(entry['name']) ?? ''] = textOf(entry['value']) ?? '';
  const child = spawn(command, textsOf(exec['args']), {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // Not by `timeout` of spawn, whose timer goes on when the program is not there at all.
  const timer = setTimeout(() => child.kill('SIGKILL'), PLUGIN_MS);
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      if (said[name].length < MOST_OUTPUT_CHARS) said[name] += text;
    });
  }
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  child.on('error', reject);
  child.on('close', (code, signal) => {
    if (code === 0) resolve();
    else if (signal === 'SIGKILL') reject(new Error(`${command} was ended after ${PLUGIN_MS / 1000} s`));
    else reject(new Error(foreignText(said.stderr.trim()) || `${command} ended with ${code ?? signal}`));
  });
  await promise.finally(() => clearTimeout(timer));
  return decodeCredential(command, said.stdout);
}

/** What the plugin wrote is never quoted: it holds the token. */
function decodeCredential(command: string, text: string): Credential {
  const { token, clientCertificateData, clientKeyData, expirationTimestamp } = recordOf(
    recordOf(parse(text))['status'],
  );
  const [bearer, certificate] = [textOf(token), textOf(clientCertificateData)];
  if (bearer === undefined && certificate === undefined) throw new Error(`${command} wrote no ExecCredential`);
  const expiresAt = Date.parse(textOf(expirationTimestamp) ?? '');
  return {
    token: bearer,
    certificate,
    key: textOf(clientKeyData),
    expiresAt: Number.isNaN(expiresAt) ? Number.POSITIVE_INFINITY : expiresAt,
  };
}

function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined; // No JSON holds no credential, which the decoder says.
  }
}
