import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import {
  verifyPlaintextRefused,
  verifyRouteRefusesForeign,
  verifyRouteTrust,
} from '../../../src/servers/client-proof.ts';
import { connectServer, type ServerConnection } from '../../../src/servers/connection.ts';
import type { ServerTarget } from '../../../src/servers/dial.ts';
import { verifyPublish } from '../../../src/servers/publish-proof.ts';
import { verifyWrongPasswordRefused } from '../../../src/servers/sign-in-proof.ts';
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
    const proof = await verifyRouteTrust(await routeTarget());
    expect(proof).toEqual({
      kind: 'verified',
      certificate: { fingerprint256: expect.stringMatching(/^[0-9a-f]{64}$/), notAfter: expect.any(Date) },
    });
  });

  test('pass if the route port refuses a certificate of an unknown CA', async () => {
    const target = await routeTarget(await makeTestCa('foreign'));
    expect(await verifyRouteRefusesForeign(target)).toEqual({ kind: 'verified' });
    expect(await verifyRouteTrust(target)).toMatchObject({ kind: 'failed', reason: 'LeafRefused' });
  });

  test('fail if the route port accepts a certificate that it should refuse', async () => {
    const proof = await verifyRouteRefusesForeign(await routeTarget());
    expect(proof).toMatchObject({ kind: 'failed', reason: 'ForeignLeafAccepted' });
  });

  test('fail on a route certificate of an unknown CA, without a statement about refusals', async () => {
    const target = { ...(await routeTarget()), trust: mesh.clients.trust };
    expect(await verifyRouteTrust(target)).toMatchObject({ kind: 'failed', reason: 'ServerCertificateRefused' });
    expect(await verifyRouteRefusesForeign(target)).toMatchObject({
      kind: 'unknown',
      failure: { reason: 'TlsUntrusted' },
    });
  });

  test('make no statement about trust if the route port has no TLS', async () => {
    const target = { ...(await routeTarget()), dial: plainTarget().dial };
    expect(await verifyRouteTrust(target)).toMatchObject({ kind: 'unknown', failure: { reason: 'ProtocolError' } });
  });

  test.each(['socket', 'stream'] as const)('pass if plaintext over a %s is refused', async (kind) => {
    const { dial } = testDialer(mesh.servers[0].process.ports, kind);
    expect(await verifyPlaintextRefused({ ...mesh.target(mesh.servers[0]), dial })).toEqual({ kind: 'verified' });
  });

  test('fail if the server accepts plaintext, and refuse a connection to it', async () => {
    expect(await verifyPlaintextRefused(plainTarget())).toMatchObject({
      kind: 'failed',
      reason: 'PlaintextAccepted',
    });
    const connected = await connectServer({ ...plainTarget(), ...PROBE });
    expect(connected).toMatchObject({ ok: false, failure: { reason: 'TlsNotOffered' } });
  });

  test('pass if a wrong password is refused', async () => {
    const target = { ...mesh.target(mesh.servers[0]), user: PROBE.user };
    expect(await verifyWrongPasswordRefused(target)).toEqual({ kind: 'verified' });
  });

  test('pass if every server receives the messages that are published on each server', async () => {
    const connections = await Promise.all(
      mesh.servers.map(async (server) => await connectedProbe(mesh.target(server))),
    );
    const target = { connections, subjectPrefix: PREFIX, signal: new AbortController().signal, timeoutMs: 20_000 };
    expect(await verifyPublish(target)).toEqual({ kind: 'verified' });
    expect(await verifyPublish({ ...target, subjectPrefix: 'elsewhere' })).toMatchObject({
      kind: 'failed',
      reason: 'PublishForbidden',
    });
    expect(await verifyPublish({ ...target, connections: [] })).toMatchObject({ kind: 'failed' });
    await Promise.all(connections.map(async (connection) => await connection.close()));
    expect(await verifyPublish(target)).toMatchObject({ kind: 'unknown', failure: { reason: 'Unreachable' } });
  });

  test('name the missing directions if there is no route between two servers', async () => {
    const other = await startMesh(version);
    const connections: ServerConnection[] = [];
    try {
      for (const { servers, target } of [mesh, other]) {
        connections.push(await connectedProbe(target(servers[0])));
      }
      const { signal } = new AbortController();
      const proof = await verifyPublish({ connections, subjectPrefix: PREFIX, signal, timeoutMs: 1000 });
      expect(proof).toMatchObject({ kind: 'failed', reason: 'MessagesMissing' });
    } finally {
      await Promise.all(connections.map(async (connection) => await connection.close()));
      await other.stop();
    }
  });
});
