import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseCa } from '../../../src/pki/ca.ts';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';
import { expectFailure } from '../../support/failure.ts';
import { makeUnknownCa } from '../../support/intruder.ts';
import { readPodUids, readSecret } from '../../support/live-cluster.ts';
import { type LoadTarget, openSession } from '../../support/load-session.ts';
import { readObjectVersions } from '../../support/objects.ts';
import { reachServers, type ServerReach } from '../../support/server-reach.ts';
import { makeLeaf } from '../../unit/support/issuance.ts';

type Leaf = NonNullable<LoadTarget['clientCertificate']>;

/**
 * Matches the refusal of a certificate: the TLS alert of the server, or, without a certificate, the error line that the
 * server sends before it closes. If the server closes with unread bytes, the connection is reset, and the kubelet
 * reports that in its own words.
 */
const REFUSED =
  /alert (certificate required|bad certificate|unknown ca)|ECONNRESET|connection reset by peer|closed the connection/i;

const NAMED = { 'client-certificates': 'orders, billing' };
const FORCED = { command: 'rotate', force: 'true', 'ca-overlap': '0s' };

describe('clients with client-verify', () => {
  let deployment: TestDeployment;
  let reach: ServerReach;

  beforeAll(async () => {
    deployment = await makeDeployment('client-verify');
    reach = reachServers(deployment.space);
  });

  afterAll(async () => {
    await reach.close();
    await deployment.remove();
  });

  const targetOf = async (name: string, identity: Pick<LoadTarget, 'credentials' | 'clientCertificate'>) => {
    const { 'ca.crt': trust = '' } = await readSecret(deployment.space, `tls-${name}-client`);
    const pod = `${name}-0`;
    return {
      dial: async () => await reach.dial(pod, 4222),
      trust,
      serverName: `${pod}.${deployment.space.name}.svc`,
      ...identity,
    };
  };
  /** Returns the user that a server of the deployment finds for the client. */
  const signIn = async (
    name: string,
    identity: Pick<LoadTarget, 'credentials' | 'clientCertificate'>,
  ): Promise<string> => {
    const answer = Promise.withResolvers<string>();
    const events = { subject: 'answer', onMessage: answer.resolve, onPong: () => {} };
    const session = await openSession(await targetOf(name, identity), events);
    void session.ended.then(answer.reject);
    try {
      session.send('PUB $SYS.REQ.USER.INFO answer 0\r\n\r\n');
      const info: { data: { user: string } } = JSON.parse(await answer.promise);
      return info.data.user;
    } finally {
      session.close();
      await answer.promise.catch(() => {});
    }
  };
  const credentials = async (name: string): Promise<{ user: string; password: string }> => {
    const { username: user = '', password = '' } = await readSecret(deployment.space, `${name}-client`);
    return { user, password };
  };
  const leafIn = async (secret: string): Promise<Leaf> => {
    const { 'tls.crt': certificate = '', 'tls.key': privateKey = '' } = await readSecret(deployment.space, secret);
    return { certificate, privateKey };
  };
  const foreignLeaf = async (commonName: string): Promise<Leaf> => await leafOf(await makeUnknownCa(), commonName);

  describe('after a deploy without client-verify', () => {
    const name = 'asking';
    const INPUTS = { name, replicas: '2', ...NAMED };
    const ASKING = { ...INPUTS, 'client-verify': 'verify' };

    beforeAll(async () => {
      await deployment.requireRun(INPUTS);
    });

    test('have a Secret each, and need no certificate', async () => {
      const { 'ca.crt': trust = '' } = await readSecret(deployment.space, `${name}-client`);
      for (const client of ['orders', 'billing']) {
        const secret = await deployment.space.core.readNamespacedSecret({
          name: `tls-${name}-client-${client}`,
          namespace: deployment.space.name,
        });
        expect([secret.type, Object.keys(secret.data ?? {}).toSorted()]).toEqual([
          'kubernetes.io/tls',
          ['ca.crt', 'tls.crt', 'tls.key'],
        ]);
        const leaf = new X509Certificate((await leafIn(`tls-${name}-client-${client}`)).certificate);
        expect([leaf.subject, leaf.verify(new X509Certificate(trust).publicKey)]).toEqual([`CN=${client}`, true]);
      }
      const own = await credentials(name);
      expect(await signIn(name, { credentials: own })).toBe(own.user);
    });

    test('are not cut off without `allow: outage`', async () => {
      const before = await readObjectVersions(deployment);
      const { title, text } = expectFailure(await deployment.run(ASKING));
      expect(title).toBe('CHANGE_FORBIDDEN (CutsOffClients)');
      expect(text).toContain('allow: outage');
      expect(await readObjectVersions(deployment)).toEqual(before);
    });

    describe('after a deploy with client-verify and `allow: outage`', () => {
      let uids: Readonly<Record<string, string>>;

      beforeAll(async () => {
        uids = await readPodUids(deployment.space);
        const { outputs, summary } = await deployment.requireRun({ ...ASKING, allow: 'outage' });
        expect(outputs).toMatchObject({ result: 'deployed' });
        expect(summary).toContain('asking-0 refuses a client without a certificate');
        expect(summary).toContain('asking-1 refuses a client certificate of an untrusted CA');
      });

      test('are served without a restart of a server, and verify succeeds', async () => {
        expect(await readPodUids(deployment.space)).toEqual(uids);
        expect((await deployment.requireRun(ASKING)).outputs).toMatchObject({ result: 'unchanged' });
        expect((await deployment.requireRun({ command: 'verify', name })).outputs).toMatchObject({
          result: 'verified',
        });
      });

      test.each(['asking-client', 'tls-asking-client-orders'])(
        'log in by password with the certificate in %s',
        async (secret) => {
          const own = await credentials(name);
          expect(await signIn(name, { credentials: own, clientCertificate: await leafIn(secret) })).toBe(own.user);
        },
      );

      test('are refused without a certificate, with one of an unknown CA, and without a password', async () => {
        const own = await credentials(name);
        const clientCertificate = await leafIn(`tls-${name}-client-orders`);
        await expect(signIn(name, { credentials: own })).rejects.toThrow(REFUSED);
        const foreign = await foreignLeaf('orders');
        await expect(signIn(name, { credentials: own, clientCertificate: foreign })).rejects.toThrow(REFUSED);
        await expect(signIn(name, { clientCertificate })).rejects.toThrow(/Authorization Violation/);
        const wrong = { ...own, password: 'guessed' };
        await expect(signIn(name, { credentials: wrong, clientCertificate })).rejects.toThrow(
          /Authorization Violation/,
        );
      });

      test('get new certificates when certificates rotate', async () => {
        const before = await leafIn(`tls-${name}-client-orders`);
        const { outputs } = await deployment.requireRun({ ...FORCED, name, 'rotate-targets': 'certificates' });
        expect(outputs).toMatchObject({ result: 'rotated', 'rotation-phase': 'idle' });
        const after = await leafIn(`tls-${name}-client-orders`);
        expect(serialOf(after)).not.toBe(serialOf(before));
        const own = await credentials(name);
        expect(await signIn(name, { credentials: own, clientCertificate: after })).toBe(own.user);
        expect(await signIn(name, { credentials: own, clientCertificate: before })).toBe(own.user);
      });

      test('get new certificates when the CA rotates, and certificates of the old CA are refused', async () => {
        const before = await leafIn(`tls-${name}-client-orders`);
        const { outputs } = await deployment.requireRun({ ...FORCED, name, 'rotate-targets': 'ca' });
        expect(outputs).toMatchObject({ result: 'rotated', 'rotation-phase': 'idle' });
        const after = await leafIn(`tls-${name}-client-orders`);
        expect(new X509Certificate(after.certificate).issuer).not.toBe(new X509Certificate(before.certificate).issuer);
        const own = await credentials(name);
        expect(await signIn(name, { credentials: own, clientCertificate: after })).toBe(own.user);
        await expect(signIn(name, { credentials: own, clientCertificate: before })).rejects.toThrow(REFUSED);
        expect((await deployment.requireRun({ command: 'verify', name })).outputs).toMatchObject({
          result: 'verified',
        });
        expect(await readPodUids(deployment.space)).toEqual(uids);
      });
    });
  });

  describe('with client-verify verify-and-map', () => {
    const name = 'mapped';
    const INPUTS = { name, replicas: '1', 'client-verify': 'verify-and-map', ...NAMED };

    beforeAll(async () => {
      await deployment.requireRun(INPUTS);
    });

    test.each(['orders', 'billing'])('log in as %s with the certificate alone', async (client) => {
      const clientCertificate = await leafIn(`tls-${name}-client-${client}`);
      expect(await signIn(name, { clientCertificate })).toMatch(new RegExp(`(^|=)${client}$`));
    });

    test('log in as the client user with the content of its Secret', async () => {
      const own = await credentials(name);
      const clientCertificate = await leafIn(`${name}-client`);
      expect(await signIn(name, { credentials: own, clientCertificate })).toContain(own.user);
    });

    test('are refused without a certificate, with one of an unknown CA, and with one that maps to no user', async () => {
      const own = await credentials(name);
      await expect(signIn(name, { credentials: own })).rejects.toThrow(REFUSED);
      await expect(signIn(name, { clientCertificate: await foreignLeaf('orders') })).rejects.toThrow(REFUSED);
      const texts = await readSecret(deployment.space, `${name}-authorities`);
      const authority = parseCa(texts['client-ca.crt'] ?? '', texts['client-ca.key'] ?? '');
      const nobody = await leafOf(authority, 'nobody');
      await expect(signIn(name, { clientCertificate: nobody })).rejects.toThrow(/Authorization Violation/);
    });

    test('are refused after they are removed from the input', async () => {
      const clientCertificate = await leafIn(`tls-${name}-client-billing`);
      await deployment.requireRun({ ...INPUTS, 'client-certificates': 'orders' });
      await expect(signIn(name, { clientCertificate })).rejects.toThrow(/Authorization Violation/);
      expect((await deployment.requireRun({ command: 'verify', name })).outputs).toMatchObject({ result: 'verified' });
    });
  });
});

async function leafOf(authority: Awaited<ReturnType<typeof makeUnknownCa>>, commonName: string): Promise<Leaf> {
  const { certificatePem, privateKeyPem } = await makeLeaf(authority, {
    commonName,
    subjectAltNames: { dnsNames: [], ipAddresses: [] },
    usages: ['clientAuth'],
    notAfter: authority.certificate.notAfter,
  });
  return { certificate: certificatePem, privateKey: privateKeyPem };
}

function serialOf({ certificate }: Leaf): string {
  return new X509Certificate(certificate).serialNumber;
}
