import { Agent, type Dispatcher, ProxyAgent, request as send } from 'undici';
import { ActionError } from '../errors/action-error.ts';
import { recordOf, textOf } from '../objects/json.ts';
import { isLoopback, selectProxy } from './proxy.ts';
import type { ReaderContext } from './user-credentials.ts';
import { isHeaderToken, type OidcConfig } from './user-entry.ts';

/** The margin before the expiry, longer than a request takes; the same as in client-go. */
const EXPIRY_MARGIN_MS = 10_000;
const TIMEOUT_MS = 15_000;
const MAX_ANSWER_BYTES = 1024 * 1024;

/**
 * The tokens of an `auth-provider` named `oidc` (client-go, `plugin/pkg/client/auth/oidc`; OpenID Connect Discovery 1.0
 * section 4, RFC 6749 section 6). New tokens are kept in memory; the kubeconfig is not changed.
 */
export class OidcTokens {
  readonly #config: OidcConfig;
  readonly #context: ReaderContext;
  #idToken: string | undefined;
  #refreshToken: string | undefined;

  constructor(config: OidcConfig, context: ReaderContext) {
    this.#config = config;
    this.#context = context;
    this.#idToken = config.idToken;
    this.#refreshToken = config.refreshToken;
  }

  /**
   * Reads a token that has not expired; errors name `server`.
   * @throws ActionError UNAUTHENTICATED
   */
  async readToken(server: string): Promise<string> {
    const { env, now } = this.#context;
    const idToken = this.#idToken;
    if (idToken !== undefined && parseExpiry(idToken) - EXPIRY_MARGIN_MS > now()) return idToken;
    const fail = (problem: string, cause?: unknown): ActionError<'UNAUTHENTICATED'> =>
      createOidcError(server, problem, cause);
    const refreshToken = this.#refreshToken;
    if (refreshToken === undefined)
      throw fail('its `id-token` is missing or has expired, and there is no `refresh-token`');
    const issuer = requireUrl(this.#config.issuer, '`idp-issuer-url`', fail);
    const dispatcher = createDispatcher(this.#config.ca, selectProxy(issuer, env));
    try {
      const given = await requestTokens({ ...this.#config, refreshToken }, issuer, dispatcher, fail);
      this.#idToken = given.idToken;
      this.#refreshToken = given.refreshToken ?? refreshToken;
      return given.idToken;
    } finally {
      await dispatcher.destroy();
    }
  }

  /** Drops the token, so that the next read asks the identity provider. */
  forget(): void {
    this.#idToken = undefined;
  }
}

/**
 * Returns the time at which a JWT expires, in milliseconds since 1970; 0 if it cannot be read, so that it counts as
 * expired.
 */
function parseExpiry(token: string): number {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    const { exp } = recordOf(claims);
    return typeof exp === 'number' && isHeaderToken(token) ? exp * 1000 : 0;
  } catch {
    return 0; // The token is not a JWT: the API server would refuse it.
  }
}

type Fail = (problem: string, cause?: unknown) => ActionError<'UNAUTHENTICATED'>;

function createOidcError(server: string, problem: string, cause: unknown): ActionError<'UNAUTHENTICATED'> {
  return new ActionError(
    'UNAUTHENTICATED',
    `The auth-provider \`oidc\` of the kubeconfig gives no token: ${problem}.`,
    {
      reason: 'IdentityProvider',
      hint: 'Log in again and put the new kubeconfig into the secret, or use a kubeconfig with a token or a credential plugin (`exec`).',
      details: { server },
      cause,
    },
  );
}

/** Parses a URL, and refuses one that would send the refresh token unencrypted. */
function requireUrl(text: string | undefined, name: string, fail: Fail): URL {
  const url = URL.parse(text ?? '');
  if (url === null || !['https:', 'http:'].includes(url.protocol)) throw fail(`${name} is missing or is not a URL`);
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) throw fail(`${name} is not an https URL`);
  return url;
}

function createDispatcher(ca: string | undefined, proxy: string | undefined): Dispatcher {
  const tls = { rejectUnauthorized: true, ...(ca === undefined ? {} : { ca }) };
  return proxy === undefined ? new Agent({ connect: tls }) : new ProxyAgent({ uri: proxy, requestTls: tls });
}

type Tokens = { readonly idToken: string; readonly refreshToken: string | undefined };

async function requestTokens(
  config: OidcConfig & { readonly refreshToken: string },
  issuer: URL,
  dispatcher: Dispatcher,
  fail: Fail,
): Promise<Tokens> {
  const discovery = `${issuer.href.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const metadata = await sendRequest(discovery, { dispatcher, method: 'GET' }, fail);
  if (metadata.status !== 200)
    throw fail(`${issuer.host} answers ${metadata.status} to the request for its OpenID configuration`);
  const endpoint = requireUrl(
    textOf(metadata.body['token_endpoint']),
    '`token_endpoint` of the identity provider',
    fail,
  );
  const { clientId = '', clientSecret, refreshToken } = config;
  const form = { grant_type: 'refresh_token', refresh_token: refreshToken };
  const secret = clientSecret === '' ? {} : { client_secret: clientSecret };
  const post = { dispatcher, method: 'POST' } as const;
  // Providers accept the client's secret in different places; golang.org/x/oauth2 tries the header first, too.
  const first =
    clientSecret === ''
      ? undefined
      : await sendRequest(endpoint.href, { ...post, form, authorization: encodeBasic(clientId, clientSecret) }, fail);
  const answer =
    first?.status === 200
      ? first
      : await sendRequest(endpoint.href, { ...post, form: { ...form, client_id: clientId, ...secret } }, fail);
  if (answer.status !== 200) throw fail(`${endpoint.host} answers ${answer.status} to the refresh of the token`);
  const idToken = textOf(answer.body['id_token']);
  if (idToken === undefined || !isHeaderToken(idToken)) throw fail(`${endpoint.host} gave no \`id_token\``);
  return { idToken, refreshToken: textOf(answer.body['refresh_token']) || undefined };
}

function encodeBasic(clientId: string, clientSecret: string): string {
  const pair = `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`;
  return `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`;
}

type TokenRequest = {
  readonly dispatcher: Dispatcher;
  readonly method: 'GET' | 'POST';
  readonly form?: Readonly<Record<string, string>>;
  readonly authorization?: string;
};

/** Sends one request. A redirect is not followed because it would take the refresh token elsewhere. */
async function sendRequest(
  url: string,
  { dispatcher, method, form, authorization }: TokenRequest,
  fail: Fail,
): Promise<{ readonly status: number; readonly body: Readonly<Record<string, unknown>> }> {
  try {
    const { statusCode, body } = await send(url, {
      dispatcher,
      method,
      headers: {
        accept: 'application/json',
        ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
        ...(authorization === undefined ? {} : { authorization }),
      },
      body: form === undefined ? null : new URLSearchParams(form).toString(),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const answer: unknown = JSON.parse((await readStart(body)) || '{}');
    return { status: statusCode, body: recordOf(answer) };
  } catch (error) {
    const { host } = new URL(url);
    throw fail(`${host} is not reachable, or does not answer like an identity provider`, error);
  }
}

async function readStart(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) throw new Error('the answer is larger than 1 MiB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
