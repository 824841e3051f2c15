import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { createServer } from 'node:tls';
import { expect, test } from '@jest/globals';
import { parseCa } from '../../../src/pki/ca.ts';
import { signCrossCertificate } from '../../../src/pki/cross-certificate.ts';
import { issueCaCertificate } from '../../../src/pki/issue.ts';
import { computeValidity } from '../../../src/pki/signed-certificate.ts';
import { type ClientCertificate, createTlsSettings, openTls } from '../../../src/servers/dial.ts';
import { issueTestCertificate, makeTestCa } from '../../integration/servers/certificates.ts';

const terms = () => ({ serial: randomBytes(16), ...computeValidity(new Date(), 3_600_000) });

const issuedRoot = await issueCaCertificate({
  ...terms(),
  commonName: 'root',
  keyAlgorithm: 'ecdsa-p256',
  pathLength: 1,
});
const root = parseCa(issuedRoot.certificatePem, issuedRoot.privateKeyPem);
const below = await makeTestCa('intermediate');
const intermediate: string = signCrossCertificate(root, below.authority, terms());
const { certificate: leaf, privateKey } = await issueTestCertificate(below);

/** Runs a handshake with a server that presents `presented`. */
async function handshake(presented: ClientCertificate, trust: string): Promise<string> {
  const server = createServer({ cert: presented.certificate, key: presented.privateKey }).listen(0, '127.0.0.1');
  server.on('tlsClientError', () => {});
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  try {
    const opened = await openTls(connect(port, '127.0.0.1'), createTlsSettings(trust, 'localhost'));
    if (!opened.ok) return opened.failure.reason;
    opened.value.socket.destroy();
    return 'trusted';
  } finally {
    const closed = once(server, 'close');
    server.close();
    await closed;
  }
}

test.each([
  ['the intermediate alone', 'leaf and intermediate', leaf + intermediate, intermediate, 'trusted'],
  ['the intermediate alone', 'the leaf', leaf, intermediate, 'trusted'],
  ['the root alone', 'leaf and intermediate', leaf + intermediate, issuedRoot.certificatePem, 'trusted'],
  ['the root alone', 'the leaf', leaf, issuedRoot.certificatePem, 'TlsUntrusted'],
  ['another CA', 'leaf and intermediate', leaf + intermediate, (await makeTestCa('x')).trust, 'TlsUntrusted'],
])('trust in %s with a server that sends %s', async (_trust, _presented, certificate, trust, outcome) => {
  expect(await handshake({ certificate, privateKey }, trust)).toBe(outcome);
});
