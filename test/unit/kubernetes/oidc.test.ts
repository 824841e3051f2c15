import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { OidcTokens } from '../../../src/kubernetes/oidc.ts';
import type { OidcConfig } from '../../../src/kubernetes/user-entry.ts';

const NOW_MS = 1_000_000_000_000;
const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwt = (exp: unknown): string => `${encode({ alg: 'none' })}.${encode({ exp })}.x`;
const NEW = jwt(NOW_MS / 1000 + 3600);

type Answer = { readonly status?: number; readonly body?: unknown };
type Asked = { readonly url: string | undefined; readonly authorization: string | undefined; readonly form: object };

let provider: Server;
let issuer: string;
let asked: Asked[];
let discovery: Answer;
let tokens: Answer[];

beforeEach(async () => {
  [asked, tokens] = [[], [{ body: { id_token: NEW } }]];
  const answer = async (request: IncomingMessage): Promise<Answer> => {
    if (request.method === 'GET') return discovery;
    const form = Object.fromEntries(new URLSearchParams(await text(request)));
    asked.push({ url: request.url, authorization: request.headers.authorization, form });
    return (tokens.length > 1 ? tokens.shift() : tokens[0]) ?? {};
  };
  provider = createServer((request, response) => {
    void answer(request).then(({ status = 200, body = '' }) =>
      response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body)),
    );
  }).listen(0, '127.0.0.1');
  await once(provider, 'listening');
  const address = provider.address();
  issuer = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  discovery = { body: { token_endpoint: `${issuer}/token` } };
});

afterEach(async () => {
  provider.closeAllConnections();
  await new Promise((resolve) => provider.close(resolve));
});

function create(more: Partial<OidcConfig> = {}): OidcTokens {
  const config = { idToken: undefined, refreshToken: 'r1', clientId: 'c', clientSecret: '', issuer, ca: undefined };
  return new OidcTokens({ ...config, ...more }, { env: {}, secrets: [], now: () => NOW_MS });
}

const read = async (more: Partial<OidcConfig> = {}) => await create(more).readToken('https://kube');
const refused = { code: 'UNAUTHENTICATED', reason: 'IdentityProvider', details: { server: 'https://kube' } };

describe('the token of the kubeconfig', () => {
  test('is used until 10 s before it expires', async () => {
    const [valid, expired] = [jwt(NOW_MS / 1000 + 11), jwt(NOW_MS / 1000 + 10)];
    expect(await read({ idToken: valid, refreshToken: undefined })).toBe(valid);
    await expect(read({ idToken: expired, refreshToken: undefined })).rejects.toMatchObject(refused);
    expect(await read({ idToken: expired })).toBe(NEW);
  });

  test.each([['no.jwt'], ['text'], [jwt('4000000000')], [jwt(undefined)], [`${jwt(4_000_000_000)} x`]])(
    'is replaced if its expiry cannot be read: %s',
    async (idToken) => expect(await read({ idToken })).toBe(NEW),
  );

  test('is dropped when the API server refuses it', async () => {
    const idToken = jwt(NOW_MS / 1000 + 3600);
    const oidc = create({ idToken });
    expect(await oidc.readToken('https://kube')).toBe(idToken);
    expect(asked).toEqual([]);
    oidc.forget();
    await oidc.readToken('https://kube');
    expect(asked).toHaveLength(1);
  });
});

describe('a new token', () => {
  const form = { grant_type: 'refresh_token', refresh_token: 'r1' };

  test('is requested with the id of the client in the form, if the client has no secret', async () => {
    await read();
    expect(asked).toEqual([{ url: '/token', authorization: undefined, form: { ...form, client_id: 'c' } }]);
  });

  test('is requested with the secret of the client in the header, and then in the form', async () => {
    await read({ clientSecret: 's', issuer: `${issuer}/` });
    tokens = [{ status: 401 }, { body: { id_token: NEW } }];
    await read({ clientSecret: 's' });
    const inHeader = { url: '/token', authorization: `Basic ${Buffer.from('c:s').toString('base64')}`, form };
    const inForm = { url: '/token', authorization: undefined, form: { ...form, client_id: 'c', client_secret: 's' } };
    expect(asked).toEqual([inHeader, inHeader, inForm]);
  });

  test.each([
    ['r2', 'r2'],
    ['', 'r1'],
    [undefined, 'r1'],
  ])('may come with a new token for the next refresh: %p', async (refreshToken, used) => {
    tokens = [{ body: { id_token: NEW, refresh_token: refreshToken } }];
    const oidc = create();
    await oidc.readToken('https://kube');
    oidc.forget();
    await oidc.readToken('https://kube');
    expect(asked.at(-1)?.form).toMatchObject({ refresh_token: used });
  });

  test.each<[string, Partial<OidcConfig>]>([
    ['there is no issuer', { issuer: undefined }],
    ['the issuer is no URL', { issuer: 'idp' }],
    ['the issuer has another scheme', { issuer: 'ftp://127.0.0.1' }],
    ['there is no refresh token', { refreshToken: undefined }],
  ])('is not requested if %s', async (_rule, more) => {
    await expect(read(more)).rejects.toMatchObject(refused);
    expect(asked).toEqual([]);
  });

  test('is never requested over plain http from another machine', async () => {
    const plain = { ...refused, message: expect.stringContaining('https URL') };
    await expect(read({ issuer: 'http://idp.example.com' })).rejects.toMatchObject(plain);
    discovery = { body: { token_endpoint: 'http://idp.example.com/token' } };
    await expect(read()).rejects.toMatchObject(plain);
  });

  test.each<[string, Answer]>([
    ['is not found', { status: 404, body: { token_endpoint: 'http://127.0.0.1' } }],
    ['names no endpoint', { body: {} }],
    ['is no JSON', { body: '<html>' }],
    ['is empty', { body: '' }],
  ])('is not requested if the configuration of the provider %s', async (_rule, answer) => {
    discovery = answer;
    await expect(read()).rejects.toMatchObject(refused);
    expect(asked).toEqual([]);
  });

  test.each<[string, Answer]>([
    ['an error', { status: 400, body: { id_token: NEW } }],
    ['no token', { body: {} }],
    ['a token with a line break', { body: { id_token: 'a\nb' } }],
  ])('is missing if the provider answers with %s', async (_rule, answer) => {
    tokens = [answer];
    await expect(read()).rejects.toMatchObject(refused);
  });

  test('is read from an answer of at most 1 MiB', async () => {
    const body = (bytes: number): string => JSON.stringify({ id_token: NEW }).padEnd(bytes, ' ');
    tokens = [{ body: body(1024 * 1024) }];
    expect(await read()).toBe(NEW);
    tokens = [{ body: body(1024 * 1024 + 1) }];
    await expect(read()).rejects.toMatchObject(refused);
  });
});
