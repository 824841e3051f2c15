import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { connectServer, type ServerConnection } from '../../../src/servers/connection.ts';
import type { ServerTarget } from '../../../src/servers/dial.ts';
import type { ServerResult } from '../../../src/servers/failure.ts';
import { fetchSystem, reloadServer } from '../../../src/servers/system.ts';
import { eventually } from '../../support/eventually.ts';
import { fingerprintOf, issueTestCertificate, makeTestCa } from './certificates.ts';
import { testDialer } from './dialer.ts';
import { type Mesh, PROBE, SYSTEM, startMesh, writeLeaf } from './mesh.ts';

const WAIT_MS = 10_000;

function valueOf<Value>(result: ServerResult<Value>): Value {
  if (!result.ok) {
    throw new Error(`${result.failure.reason}: ${result.failure.message}`);
  }
  return result.value;
}

function reasonOf(result: ServerResult<unknown>): string {
  return result.ok ? 'ok' : result.failure.reason;
}

describe.each(['2.10.29', '2.12.15', '2.15.2'] as const)('a connection to nats-server %s', (version) => {
  let mesh: Mesh;
  let target: ServerTarget;

  beforeAll(async () => {
    mesh = await startMesh(version);
    target = mesh.target(mesh.servers[0]);
  }, 300_000);
  afterAll(async () => await mesh?.stop());
  afterEach(async () => {
    await eventually('every dialled socket is closed', 5, async () => mesh.servers[0].dialer.open() === 0 || undefined);
  });

  async function withSystem(use: (connection: ServerConnection) => Promise<void>): Promise<void> {
    const connection = valueOf(await connectServer({ ...target, ...SYSTEM }));
    try {
      await use(connection);
    } finally {
      await connection.close();
    }
  }

  test.each(['socket', 'stream'] as const)(
    'returns the server information and its certificate over a %s',
    async (kind) => {
      const { dial, open } = testDialer(mesh.servers[0].process.ports, kind);
      const connection = valueOf(await connectServer({ ...target, ...SYSTEM, dial }));
      expect(connection.info).toMatchObject({ serverName: 'n0', version, cluster: 'mesh', tlsRequired: true });
      expect(connection.certificate.fingerprint256).toBe(fingerprintOf(mesh.servers[0].leaf));
      expect(connection.certificate.notAfter.getTime()).toBeGreaterThan(Date.now());
      await connection.close();
      await eventually('closed', 5, async () => open() === 0 || undefined);
    },
  );

  test('verifies the certificate for an IP address', async () => {
    const connection = valueOf(await connectServer({ ...target, ...SYSTEM, serverName: '127.0.0.1' }));
    await connection.close();
  });

  test('fetches VARZ and ROUTEZ of this server only', async () => {
    await withSystem(async (connection) => {
      const server = { id: connection.info.serverId, name: 'n0' };
      const varz = valueOf(await fetchSystem(connection, 'VARZ', WAIT_MS));
      expect(varz).toMatchObject({ server, data: { server_id: server.id, tls_required: true } });
      await eventually('the other server in ROUTEZ', 20, async () => {
        const routez = valueOf(await fetchSystem(connection, 'ROUTEZ', WAIT_MS));
        expect(routez).toMatchObject({ server });
        return JSON.stringify(routez).includes('"remote_name":"n1"') || undefined;
      });
    });
  });

  test('reloads the configuration, and reports the reason of the server if it refuses', async () => {
    const { process, configuration } = mesh.servers[0];
    await withSystem(async (connection) => {
      await process.configure({ ...configuration, server_tags: ['revision:two'] });
      valueOf(await reloadServer(connection, WAIT_MS));
      const varz = valueOf(await fetchSystem(connection, 'VARZ', WAIT_MS));
      expect(varz).toMatchObject({ data: { tags: ['revision:two'] } });
      await process.configure({ ...configuration, server_name: 'renamed' });
      const refused = await reloadServer(connection, WAIT_MS);
      expect(refused).toMatchObject({ ok: false, failure: { reason: 'RequestRefused' } });
      expect(refused).toMatchObject({ failure: { message: expect.stringContaining('ServerName') } });
      await process.configure(configuration);
      valueOf(await reloadServer(connection, WAIT_MS));
    });
  });

  test('presents a new certificate after a configuration reload, and reports an expired one', async () => {
    const { process, leaf } = mesh.servers[0];
    await withSystem(async (connection) => {
      const expired = await issueTestCertificate(mesh.clients, -1);
      await writeLeaf(process.directory, 'server', expired, mesh.clients.trust);
      valueOf(await reloadServer(connection, WAIT_MS));
      expect(reasonOf(await connectServer({ ...target, ...SYSTEM }))).toBe('TlsExpired');
      await writeLeaf(process.directory, 'server', leaf, mesh.clients.trust);
      valueOf(await reloadServer(connection, WAIT_MS));
    });
  });

  test('presents a client certificate on request, and reports a missing one', async () => {
    const { process, configuration, leaf } = mesh.servers[0];
    await withSystem(async (connection) => {
      const tls = await writeLeaf(process.directory, 'server', leaf, mesh.clients.trust);
      await process.configure({ ...configuration, tls: { ...tls, verify: true } });
      valueOf(await reloadServer(connection, WAIT_MS));
      expect(reasonOf(await connectServer({ ...target, ...SYSTEM }))).toBe('ClientCertificateRefused');
      const clientCertificate = await issueTestCertificate(mesh.clients);
      await valueOf(await connectServer({ ...target, ...SYSTEM, clientCertificate })).close();
      await process.configure(configuration);
      valueOf(await reloadServer(connection, WAIT_MS));
    });
  });

  test('refuses a certificate of an unknown CA', async () => {
    const { trust } = await makeTestCa('foreign');
    expect(reasonOf(await connectServer({ ...target, ...SYSTEM, trust }))).toBe('TlsUntrusted');
  });

  test('refuses a certificate for another name', async () => {
    const serverName = 'other.example';
    expect(reasonOf(await connectServer({ ...target, ...SYSTEM, serverName }))).toBe('TlsNameMismatch');
  });

  test('fails with an authorization violation on a wrong password, without the password in the message', async () => {
    const refused = await connectServer({ ...target, ...SYSTEM, password: 'mistaken-secret' });
    expect(reasonOf(refused)).toBe('AuthorizationViolation');
    expect(JSON.stringify(refused)).not.toContain('mistaken-secret');
  });

  test('gets no answer from the system services for a user outside of the system account', async () => {
    const connection = valueOf(await connectServer({ ...target, ...PROBE }));
    const answer = await fetchSystem(connection, 'VARZ', 1500);
    await connection.close();
    expect(['PermissionsViolation', 'NoResponders']).toContain(reasonOf(answer));
  });

  test('closes when the signal is aborted, and its requests fail with the reason', async () => {
    const controller = new AbortController();
    const connection = valueOf(await connectServer({ ...target, ...SYSTEM, signal: controller.signal }));
    const pending = connection.request('$SYS.REQ.nobody', '', WAIT_MS);
    controller.abort(new Error('cancelled by the test'));
    await expect(pending).rejects.toThrow('cancelled by the test');
  });

  test('fails as unreachable at once after it was closed', async () => {
    const connection = valueOf(await connectServer({ ...target, ...SYSTEM }));
    await connection.close();
    expect(reasonOf(await fetchSystem(connection, 'VARZ', WAIT_MS))).toBe('Unreachable');
    expect(reasonOf(await connection.flush(WAIT_MS))).toBe('Unreachable');
  });

  test('keeps concurrent connections to several servers apart', async () => {
    const targets = Array.from({ length: 10 }, (_, index) =>
      mesh.target(index % 2 === 0 ? mesh.servers[0] : mesh.servers[1]),
    );
    const connections = await Promise.all(
      targets.map(async (each) => valueOf(await connectServer({ ...each, ...SYSTEM }))),
    );
    const names = await Promise.all(
      connections.map(async (connection) => {
        const varz = valueOf(await fetchSystem(connection, 'VARZ', WAIT_MS));
        expect(varz).toMatchObject({ data: { server_name: connection.info.serverName } });
        await connection.close();
        return connection.info.serverName;
      }),
    );
    expect(names).toEqual(Array.from({ length: 10 }, (_, index) => `n${index % 2}`));
  });
});
