import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ExtendedKeyUsage } from '../../../src/pki/extensions.ts';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';
import { expectFailure, expectNoSecret } from '../../support/failure.ts';
import { completeMesh, readPodUids, routesOf } from '../../support/live-cluster.ts';
import { readObjectVersions } from '../../support/objects.ts';
import { reachServers, type ServerReach } from '../../support/server-reach.ts';
import {
  DAY_MS,
  type IssuedAuthority,
  type IssuedLeaf,
  makeAuthority,
  makeLeaf,
  NOW,
} from '../../unit/support/issuance.ts';

const [SERVER, ROUTE] = ['web-tls', 'peer-tls'];
const INPUTS = { replicas: '2', 'server-tls-secret': SERVER, 'route-tls-secret': ROUTE };

describe('user-provided TLS Secrets, as cert-manager writes them,', () => {
  let deployment: TestDeployment;
  let reach: ServerReach;
  let clients: IssuedAuthority;
  let routes: IssuedAuthority;

  beforeAll(async () => {
    deployment = await makeDeployment('adopted');
    reach = reachServers(deployment.space);
    [clients, routes] = await Promise.all([
      makeAuthority({ commonName: 'somebody for clients' }),
      makeAuthority({ commonName: 'somebody for routes' }),
    ]);
  });

  afterAll(async () => {
    await reach.close();
    await deployment.remove();
  });

  const hostsOf = (name: string): readonly string[] =>
    ['', '-0', '-1'].map((ordinal) => `${name}${ordinal}.${deployment.space.name}.svc`);
  const serverLeaf = async (dnsNames = hostsOf('nats'), notAfter = new Date(NOW.getTime() + 90 * DAY_MS)) =>
    await makeLeaf(clients.authority, {
      commonName: '',
      subjectAltNames: { dnsNames, ipAddresses: [] },
      usages: ['serverAuth'],
      notBefore: new Date(NOW.getTime() - 2 * DAY_MS),
      notAfter,
    });
  const routeLeaf = async (usages: readonly ExtendedKeyUsage[] = ['serverAuth', 'clientAuth'], name = 'nats') =>
    await makeLeaf(routes.authority, {
      commonName: '',
      subjectAltNames: { dnsNames: hostsOf(name).slice(1), ipAddresses: [] },
      usages,
    });

  /** Reads the content of the Secret, and the fields of its metadata that change with every write. */
  const stateOf = async (...names: readonly string[]): Promise<unknown> =>
    await Promise.all(
      names.map(async (name) => {
        const { data, metadata } = await deployment.space.core.readNamespacedSecret({
          name,
          namespace: deployment.space.name,
        });
        return { data, managedFields: metadata?.managedFields, resourceVersion: metadata?.resourceVersion };
      }),
    );

  const put = async (name: string, texts: Readonly<Record<string, string>>): Promise<void> => {
    const { core, name: namespace } = deployment.space;
    const data = Object.fromEntries(
      Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString('base64')]),
    );
    const body = { metadata: { name }, type: 'Opaque', data };
    const { items } = await core.listNamespacedSecret({ namespace, fieldSelector: `metadata.name=${name}` });
    await (items.length === 0
      ? core.createNamespacedSecret({ namespace, body })
      : core.replaceNamespacedSecret({ name, namespace, body }));
  };

  describe('of a new NATS cluster', () => {
    let server: IssuedLeaf;
    let route: IssuedLeaf;
    let owned: unknown;

    beforeAll(async () => {
      [server, route] = await Promise.all([serverLeaf(), routeLeaf()]);
      await put(SERVER, layout(server, clients));
      await put(ROUTE, layout(route, routes));
      owned = await stateOf(SERVER, ROUTE);
    });

    test('are presented by the servers to clients and to each other, in a complete mesh', async () => {
      const result = await deployment.requireRun(INPUTS);
      expect(routesOf(result)).toEqual(completeMesh(2));
      expect(result.outputs).toMatchObject({ result: 'deployed', 'ca-bundle': clients.certificatePem });
      expect(result.outputs['certificate-not-after']).toBe(earlier(server, route));
      expect(await presented(reach, ['nats-0', 'nats-1'])).toEqual([pair(server, route), pair(server, route)]);
      expectNoSecret(result, [server, route].map(keyLine));
    });

    test('are never written, and the action keeps no CA for them', async () => {
      expect(await stateOf(SERVER, ROUTE)).toEqual(owned);
      const { core, name: namespace } = deployment.space;
      const { data } = await core.readNamespacedSecret({ name: 'nats-authorities', namespace });
      expect(Object.keys(data ?? {})).toEqual([]);
      const { items } = await core.listNamespacedSecret({ namespace });
      expect(items.map(({ metadata }) => metadata?.name)).not.toContain('tls-nats-server');
    });

    test('change nothing in a second deploy, and verify succeeds', async () => {
      expect((await deployment.requireRun(INPUTS)).outputs).toMatchObject({ result: 'unchanged', changed: 'false' });
      expect((await deployment.requireRun({ command: 'verify' })).outputs).toMatchObject({ result: 'verified' });
    });

    test('make verify fail after a renewal by their owner, until a deploy loads them without a restart', async () => {
      const uids = await readPodUids(deployment.space);
      [server, route] = await Promise.all([serverLeaf(), routeLeaf()]);
      await put(SERVER, layout(server, clients));
      await put(ROUTE, layout(route, routes));
      const renewed = await stateOf(SERVER, ROUTE);
      expect(expectFailure(await deployment.run({ command: 'verify' })).title).toMatch(/^DRIFT/);

      const result = await deployment.requireRun(INPUTS);
      expect(result.outputs).toMatchObject({ result: 'deployed', changed: 'true' });
      expect(await presented(reach, ['nats-0', 'nats-1'])).toEqual([pair(server, route), pair(server, route)]);
      expect(await readPodUids(deployment.space)).toEqual(uids);
      expect(await stateOf(SERVER, ROUTE)).toEqual(renewed);
      expect((await deployment.requireRun({ command: 'verify' })).outputs).toMatchObject({ result: 'verified' });
    });

    test('are refused if they are invalid, and the servers keep their certificates', async () => {
      const before = await presented(reach, ['nats-1']);
      await put(ROUTE, layout(await routeLeaf(['serverAuth']), routes));
      expect(expectFailure(await deployment.run(INPUTS)).title).toBe('PKI_INVALID (UsagesDiffer)');
      expect(await presented(reach, ['nats-1'])).toEqual(before);
      await put(ROUTE, layout(route, routes));
    });

    test.each([
      ['server-tls-secret', { ...INPUTS, 'server-tls-secret': '' }],
      ['server-tls-secret', { ...INPUTS, 'server-tls-secret': 'another' }],
      ['route-tls-secret', { ...INPUTS, 'route-tls-secret': '' }],
    ])('cannot be dropped or exchanged: %s', async (input, inputs) => {
      const before = await readObjectVersions(deployment);
      const { title, text } = expectFailure(await deployment.run(inputs));
      expect(title).toBe('CHANGE_FORBIDDEN (CertificateSourceInUse)');
      expect(text).toContain(`Keep \`${input}\` as it is`);
      expect(await readObjectVersions(deployment)).toEqual(before);
    });

    test('are refused for a running NATS cluster with certificates of the action', async () => {
      const own = { name: 'own', replicas: '1' };
      await deployment.requireRun(own);
      const before = await readObjectVersions(deployment);
      const { title } = expectFailure(await deployment.run({ ...own, 'route-tls-secret': ROUTE }));
      expect(title).toBe('CHANGE_FORBIDDEN (CertificateSourceInUse)');
      expect(await readObjectVersions(deployment)).toEqual(before);
    });
  });

  describe('are refused before anything is written', () => {
    const name = 'picky';
    type Bad = readonly [
      situation: string,
      reason: string,
      message: RegExp,
      texts: () => Promise<Record<string, string>>,
    ];

    const routeCases: readonly Bad[] = [
      ['without ca.crt', 'Missing', /ca\.crt is missing/, async () => without(await routeGood(), 'ca.crt')],
      ['without tls.key', 'Missing', /tls\.key is missing/, async () => without(await routeGood(), 'tls.key')],
      [
        'lacking clientAuth',
        'UsagesDiffer',
        /tls\.crt does not allow clientAuth/,
        async () => layout(await routeLeaf(['serverAuth'], name), routes),
      ],
      [
        'with the names of another deployment',
        'NamesDiffer',
        /tls\.crt does not name picky-0\./,
        async () => layout(await routeLeaf(), routes),
      ],
      [
        'with the key of another certificate',
        'KeyMismatch',
        /tls\.key the key is not that of/,
        async () => ({ ...(await routeGood()), 'tls.key': (await routeLeaf()).privateKeyPem }),
      ],
      [
        'of another CA than their ca.crt',
        'UnknownAuthority',
        /tls\.crt does not chain to/,
        async () => layout(await routeLeaf(undefined, name), clients),
      ],
      ['that are no PEM', 'Unreadable', /tls\.crt/, async () => ({ ...(await routeGood()), 'tls.crt': 'nonsense' })],
    ];
    const routeGood = async () => layout(await routeLeaf(undefined, name), routes);

    test.each(routeCases)('%s: %s', async (_, reason, message, texts) => {
      const given = await texts();
      await put('bad-tls', given);
      await expectRefused({ 'route-tls-secret': 'bad-tls' }, `PKI_INVALID (${reason})`, message, given['tls.key']);
    });

    test('if they have expired', async () => {
      const expired = await serverLeaf(hostsOf(name), new Date(NOW.getTime() - DAY_MS));
      await put('bad-tls', layout(expired, clients));
      await expectRefused({ 'server-tls-secret': 'bad-tls' }, 'PKI_INVALID (Expired)', /tls\.crt expired at/);
    });

    test('if they are missing', async () => {
      await expectRefused(
        { 'server-tls-secret': 'absent' },
        'PKI_INVALID (SecretMissing)',
        /Secret .*\/absent cannot be used: it does not exist/,
      );
    });

    const expectRefused = async (
      inputs: Readonly<Record<string, string>>,
      title: string,
      message: RegExp,
      key?: string,
    ): Promise<void> => {
      const before = await readObjectVersions(deployment);
      const result = await deployment.run({ name, replicas: '2', ...inputs });
      const annotation = expectFailure(result);
      expect(annotation).toEqual({ title, text: expect.stringMatching(message) });
      expect(annotation.text).toContain('this action never writes');
      expect(await readObjectVersions(deployment)).toEqual(before);
      expectNoSecret(result, key === undefined ? [] : [key.split('\n')[1] ?? '']);
    };
  });
});

function layout(leaf: IssuedLeaf, authority: IssuedAuthority): Record<string, string> {
  return { 'tls.crt': leaf.certificatePem, 'tls.key': leaf.privateKeyPem, 'ca.crt': authority.certificatePem };
}

function without(texts: Record<string, string>, key: string): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).filter(([name]) => name !== key));
}

function keyLine({ privateKeyPem }: IssuedLeaf): string {
  return privateKeyPem.split('\n')[1] ?? '';
}

function earlier(...leaves: readonly IssuedLeaf[]): string {
  return new Date(Math.min(...leaves.map(({ leaf }) => leaf.notAfter.getTime()))).toISOString();
}

type Pair = { readonly client: string; readonly route: string };

function pair(server: IssuedLeaf, route: IssuedLeaf): Pair {
  return { client: server.leaf.fingerprint256, route: route.leaf.fingerprint256 };
}

async function presented(reach: ServerReach, pods: readonly string[]): Promise<readonly Pair[]> {
  const fingerprint = async (pod: string, port: 4222 | 6222): Promise<string> =>
    (await reach.presented(pod, port)).fingerprint256.replaceAll(':', '').toLowerCase();
  return await Promise.all(
    pods.map(async (pod) => ({ client: await fingerprint(pod, 4222), route: await fingerprint(pod, 6222) })),
  );
}
