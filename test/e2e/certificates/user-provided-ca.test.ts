import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseCertificates } from '../../../src/pki/certificate.ts';
import { signCrossCertificate } from '../../../src/pki/cross-certificate.ts';
import type { ActionResult } from '../../support/action.ts';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';
import { type Annotation, expectFailure, expectNoSecret } from '../../support/failure.ts';
import { readPodUids, readSecret } from '../../support/live-cluster.ts';
import { editSecret, readObjectVersions } from '../../support/objects.ts';
import { reachServers, type ServerReach } from '../../support/server-reach.ts';
import { crossTerms, DAY_MS, makeAuthority, makeLeaf, NOW } from '../../unit/support/issuance.ts';

/** A CA of the user. `chain` has the signing CA first, then the CAs above it. */
type Given = { readonly chain: string; readonly key: string; readonly own: X509Certificate; readonly root: string };

const NAMES = ['nats.apps.example.com', '10.9.8.7', 'fd00::7'] as const;
const INPUTS = { replicas: '2', 'subject-alt-names': '*.apps.example.com, 10.9.8.7\nfd00::7' };

describe('a CA from `ca-certificate` and `ca-private-key`', () => {
  let deployment: TestDeployment;
  let reach: ServerReach;
  let first: Given;
  let second: Given;

  beforeAll(async () => {
    deployment = await makeDeployment('given');
    reach = reachServers(deployment.space);
    [first, second] = await Promise.all([intermediate('first'), intermediate('second')]);
  });

  afterAll(async () => {
    await reach.close();
    await deployment.remove();
  });

  const run = async (inputs: Readonly<Record<string, string>>): Promise<ActionResult> => {
    const result = await deployment.run(inputs);
    expectNoSecret(result, [...bodyLines(first.key), ...bodyLines(second.key)]);
    return result;
  };
  const requireRun = async (inputs: Readonly<Record<string, string>>): Promise<ActionResult['outputs']> => {
    const result = await run(inputs);
    if (result.exitCode !== 0) throw new Error(`the action ended with ${result.exitCode}:\n${result.stdout}`);
    return result.outputs;
  };
  const failing = async (inputs: Readonly<Record<string, string>>): Promise<Annotation> => {
    const before = await readObjectVersions(deployment);
    const annotation = expectFailure(await run(inputs));
    expect(await readObjectVersions(deployment)).toEqual(before);
    return annotation;
  };
  const expectServed = async (given: Given): Promise<void> => {
    for (const pod of ['nats-0', 'nats-1']) {
      const leaf = await reach.presented(pod, 4222);
      expect([leaf.issuer, leaf.verify(given.own.publicKey)]).toEqual([given.own.subject, true]);
    }
  };

  describe('is refused before anything is written', () => {
    test('if the key belongs to another CA', async () => {
      const { title, text } = await failing({ ...INPUTS, ...authority(first), 'ca-private-key': second.key });
      expect(title).toMatch(/^PKI_INVALID/);
      expect(text).toContain('ca-private-key');
      expect(text).toContain(first.own.subject.replace('CN=', ''));
    });

    test('if its parent comes first in the chain', async () => {
      const [own, root] = parseCertificates(first.chain, 'chain');
      const reversed = `${root?.pem}${own?.pem}`;
      const { title, text } = await failing({ ...INPUTS, ...authority(first), 'ca-certificate': reversed });
      expect(title).toMatch(/^PKI_INVALID/);
      expect(text).toContain('ca-certificate');
    });
  });

  describe('is refused before anything is written, because peers would refuse it,', () => {
    const day = (days: number): Date => new Date(NOW.getTime() + days * DAY_MS);
    test.each([
      ['has expired', { notBefore: day(-9), notAfter: day(-1) }, 'Expired', 'expired at'],
      ['is not valid yet', { notBefore: day(1) }, 'NotYetValid', 'valid only from'],
      ['may only certify other names', { permittedDnsNames: ['other.svc'] }, 'NameNotPermitted', '.svc'],
    ])('if it %s', async (_, overrides, reason, message) => {
      const { certificatePem, privateKeyPem } = await makeAuthority({ commonName: 'odd', ...overrides });
      const given = { 'ca-certificate': certificatePem, 'ca-private-key': privateKeyPem };
      const { title, text } = await failing({ ...INPUTS, ...given });
      expect(title).toBe(`PKI_INVALID (${reason})`);
      expect(text).toMatch(/^ca-certificate: /);
      expect(text).toContain(message);
    });
  });

  describe('of a NATS cluster', () => {
    let uids: Readonly<Record<string, string>>;

    beforeAll(async () => {
      expect(await requireRun({ ...INPUTS, ...authority(first) })).toMatchObject({ result: 'deployed' });
      uids = await readPodUids(deployment.space);
    });

    test('signs the server certificate with every requested name', async () => {
      await expectServed(first);
      const leaf = await reach.presented('nats-1', 4222);
      expect([leaf.checkHost(NAMES[0]), leaf.checkIP(NAMES[1]), leaf.checkIP(NAMES[2])]).toEqual([
        '*.apps.example.com',
        NAMES[1],
        NAMES[2],
      ]);
      expect(leaf.checkHost('apps.example.com')).toBeUndefined();
    });

    test('is presented with its chain, so that clients only need to trust the root', async () => {
      const { 'tls.crt': chain = '' } = await readSecret(deployment.space, 'tls-nats-server');
      const [, above] = parseCertificates(chain, 'chain');
      expect(above?.fingerprint256).toBe(fingerprintOf(first.own));
      expect(first.own.verify(new X509Certificate(first.root).publicKey)).toBe(true);
    });

    test('does not leave its private key in the Kubernetes cluster', async () => {
      const texts = await everything(deployment);
      for (const line of bodyLines(first.key)) {
        expect(texts).not.toContain(line);
      }
      expect(texts).toContain(bodyLines(first.chain)[0]);
    });

    test('does not sign route certificates', async () => {
      const leaf = await reach.presented('nats-0', 6222);
      const { 'route-ca.crt': trust = '', 'route-ca.key': key } = await readSecret(
        deployment.space,
        'nats-authorities',
      );
      expect([leaf.verify(new X509Certificate(trust).publicKey), key]).toEqual([
        true,
        expect.stringContaining('PRIVATE KEY'),
      ]);
    });

    test('is not needed in a run that signs nothing', async () => {
      expect(await requireRun(INPUTS)).toMatchObject({ result: 'unchanged', changed: 'false' });
      expect(await requireRun({ command: 'verify' })).toMatchObject({ result: 'verified' });
    });

    test('is required in a run that has to sign a certificate', async () => {
      const { title, text } = await failing({ ...INPUTS, 'subject-alt-names': 'other.example.com' });
      expect(title).toBe('PKI_INVALID (AuthorityKeyMissing)');
      expect(text).toContain('ca-private-key');
      const added = {
        ...INPUTS,
        ...authority(first),
        'subject-alt-names': `${INPUTS['subject-alt-names']},added.example.com`,
      };
      expect(await requireRun(added)).toMatchObject({ result: 'deployed' });
      expect((await reach.presented('nats-0', 4222)).checkHost('added.example.com')).toBe('added.example.com');
      await expectServed(first);
    });

    test('is not needed to find an invalid certificate', async () => {
      const { leaf, privateKeyPem } = await makeLeaf((await makeAuthority()).authority);
      const restore = await editSecret(deployment.space, 'tls-nats-server', () => ({
        'tls.crt': leaf.pem,
        'tls.key': privateKeyPem,
      }));
      const { title, text } = await failing({ command: 'verify' });
      expect(title).toBe('DRIFT (CertificateInvalid)');
      expect(text).toContain('server certificate of nats (issued by');
      await restore();
    });

    test('is never replaced by a deploy', async () => {
      const { title, text } = await failing({ ...INPUTS, ...authority(second) });
      expect(title).toBe('CHANGE_FORBIDDEN (AuthorityDiffers)');
      expect(text).toContain('rotate-targets: ca');
    });

    test('is not replaced by a rotation without another CA', async () => {
      const rotation = { command: 'rotate', 'rotate-targets': 'ca', force: 'true' };
      expect(await requireRun(rotation)).toMatchObject({ result: 'unchanged', 'rotation-phase': 'idle' });
      await expectServed(first);
    });

    test('is replaced by a rotation to another CA, after an overlap in which clients can trust both', async () => {
      const rotation = { command: 'rotate', 'rotate-targets': 'ca', ...authority(second) };
      const begun = await requireRun({ ...rotation, 'ca-overlap': '1h' });
      expect(begun).toMatchObject({ result: 'rotating', 'rotation-phase': 'trust-both' });
      expect(subjectsOf(begun['ca-bundle'])).toEqual(expect.arrayContaining(['first', 'second']));
      await expectServed(first);
      expect(await requireRun({ command: 'verify' })).toMatchObject({ 'rotation-phase': 'trust-both' });
      expect(await requireRun({ ...rotation, 'ca-overlap': '1h' })).toMatchObject({
        result: 'rotating',
        'rotation-phase': 'trust-both',
        changed: 'false',
      });

      const ended = await requireRun({ ...rotation, 'ca-overlap': '0s' });
      expect(ended).toMatchObject({ result: 'rotated', 'rotation-phase': 'idle' });
      expect(subjectsOf(ended['ca-bundle'])).not.toContain('first');
      await expectServed(second);
      expect(await readPodUids(deployment.space)).toEqual(uids);
      const texts = await everything(deployment);
      for (const line of [...bodyLines(first.key), ...bodyLines(second.key)]) {
        expect(texts).not.toContain(line);
      }
    });
  });
});

describe('a CA that may only certify names of its namespace', () => {
  let deployment: TestDeployment;

  beforeAll(async () => {
    deployment = await makeDeployment('bound');
  });

  afterAll(async () => {
    await deployment.remove();
  });

  test('signs for servers without other names, and refuses a smoke test that needs another name', async () => {
    const namespace = deployment.space.name;
    const company = await makeAuthority({ commonName: 'company', permittedDnsNames: [`${namespace}.svc`] });
    const given = { 'ca-certificate': company.certificatePem, 'ca-private-key': company.privateKeyPem };
    const refused = expectFailure(await deployment.run({ replicas: '1', ...given, 'smoke-test': 'true' }));
    expect(refused.title).toMatch(/^INPUT_INVALID/);
    expect(refused.text).toContain('localhost');

    const deployed = await deployment.run({ replicas: '1', ...given });
    expect([deployed.exitCode, deployed.stdout]).toEqual([0, expect.stringContaining('issued without')]);
    const { 'tls.crt': chain = '' } = await readSecret(deployment.space, 'tls-nats-server');
    const [leaf] = parseCertificates(chain, 'tls.crt');
    expect(leaf?.dnsNames).toContain(`nats.${namespace}.svc`);
    expect([leaf?.dnsNames.includes('localhost'), leaf?.ipAddresses]).toEqual([false, []]);
    expect(await deployment.run({ replicas: '1' })).toMatchObject({ exitCode: 0, outputs: { changed: 'false' } });
    expect(await deployment.run({ command: 'verify' })).toMatchObject({ exitCode: 0 });
  });
});

async function intermediate(name: string): Promise<Given> {
  const root = await makeAuthority({ commonName: `${name} root`, pathLength: 1 });
  const { authority, privateKeyPem } = await makeAuthority({ commonName: name });
  const own = signCrossCertificate(root.authority, authority, crossTerms());
  const chain = `${own}${root.certificatePem}`;
  return { chain, key: privateKeyPem, own: new X509Certificate(own), root: root.certificatePem };
}

function authority({ chain, key }: Given): Readonly<Record<string, string>> {
  return { 'ca-certificate': chain, 'ca-private-key': key };
}

/** Returns lines of the PEM text that no other PEM text contains. */
function bodyLines(pem: string): readonly string[] {
  return pem.split('\n').slice(1, 3);
}

function fingerprintOf({ fingerprint256 }: X509Certificate): string {
  return fingerprint256.replaceAll(':', '').toLowerCase();
}

function subjectsOf(bundle = ''): readonly (string | undefined)[] {
  return parseCertificates(bundle, 'ca-certificate').map(({ commonName }) => commonName);
}

/** Reads every object of the namespace as text; Secrets both encoded and decoded. */
async function everything({ space, apps }: TestDeployment): Promise<string> {
  const { core, name: namespace } = space;
  const secrets = await core.listNamespacedSecret({ namespace });
  const lists = await Promise.all([
    core.listNamespacedConfigMap({ namespace }),
    core.listNamespacedService({ namespace }),
    core.listNamespacedPod({ namespace }),
    core.listNamespacedEvent({ namespace }),
    apps.listNamespacedStatefulSet({ namespace }),
    apps.listNamespacedControllerRevision({ namespace }),
  ]);
  const decoded = secrets.items.flatMap(({ data = {} }) =>
    Object.values(data).map((value) => Buffer.from(value, 'base64').toString()),
  );
  return [...decoded, JSON.stringify(secrets), ...lists.map((list) => JSON.stringify(list))].join('\n');
}
