import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { provePlaintextRefused, proveRouteRefusesForeign, proveRouteTrust } from '../../../src/servers/client-proof.ts';
import { connectServer, type ServerConnection } from '../../../src/servers/connection.ts';
import type { ServerTarget } from '../../../src/servers/dial.ts';
import { provePublish } from '../../../src/servers/publish-proof.ts';
import { proveWrongPasswordRefused } from '../../../src/servers/sign-in-proof.ts';
import { eventually } from '../../support/eventually.ts';
import { issueTestCertificate, makeTestCa } from './certificates.ts';
import { testDialer } from './dialer.ts';
import { type Mesh, PREFIX, PROBE, startMesh } from './mesh.ts';
import { type NatsProcess, startNats } from './nats-process.ts';

describe.each(['2.10.29', '2.12.15', '2.15.2'] as const)('the checks on nats-server %s', (version) => {
  let mesh: Mesh;
  let plain: NatsProcess;

  beforeAll(async () => {
    mesh = await startMesh(version);
    plain = await startNats(version, async () => ({ cluster: { host: '127.0.0.1', port: -1 } }));
  }, 300_000);
  afterAll(async () => await Promise.all([mesh?.stop(), plain?.stop()]));
  afterEach(async () => {
    const open = () => mesh.servers.reduce((sum, { dialer }) => sum + dialer.open(), 0);
    await eventually('every dialled socket is closed', 5, async () => open() === 0 || undefined);
  });

  const routeTarget = async (authority = mesh.routes) => ({
    ...mesh.target(mesh.servers[0]),
    trust: mesh.routes.trust,
    leaf: await issueTestCertificate(authority),
  });
  const plainTarget = () => ({ ...mesh.target(mesh.servers[0]), dial: testDialer(plain.ports, 'stream').dial });

  async function connectedProbe(target: ServerTarget): Promise<ServerConnection> {
    const connected = await connectServer({ ...target, ...PROBE });
    if (!connected.ok) {
      throw new Error(connected.failure.message);
    }
    return connected.value;
  }

  test('pass if the route port accepts a certificate of the route CA and presents its own', async () => {
    const proof = await proveRouteTrust(await routeTarget());
    expect(proof).toEqual({
      kind: 'proved',
      certificate: { fingerprint256: expect.stringMatching(/^[0-9a-f]{64}$/), notAfter: expect.any(Date) },
    });
  });

  test('pass if the route port refuses a certificate of an unknown CA', async () => {
    const target = await routeTarget(await makeTestCa('foreign'));
    expect(await proveRouteRefusesForeign(target)).toEqual({ kind: 'proved' });
    expect(await proveRouteTrust(target)).toMatchObject({ kind: 'disproved', reason: 'LeafRefused' });
  });

  test('fail if the route port accepts a certificate that it should refuse', async () => {
    const proof = await proveRouteRefusesForeign(await routeTarget());
    expect(proof).toMatchObject({ kind: 'disproved', reason: 'ForeignLeafAccepted' });
  });

  test('fail on a route certificate of an unknown CA, without a statement about refusals', async () => {
    const target = { ...(await routeTarget()), trust: mesh.clients.trust };
    expect(await proveRouteTrust(target)).toMatchObject({ kind: 'disproved', reason: 'ServerCertificateRefused' });
    expect(await proveRouteRefusesForeign(target)).toMatchObject({
      kind: 'unknown',
      failure: { reason: 'TlsUntrusted' },
    });
  });

  test('make no statement about trust if the route port has no TLS', async () => {
    const target = { ...(await routeTarget()), dial: plainTarget().dial };
    expect(await proveRouteTrust(target)).toMatchObject({ kind: 'unknown', failure: { reason: 'ProtocolError' } });
  });

  test.each(['socket', 'stream'] as const)('pass if plaintext over a %s is refused', async (kind) => {
    const { dial } = testDialer(mesh.servers[0].process.ports, kind);
    expect(await provePlaintextRefused({ ...mesh.target(mesh.servers[0]), dial })).toEqual({ kind: 'proved' });
  });

  test('fail if the server accepts plaintext, and refuse a connection to it', async () => {
    expect(await provePlaintextRefused(plainTarget())).toMatchObject({
      kind: 'disproved',
      reason: 'PlaintextAccepted',
    });
    const connected = await connectServer({ ...plainTarget(), ...PROBE });
    expect(connected).toMatchObject({ ok: false, failure: { reason: 'TlsNotOffered' } });
  });

  test('pass if a wrong password is refused', async () => {
    const target = { ...mesh.target(mesh.servers[0]), user: PROBE.user };
    expect(await proveWrongPasswordRefused(target)).toEqual({ kind: 'proved' });
  });

  test('pass if every server receives the messages that are published on each server', async () => {
    const connections = await Promise.all(
      mesh.servers.map(async (server) => await connectedProbe(mesh.target(server))),
    );
    const target = { connections, subjectPrefix: PREFIX, signal: new AbortController().signal, timeoutMs: 20_000 };
    expect(await provePublish(target)).toEqual({ kind: 'proved' });
    expect(await provePublish({ ...target, subjectPrefix: 'elsewhere' })).toMatchObject({
      kind: 'disproved',
      reason: 'PublishForbidden',
    });
    expect(await provePublish({ ...target, connections: [] })).toMatchObject({ kind: 'disproved' });
    await Promise.all(connections.map(async (connection) => await connection.close()));
    expect(await provePublish(target)).toMatchObject({ kind: 'unknown', failure: { reason: 'Unreachable' } });
  });

  test('name the missing directions if there is no route between two servers', async () => {
    const other = await startMesh(version);
    const connections: ServerConnection[] = [];
    try {
      for (const { servers, target } of [mesh, other]) {
        connections.push(await connectedProbe(target(servers[0])));
      }
      const { signal } = new AbortController();
      const proof = await provePublish({ connections, subjectPrefix: PREFIX, signal, timeoutMs: 1000 });
      expect(proof).toMatchObject({ kind: 'disproved', reason: 'MessagesMissing' });
    } finally {
      await Promise.all(connections.map(async (connection) => await connection.close()));
      await other.stop();
    }
  });
});
