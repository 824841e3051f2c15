import type { IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { KubernetesApi } from '../../../src/kubernetes/api.ts';
import { type CertificateAuthority, makeAuthority } from '../../support/certificate-authority.ts';
import { startSocksProxy } from '../../support/socks-proxy.ts';
import { connectTo } from './connection.ts';
import { events, type FakeApiServer, json, startFakeApiServer } from './fake-api-server.ts';

let server: FakeApiServer;
let signal: AbortSignal;
const open: KubernetesApi[] = [];

beforeEach(async () => {
  server = await startFakeApiServer();
  signal = AbortSignal.timeout(60_000);
});

afterEach(async () => {
  await Promise.all(open.splice(0).map(async (api) => await api.close()));
  await server.close();
});

function connect(user: object, authority: string = server.certificateAuthority): KubernetesApi {
  const api = connectTo({ url: server.url, certificateAuthority: authority }, user);
  open.push(api);
  return api;
}

/** Sends a request of every kind, and returns the requests as the server received them. */
async function useEveryWay(api: KubernetesApi): Promise<readonly IncomingMessage[]> {
  const upgraded: IncomingMessage[] = [];
  server.onUpgrade((request, socket) => {
    upgraded.push(request);
    socket.end('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n');
  });
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', namespace: 'n', resourceVersion: '6' } };
  server.answerWith(json(200, { gitVersion: 'v1' }), events({ type: 'ADDED', object: pod }), json(404, NOT_FOUND));
  await api.version(signal);
  for await (const event of api.follow('Pod', { namespace: 'n' }, signal, { objects: [], resourceVersion: '5' })) {
    if (event.kind === 'added') break;
  }
  await expect(api.portForward('n', 'p', 1, signal)).rejects.toThrow();
  await api.execute({ namespace: 'n', pod: 'p', container: 'c', command: ['true'], input: '' }, signal);
  return [...server.received, ...upgraded];
}

const NOT_FOUND = { kind: 'Status', code: 404, reason: 'NotFound', message: 'no pod' };

test('requests, watches, port-forwards and execs impersonate the user of the kubeconfig, as client-go does', async () => {
  const user = {
    token: 't',
    as: 'jürgen',
    'as-uid': '7',
    'as-groups': ['deployers', 'ops'],
    'as-user-extra': { 'example.com/reason': ['a', 'b'] },
  };
  const requests = await useEveryWay(connect(user));
  expect(requests).toHaveLength(5); // The client repeats a refused port-forward once to read the reason.
  for (const { rawHeaders, headers } of requests) {
    const named = (name: string): readonly string[] =>
      rawHeaders.flatMap((value, index) => (rawHeaders[index - 1]?.toLowerCase() === name ? [value] : []));
    expect(headers.authorization).toBe('Bearer t');
    expect(Buffer.from(named('impersonate-user').join(), 'latin1').toString('utf8')).toBe('jürgen');
    expect(named('impersonate-uid')).toEqual(['7']);
    expect(named('impersonate-group')).toEqual(['deployers', 'ops']);
    expect(named('impersonate-extra-example.com%2freason')).toEqual(['a', 'b']);
  }
});

test('requests, watches, port-forwards and execs trust an intermediate CA without its root, as Go does', async () => {
  const intermediate = makeAuthority('root').issueAuthority('intermediate');
  await server.close();
  server = await startFakeApiServer(intermediate.issueServer());
  expect(await useEveryWay(connect({ token: 't' }, intermediate.cert))).toHaveLength(5);
});

test('requests, watches, port-forwards and execs use the SOCKS proxy of the kubeconfig', async () => {
  const proxy = await startSocksProxy();
  try {
    const api = connectTo(server, { token: 't' }, { 'proxy-url': proxy.url });
    expect(await useEveryWay(api)).toHaveLength(5);
    expect(proxy.dials()).toBeGreaterThanOrEqual(4);
    await api.close();
  } finally {
    await server.close();
    await proxy.close();
  }
});

describe('the auth provider oidc', () => {
  let issuer: FakeApiServer;
  let authority: CertificateAuthority;
  let asked: { readonly headers: IncomingMessage['headers']; readonly form: URLSearchParams }[];

  beforeEach(async () => {
    asked = [];
    authority = makeAuthority('identity');
    issuer = await startFakeApiServer(authority.issueServer());
    server.answerWith(json(200, { gitVersion: 'v1' }));
  });

  afterEach(async () => await issuer.close());

  const jwt = (exp: number): string => `a.${Buffer.from(JSON.stringify({ exp })).toString('base64url')}.c`;
  const [EXPIRED, VALID] = [jwt(1_000_000_000), jwt(4_000_000_000)];

  function user(more: object = {}): object {
    const config = {
      'client-id': 'kubernetes',
      'id-token': EXPIRED,
      'refresh-token': 'CANARY-refresh',
      'idp-issuer-url': issuer.url,
      'idp-certificate-authority-data': Buffer.from(authority.cert).toString('base64'),
      ...more,
    };
    return { 'auth-provider': { name: 'oidc', config } };
  }

  function provide(...statuses: readonly number[]): void {
    const tokens = statuses.map((status) => async (request: IncomingMessage) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(Buffer.from(chunk));
      asked.push({ headers: request.headers, form: new URLSearchParams(Buffer.concat(chunks).toString()) });
      return status;
    });
    issuer.answerWith(
      json(200, { token_endpoint: `${issuer.url}/token` }),
      ...tokens.map((take) => (request: IncomingMessage, response: Parameters<ReturnType<typeof json>>[1]) => {
        void take(request).then((status) => json(status, status === 200 ? { id_token: VALID } : {})(request, response));
      }),
    );
  }

  test('returns its token without a request while the token is valid', async () => {
    await connect(user({ 'id-token': VALID })).version(signal);
    expect([server.received[0]?.headers.authorization, issuer.requests]).toEqual([`Bearer ${VALID}`, []]);
  });

  test('refreshes an expired token once', async () => {
    provide(200);
    const api = connect(user());
    await api.version(signal);
    await api.version(signal);
    expect(server.received.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${VALID}`, `Bearer ${VALID}`]);
    expect(issuer.requests).toEqual(['GET /.well-known/openid-configuration', 'POST /token']);
    expect(asked.map(({ form }) => Object.fromEntries(form))).toEqual([
      { grant_type: 'refresh_token', refresh_token: 'CANARY-refresh', client_id: 'kubernetes' },
    ]);
  });

  test('sends its client secret in a header, and in the form if the header is refused', async () => {
    provide(401, 200);
    await connect(user({ 'client-secret': 's' })).version(signal);
    expect(asked.map(({ headers, form }) => [headers.authorization, form.get('client_secret')])).toEqual([
      ['Basic a3ViZXJuZXRlczpz', null],
      [undefined, 's'],
    ]);
  });

  test.each<[string, () => object]>([
    ['has no refresh-token', () => user({ 'refresh-token': '' })],
    ['has an issuer without TLS', () => user({ 'idp-issuer-url': 'http://identity.example.com' })],
    ['has an issuer of another CA', () => user({ 'idp-certificate-authority-data': '' })],
    ['is refused by the identity provider', () => user()],
  ])('fails with UNAUTHENTICATED and shows no secret if it %s', async (_rule, make) => {
    provide(400);
    const error: unknown = await connect(make())
      .version(signal)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'IdentityProvider' });
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('CANARY');
    expect(server.requests).toEqual([]);
  });

  test('follows no redirect, because the refresh token would go to another server', async () => {
    issuer.answerWith(
      json(200, { token_endpoint: `${issuer.url}/token` }),
      (_request, response) => void response.writeHead(307, { location: `${server.url}/stolen` }).end(),
    );
    await expect(connect(user()).version(signal)).rejects.toMatchObject({ reason: 'IdentityProvider' });
    expect(server.requests).toEqual([]);
  });
});
