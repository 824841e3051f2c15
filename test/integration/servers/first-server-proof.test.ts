import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type FirstServer, verifyFirstServer } from '../../../src/commands/rollout/first-server-proof.ts';
import { ActionError } from '../../../src/errors/action-error.ts';
import type { KubernetesApi } from '../../../src/kubernetes/api.ts';
import { decodeObject } from '../../../src/objects/object.ts';
import type { NatsServerVersion } from '../../cluster/versions.ts';
import { type NatsServer, startNatsServer, takeFreeServerPorts } from '../../support/nats-server.ts';
import { expectedServers, patchedApi } from '../../unit/support/reloads-mesh.ts';
import { issueTestCertificate, makeTestCa, type TestAuthority } from './certificates.ts';
import { testDialer } from './dialer.ts';

const VERSIONS = ['2.10.29', '2.15.2'] as const satisfies readonly NatsServerVersion[];

const SYSTEM = { user: 'system', password: 'of-the-system' } as const;
const PROBE = { user: 'probe', password: 'of-the-probe' } as const;
const APP = { user: 'app', password: 'of-the-app' } as const;

const TRACK = { phase: 'idle', current: APP } as const;
const CREDENTIALS = { client: TRACK, route: TRACK, system: SYSTEM, probe: PROBE, users: [], files: {} };

const RELOADED = '[7] [INF] Reloaded: accounts';
const DONE = '[7] [INF] Reloaded server configuration';

/**
 * The answers of the fake API server. It is fake because a real one does not lead to servers of this machine;
 * everything else is real.
 */
type ApiAnswers = { readonly secret?: object; readonly log?: readonly string[] | Error };

describe.each(VERSIONS)('the check of the first server on nats-server %s', (version) => {
  let folder: string;
  let authority: TestAuthority;
  let server: NatsServer;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'first-server-'));
    authority = await makeTestCa('clients');
    const leaf = await issueTestCertificate(authority, 1, ['nats-0.messaging.svc']);
    await writeFile(join(folder, 'tls.crt'), leaf.certificate);
    await writeFile(join(folder, 'tls.key'), leaf.privateKey, { mode: 0o600 });
    server = await start();
  });

  async function start(tls = {}): Promise<NatsServer> {
    const ports = await takeFreeServerPorts();
    const configuration = JSON.stringify({
      listen: `127.0.0.1:${ports.clientPort}`,
      server_name: 'nats-0',
      tls: { cert_file: join(folder, 'tls.crt'), key_file: join(folder, 'tls.key'), ...tls },
      authorization: { users: [PROBE, APP] },
      accounts: { $SYS: { users: [SYSTEM] } },
    });
    return await startNatsServer({ ...ports, version, configuration });
  }

  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  function apiThatTells({ secret = {}, log = [RELOADED, DONE] }: ApiAnswers, of = server): KubernetesApi {
    const { dial } = testDialer({ client: of.clientPort, route: of.clusterPort }, 'stream');
    const texts = { username: APP.user, password: APP.password, 'ca.crt': authority.trust, ...secret };
    const data = Object.fromEntries(
      Object.entries(texts).map(([key, text]) => [key, Buffer.from(String(text)).toString('base64')]),
    );
    return {
      ...patchedApi(() => {}),
      get: async ({ kind, name }) =>
        decodeObject({ apiVersion: 'v1', kind, metadata: { name, uid: 'u', resourceVersion: '1' }, data }),
      portForwards: async (_namespace, _pod, ports, signal) =>
        await Promise.all(ports.map(async () => await dial(4222, signal))),
      podLog: async () => {
        if (log instanceof Error) throw log;
        return log.join('\n');
      },
    };
  }

  async function checkFirstServer(answers: ApiAnswers, terms: Partial<FirstServer> = {}) {
    const { expected, access } = expectedServers(apiThatTells(answers));
    const given: FirstServer = {
      servers: { expected, access: { ...access, system: SYSTEM, trust: authority.trust } },
      redact: (text) => text,
      isVolumeCurrent: async () => false,
      credentials: CREDENTIALS,
      certificates: {
        authorities: { client: undefined, route: undefined },
        clientTrust: authority.trust,
        routeTrust: '',
        server: { certificate: '', privateKey: '' },
        routes: {},
        clients: {},
      },
      isReloaded: true,
      wasHealthy: true,
      touchedMsAgo: 0,
      ...terms,
    };
    return await verifyFirstServer(given, 'nats-0').then(
      () => 'held',
      (error: unknown) => error,
    );
  }

  const notHeld = (reason: string, words: RegExp) => ({
    code: 'ROLLOUT_STALLED',
    reason,
    message: expect.stringMatching(words),
    details: { problems: [{ object: 'Pod/nats-0', reason }] },
  });

  test('passes if all three users can log in, the server is healthy and its log has no error', async () => {
    expect(await checkFirstServer({})).toBe('held');
  });

  test('fails if the server refuses the client user with the password of its Secret', async () => {
    expect(await checkFirstServer({ secret: { password: 'another' } })).toMatchObject(
      notHeld(
        'AuthorizationViolation',
        /^nats-0 was the first server .*application with Secret nats-client: the server answered/,
      ),
    );
  });

  test('fails if the client does not trust the certificate of the server', async () => {
    const { trust } = await makeTestCa('another');
    expect(await checkFirstServer({ secret: { 'ca.crt': trust } })).toMatchObject(
      notHeld('TlsUntrusted', /application with Secret/),
    );
  });

  test('fails if the server refuses the probe user', async () => {
    const credentials = { ...CREDENTIALS, probe: { user: 'nobody', password: 'x' } };
    expect(await checkFirstServer({}, { credentials })).toMatchObject(
      notHeld('AuthorizationViolation', /probe user: /),
    );
  });

  test('fails if the server refuses the system user', async () => {
    const { expected, access } = expectedServers(apiThatTells({}));
    const wrong = { ...access, system: { ...SYSTEM, password: 'x' }, trust: authority.trust };
    expect(await checkFirstServer({}, { servers: { expected, access: wrong } })).toMatchObject(
      notHeld('AuthorizationViolation', /system user: /),
    );
  });

  test('fails if the server ends every handshake', async () => {
    const hasty = await start({ timeout: 0.0001 });
    try {
      const { expected, access } = expectedServers(apiThatTells({}, hasty));
      const servers = { expected, access: { ...access, system: SYSTEM, trust: authority.trust } };
      expect(await checkFirstServer({}, { servers })).toMatchObject({
        code: 'ROLLOUT_STALLED',
        reason: 'HandshakeBroken',
      });
    } finally {
      await hasty.stop();
    }
  });

  test('fails with the words of the server if the server logged an error since its reload', async () => {
    const words = 'Error enabling jetstream on configured accounts: insufficient memory resources available (10028)';
    const log = [RELOADED, `[7] [ERR] ${words}`, DONE];
    const outcome = await checkFirstServer({ log });
    expect(outcome).toMatchObject({ code: 'ROLLOUT_STALLED', reason: 'ServerComplains' });
    expect(String(outcome)).toContain(words);
    expect(await checkFirstServer({ log }, { isReloaded: false })).toBe('held');
  });

  test('passes without the log if the credentials may not read it', async () => {
    const log = new ActionError('FORBIDDEN', 'no logs', { hint: 'grant it', details: { missing: [] } });
    expect(await checkFirstServer({ log })).toBe('held');
  });
});
