import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { listOf, recordOf } from '../../../src/objects/json.ts';
import type { ExtendedKeyUsage } from '../../../src/pki/extensions.ts';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';
import { canaries } from '../../support/failure.ts';
import { completeMesh, readPodUids, routesOf } from '../../support/live-cluster.ts';
import { kubectl, readyServers, requireRendered } from '../../support/rendering.ts';
import { type IssuedAuthority, makeAuthority, makeLeaf } from '../../unit/support/issuance.ts';

const INPUTS = { ...canaries, 'service-type': 'NodePort', files: 'a.conf: "# nothing"' };
const NAMED = { 'server-tls-secret': 'nats-server-tls', 'route-tls-secret': 'nats-route-tls' };
const USAGES = new Map<string, ExtendedKeyUsage>([
  ['server auth', 'serverAuth'],
  ['client auth', 'clientAuth'],
]);

/** Follows README.md of a rendering without Secrets; this test acts as cert-manager. */
describe('a rendering without Secrets', () => {
  let deployment: TestDeployment;
  let base = '';

  beforeAll(async () => {
    deployment = await makeDeployment('without-secrets');
    base = await mkdtemp(join(tmpdir(), 'without-secrets-'));
  });

  afterAll(async () => {
    await deployment.remove();
    await rm(base, { recursive: true, force: true });
  });

  const folder = (name: string): string => join(base, name);
  const rendered = async (name: string, inputs: Readonly<Record<string, string>>) =>
    await requireRendered({ ...INPUTS, namespace: deployment.space.name, 'output-directory': folder(name), ...inputs });
  const apply = async (name: string, isApplied: (file: string) => boolean): Promise<void> => {
    const files = (await readdir(folder(name))).filter((file) => file.endsWith('.yaml') && isApplied(file));
    const named = files.flatMap((file) => ['--filename', join(folder(name), file)]);
    await kubectl(deployment, 'apply', '--server-side', '--field-manager', 'nats-cluster-action', ...named);
  };

  test('forms the mesh that deploy verifies, with the Secrets that it names', async () => {
    await rendered('open', {});
    await issueAll(deployment, folder('open'));
    await rendered('secret', { ...NAMED, allow: 'rendered-secrets' });
    await apply('secret', (file) => file.startsWith('secret-'));
    await apply('open', (file) => !/^(?:certificate|issuer)-/.test(file));
    await readyServers(deployment, 3);
    const before = await readPodUids(deployment.space);
    const deployed = await deployment.requireRun({ ...INPUTS, ...NAMED });
    expect(deployed.outputs).toMatchObject({ result: 'deployed' });
    expect(routesOf(deployed)).toEqual(completeMesh(3));
    expect(await readPodUids(deployment.space)).toEqual(before);
    expect((await deployment.requireRun({ command: 'verify' })).outputs).toMatchObject({ result: 'verified' });
  });

  test('changes nothing when it is applied again', async () => {
    await apply('open', (file) => !/^(?:certificate|issuer)-/.test(file));
    expect((await deployment.requireRun({ ...INPUTS, ...NAMED })).outputs).toMatchObject({ result: 'unchanged' });
  });
});

type Wanted = {
  readonly secretName: string;
  readonly isCA: boolean;
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly usages: readonly string[];
  readonly issuer: string;
};

function parseWanted(text: string): Wanted {
  const { secretName, isCA, dnsNames, ipAddresses, usages, issuerRef } = recordOf(recordOf(parse(text))['spec']);
  const texts = (value: unknown): readonly string[] => listOf(value).map(String);
  return {
    secretName: String(secretName),
    isCA: isCA === true,
    dnsNames: texts(dnsNames),
    ipAddresses: texts(ipAddresses),
    usages: texts(usages),
    issuer: String(recordOf(issuerRef)['name']),
  };
}

/** Issues the Certificates in a folder like cert-manager. */
async function issueAll({ space }: TestDeployment, folder: string): Promise<void> {
  const files = (await readdir(folder)).filter((file) => file.startsWith('certificate-'));
  const wanted: readonly Wanted[] = await Promise.all(
    files.map(async (file) => parseWanted(await readFile(join(folder, file), 'utf8'))),
  );
  const authorities = new Map<string, IssuedAuthority>();
  for (const { secretName } of wanted.filter(({ isCA }) => isCA)) {
    authorities.set(secretName, await makeAuthority({ commonName: secretName }));
  }
  for (const { secretName, usages, issuer, dnsNames, ipAddresses } of wanted.filter(({ isCA }) => !isCA)) {
    const authority = authorities.get(issuer);
    if (authority === undefined) throw new Error(`no authority ${issuer}`);
    const issued = await makeLeaf(authority.authority, {
      commonName: secretName,
      subjectAltNames: { dnsNames, ipAddresses },
      usages: usages.flatMap((usage) => USAGES.get(usage) ?? []),
    });
    const stringData = {
      'tls.crt': issued.certificatePem,
      'tls.key': issued.privateKeyPem,
      'ca.crt': authority.certificatePem,
    };
    const body = { metadata: { name: secretName }, type: 'kubernetes.io/tls', stringData };
    await space.core.createNamespacedSecret({ namespace: space.name, body });
  }
}
