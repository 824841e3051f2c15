import type { Duplex } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import {
  verifyClientRefusesForeign,
  verifyClientTrust,
  verifyNoCertificateRefused,
} from '../../../src/servers/client-proof.ts';
import { connectServer } from '../../../src/servers/connection.ts';
import type { Dial } from '../../../src/servers/dial.ts';
import { verifyWrongPasswordRefused } from '../../../src/servers/sign-in-proof.ts';
import { reloadServer } from '../../../src/servers/system.ts';
import { eventually } from '../../support/eventually.ts';
import { fingerprintOf, issueTestCertificate } from './certificates.ts';
import { testDialer } from './dialer.ts';
import { type Mesh, PROBE, SYSTEM, startMesh, writeLeaf } from './mesh.ts';
import { startNats } from './nats-process.ts';

/** A stream that discards the answer of the server after the handshake, and fails at the next write. */
function resetOnceSpokenTo(stream: Duplex): Duplex {
  let writes = 0;
  const write = stream._write.bind(stream);
  stream._write = (chunk, encoding, done) => {
    writes += 1;
    if (writes === 2) {
      stream.push = () => true;
    }
    if (writes > 2) {
      done(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }));
    } else {
      write(chunk, encoding, done);
    }
  };
  return stream;
}

describe.each(['2.10.29', '2.12.15', '2.15.2'] as const)(
  'the check of client certificates on nats-server %s',
  (version) => {
    let mesh: Mesh;

    beforeAll(async () => {
      mesh = await startMesh(version);
    }, 300_000);
    afterAll(async () => await mesh?.stop());
    afterEach(async () => {
      await eventually(
        'every dialled socket is closed',
        5,
        async () => mesh.servers[0].dialer.open() === 0 || undefined,
      );
    });

    describe('with a client port that requires certificates', () => {
      beforeAll(async () => {
        const { process, configuration, leaf } = mesh.servers[0];
        const tls = await writeLeaf(process.directory, 'server', leaf, mesh.clients.trust);
        await process.configure({ ...configuration, tls: { ...tls, verify: true } });
        await reload();
      });
      afterAll(async () => {
        const { process, configuration } = mesh.servers[0];
        await process.configure(configuration);
        await reload();
      });

      async function reload(): Promise<void> {
        const clientCertificate = await issueTestCertificate(mesh.clients);
        const connected = await connectServer({ ...mesh.target(mesh.servers[0]), ...SYSTEM, clientCertificate });
        if (!connected.ok) throw new Error(connected.failure.message);
        expect(await reloadServer(connected.value, 10_000)).toMatchObject({ ok: true });
        await connected.value.close();
      }

      test.each(['socket', 'stream'] as const)(
        'shows that a client without a certificate is refused over a %s',
        async (kind) => {
          const { dial } = testDialer(mesh.servers[0].process.ports, kind);
          const target = { ...mesh.target(mesh.servers[0]), dial };
          expect(await verifyNoCertificateRefused(target)).toEqual({ kind: 'verified' });
          const clientCertificate = await issueTestCertificate(mesh.clients);
          expect(await verifyNoCertificateRefused({ ...target, clientCertificate })).toEqual({ kind: 'verified' });
        },
      );

      test.each(['socket', 'stream'] as const)(
        'shows that a certificate of the client CA is accepted over a %s',
        async (kind) => {
          const { process, leaf } = mesh.servers[0];
          const target = { ...mesh.target(mesh.servers[0]), dial: testDialer(process.ports, kind).dial };
          expect(await verifyClientTrust({ ...target, leaf: await issueTestCertificate(mesh.clients) })).toEqual({
            kind: 'verified',
            certificate: { fingerprint256: fingerprintOf(leaf), notAfter: expect.any(Date) },
          });
        },
      );

      test('shows that a certificate of an unknown CA, or an expired one, is refused', async () => {
        const target = { ...mesh.target(mesh.servers[0]), leaf: await issueTestCertificate(mesh.routes) };
        expect(await verifyClientRefusesForeign(target)).toEqual({ kind: 'verified' });
        expect(await verifyClientTrust(target)).toMatchObject({ kind: 'failed', reason: 'LeafRefused' });
        const leaf = await issueTestCertificate(mesh.clients, -1);
        expect(await verifyClientTrust({ ...target, leaf })).toMatchObject({ kind: 'failed', reason: 'LeafRefused' });
      });

      test('reports no refusal of a certificate that the client port accepts', async () => {
        const target = { ...mesh.target(mesh.servers[0]), leaf: await issueTestCertificate(mesh.clients) };
        expect(await verifyClientRefusesForeign(target)).toMatchObject({ reason: 'ForeignLeafAccepted' });
      });

      test('shows that a wrong password is refused with a valid certificate', async () => {
        const target = { ...mesh.target(mesh.servers[0]), user: PROBE.user };
        expect(
          await verifyWrongPasswordRefused({ ...target, clientCertificate: await issueTestCertificate(mesh.clients) }),
        ).toEqual({
          kind: 'verified',
        });
        expect(await verifyWrongPasswordRefused(target)).toMatchObject({
          failure: { reason: 'ClientCertificateRefused' },
        });
      });

      test('connects again if the refusal was lost with its connection', async () => {
        const { dial } = testDialer(mesh.servers[0].process.ports, 'stream');
        let dials = 0;
        const breaking: Dial = async (...to) => {
          const stream = await dial(...to);
          dials += 1;
          return dials === 1 ? resetOnceSpokenTo(stream) : stream;
        };
        const connected = await connectServer({ ...mesh.target(mesh.servers[0]), dial: breaking, ...SYSTEM });
        expect(connected).toMatchObject({ failure: { reason: 'ClientCertificateRefused' } });
        expect(dials).toBe(2);
      });
    });

    test('reports a client port that accepts a client without a certificate', async () => {
      expect(await verifyNoCertificateRefused(mesh.target(mesh.servers[0]))).toMatchObject({
        kind: 'failed',
        reason: 'MissingLeafAccepted',
      });
      const plain = await startNats(version, async () => ({ cluster: { host: '127.0.0.1', port: -1 } }));
      try {
        const target = { ...mesh.target(mesh.servers[0]), dial: testDialer(plain.ports, 'stream').dial };
        expect(await verifyNoCertificateRefused(target)).toMatchObject({ failure: { reason: 'TlsNotOffered' } });
      } finally {
        await plain.stop();
      }
    });

    test('fails on a client certificate of an unknown CA, without a statement about refusals', async () => {
      const target = {
        ...mesh.target(mesh.servers[0]),
        trust: mesh.routes.trust,
        leaf: await issueTestCertificate(mesh.clients),
      };
      expect(await verifyClientTrust(target)).toMatchObject({ kind: 'failed', reason: 'ServerCertificateRefused' });
      expect(await verifyClientRefusesForeign(target)).toMatchObject({
        kind: 'unknown',
        failure: { reason: 'TlsUntrusted' },
      });
    });
  },
);
