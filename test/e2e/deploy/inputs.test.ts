import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { NetworkingV1Api, type V1Pod } from '@kubernetes/client-node';
import { parse } from 'yaml';
import { type ActionError, hasCode } from '../../../src/errors/action-error.ts';
import { inputTable } from '../../../src/inputs/inputs.ts';
import { parseInputs } from '../../../src/inputs/parse.ts';
import type { ActionResult } from '../../support/action.ts';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';
import {
  completeMesh,
  errorTitle,
  readPodUids,
  readSecret,
  readSecretCertificate,
  readServerVariables,
  routesOf,
} from '../../support/live-cluster.ts';
import { MERGE } from '../../support/objects.ts';
import { createPullSecret, PULL_SECRET } from '../../support/pull-secret.ts';
import { reachServers } from '../../support/server-reach.ts';
import { makeAuthority, makeLeaf } from '../../unit/support/issuance.ts';
import { CONFIGURATIONS } from './configuration-options.ts';
import { OPERATOR_MODE } from './operator-options.ts';
import { OPTIONS } from './options.ts';

const DAY_MS = 86_400_000;
const CLIENT_PASSWORD = `c'"$\\ {}#é 1`;
const ROUTE_PASSWORD = 'r/@:%?#&= é';

/** One deployment with every input different from its default; two servers, so that the route credentials are used. */
const GIVEN = {
  command: 'deploy',
  name: 'orders',
  replicas: '2',
  image: 'nats:2.12.15',
  'image-pull-secrets': PULL_SECRET,
  'anti-affinity': 'preferred',
  resources: '{requests: {cpu: 11m, memory: 33Mi}, limits: {memory: 100Mi}}',
  'client-user': 'shop',
  'client-password': CLIENT_PASSWORD,
  'route-user': 'peer',
  'route-password': ROUTE_PASSWORD,
  debug: 'true',
  trace: 'true',
  logtime: 'false',
  'max-connections': '123',
  'max-control-line': '1234',
  'max-payload': '64KB',
  'write-deadline': '7s',
  'key-algorithm': 'ecdsa-p384',
  'certificate-validity': '20d',
  'ca-validity': '40d',
  'renew-before': '5d',
  'subject-alt-names': 'nats.example.com, 10.9.8.7',
  'client-verify': 'verify',
  'client-certificates': 'billing\nstock',
} as const;

type Seen = {
  readonly deployment: TestDeployment;
  readonly first: ActionResult;
  readonly pod: V1Pod;
  readonly configuration: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly log: string;
  readonly server: X509Certificate;
  readonly authority: X509Certificate;
};

async function look(deployment: TestDeployment, first: ActionResult): Promise<Seen> {
  const { space } = deployment;
  const own = { name: 'orders-0', namespace: space.name };
  const [pod, texts, variables, log, server, authority] = await Promise.all([
    space.core.readNamespacedPod(own),
    readSecret(space, 'orders-config'),
    readServerVariables(space, 'orders-0'),
    space.core.readNamespacedPodLog(own),
    readSecretCertificate(space, 'tls-orders-server', 'tls.crt'),
    readSecretCertificate(space, 'tls-orders-server', 'ca.crt'),
  ]);
  return { deployment, first, pod, configuration: texts['nats.conf'] ?? '', variables, log, server, authority };
}

/** A second deployment of one server, under another name in the same namespace. */
const SMALL = { name: 'small', replicas: '1' } as const;

type Case = readonly [input: string, shows: (seen: Seen) => unknown];

/** The cases that show the effect of each input in the cluster or in the run; each fails when the input is ignored. */
const WORKS: readonly Case[] = [
  ['command', ({ first }) => expect(first.outputs).toMatchObject({ result: 'deployed', changed: 'true' })],
  ['kubeconfig', kubeconfigWorks],
  ['context', contextWorks],
  ['expected-cluster', expectedClusterWorks],
  ['namespace', namespaceWorks],
  ['create-namespace', createNamespaceWorks],
  [
    'name',
    ({ first, variables }) =>
      expect([first.outputs['client-secret'], nameIn(variables)]).toEqual(['orders-client', 'orders']),
  ],
  ['replicas', ({ first }) => expect(routesOf(first)).toEqual(completeMesh(2, 'orders'))],
  ['image', imageWorks],
  ['image-pull-secrets', ({ pod }) => expect(pod.spec?.imagePullSecrets).toEqual([{ name: PULL_SECRET }])],
  [
    'anti-affinity',
    ({ pod }) => {
      const {
        preferredDuringSchedulingIgnoredDuringExecution: preferred,
        requiredDuringSchedulingIgnoredDuringExecution,
      } = pod.spec?.affinity?.podAntiAffinity ?? {};
      expect(preferred).toHaveLength(1);
      expect(requiredDuringSchedulingIgnoredDuringExecution ?? []).toEqual([]);
    },
  ],
  [
    'resources',
    ({ pod }) =>
      expect(pod.spec?.containers[0]?.resources).toEqual({
        requests: { cpu: '11m', memory: '33Mi' },
        limits: { memory: '100Mi' },
      }),
  ],
  ['security-context', securityContextWorks],
  ['network-policy', networkPolicyWorks],
  ['client-user', async (seen) => expect((await client(seen))['username']).toBe('shop')],
  ['client-password', async (seen) => expect((await client(seen))['password']).toBe(CLIENT_PASSWORD)],
  ['route-user', ({ configuration }) => expect(configuration).toContain('tls://peer:')],
  [
    'route-password',
    ({ configuration }) => expect(configuration).toContain(`:${encodeURIComponent(ROUTE_PASSWORD)}@orders-1.`),
  ],
  ['debug', ({ log }) => expect(log).toContain('[DBG]')],
  ['trace', ({ log }) => expect(log).toContain('[TRC]')],
  ['logtime', ({ log }) => expect(log).not.toMatch(/\d\d:\d\d:\d\d\.\d+ \[INF\]/)],
  ['max-connections', ({ variables }) => expect(variables['max_connections']).toBe(123)],
  ['max-control-line', ({ variables }) => expect(variables['max_control_line']).toBe(1234)],
  ['max-payload', ({ variables }) => expect(variables['max_payload']).toBe(65_536)],
  ['write-deadline', ({ variables }) => expect(variables['write_deadline']).toBe(7e9)],
  ['key-algorithm', ({ server }) => expect(server.publicKey.asymmetricKeyDetails?.namedCurve).toBe('secp384r1')],
  ['certificate-validity', ({ server }) => expect(daysOf(server)).toBe(20)],
  ['ca-validity', ({ authority }) => expect(daysOf(authority)).toBe(40)],
  [
    'subject-alt-names',
    ({ server }) => {
      expect(server.checkHost('nats.example.com')).toBe('nats.example.com');
      expect(server.checkIP('10.9.8.7')).toBe('10.9.8.7');
    },
  ],
  ['ca-overlap', caOverlapWorks],
  ['ca-certificate', caCertificateWorks],
  ['ca-private-key', caPrivateKeyWorks],
  ['client-verify', ({ variables }) => expect(variables['tls_verify']).toBe(true)],
  ['client-certificates', clientCertificatesWorks],
  ['server-tls-secret', async (seen) => await userSecretWorks(seen, 'server-tls-secret', 4222)],
  ['route-tls-secret', async (seen) => await userSecretWorks(seen, 'route-tls-secret', 6222)],
  ['rotate-targets', rotateTargetsWorks],
  ['force', forceWorks],
  ['allow', allowWorks],
  ['timeout', timeoutWorks],
  ['rollback-on-failure', rollbackWorks],
  ['smoke-test', smokeTestWorks],
  ['summary', summaryWorks],
  ['renew-before', renewBeforeWorks],
];

/** A text that each input refuses. */
const REFUSED: readonly (readonly [input: string, text: string])[] = [
  ['command', 'deply'],
  ['kubeconfig', 'clusters: ['],
  ['context', 'a\nb'],
  ['expected-cluster', 'ftp://a'],
  ['namespace', 'My_Space'],
  ['create-namespace', 'yes'],
  ['name', '12-nats'],
  ['replicas', '0'],
  ['image', 'https://ghcr.io/a/b:1'],
  ['image-pull-secrets', 'my_secret'],
  ['anti-affinity', 'requird'],
  ['resources', '{requests: {mem: 1}}'],
  ['service-type', 'Loadbalancer'],
  ['security-context', 'none'],
  ['network-policy', 'restricted'],
  ['metrics', 'prometheus'],
  ['overrides', 'StatefulSet/servers: {kind: Deployment}'],
  ['jetstream', 'file'],
  ['jetstream-storage', '10'],
  ['jetstream-storage-class', 'Fast SSD!'],
  ['jetstream-memory', '1GB'],
  ['client-user', 'a:b'],
  ['client-password', 'a\nb'],
  ['route-user', 'a:b'],
  ['route-password', 'a\nb'],
  ['users', '[{user: a, password: 1}]'],
  ['system-credentials', '-----BEGIN NATS USER JWT-----'],
  ['config', 'accounts {'],
  ['config-file', 'a\nb'],
  ['debug', '1'],
  ['trace', 'on'],
  ['logtime', 'flase'],
  ['max-connections', '3'],
  ['max-control-line', '511'],
  ['max-payload', '1GB'],
  ['write-deadline', '2'],
  ['key-algorithm', 'rsa-1024'],
  ['certificate-validity', '1m'],
  ['ca-validity', 'forever'],
  ['renew-before', '0d'],
  ['subject-alt-names', '*'],
  ['ca-overlap', '1y'],
  ['ca-certificate', '-----BEGIN CERTIFICATE-----'],
  ['ca-private-key', '-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----'],
  ['client-verify', 'required'],
  ['client-certificates', 'billing, Stock'],
  ['server-tls-secret', 'my_secret'],
  ['route-tls-secret', '-tls'],
  ['files', 'nats.conf: ""'],
  ['rotate-targets', 'certificates, clients'],
  ['force', 'yes'],
  ['allow', 'everything'],
  ['timeout', '1s'],
  ['rollback-on-failure', 'always'],
  ['smoke-test', 'echo a\0b'],
  ['summary', 'no'],
  ['ttl', 'a while'],
  ['keep', 'main, a\u0000b'],
  ['all-namespaces', 'yes'],
  ['output-directory', 'a\nb'],
  ['render-format', 'kustomise'],
];

/** Inputs of commands with tests of their own, by the test file with a case that fails when the input is ignored. */
const OF_OTHER_COMMANDS: Readonly<Record<string, string>> = {
  ttl: 'prune/prune.test.ts',
  keep: 'prune/prune.test.ts',
  'all-namespaces': 'prune/prune.test.ts',
  'output-directory': 'render/kustomize.test.ts',
  'render-format': 'render/kustomize.test.ts',
};

const INPUTS = inputTable.map(({ name }) => name).toSorted();

describe('every input', () => {
  test('has a test of its effect', () => {
    const elsewhere = [...OPTIONS, ...CONFIGURATIONS, ...OPERATOR_MODE].flatMap(({ inputs }) => inputs);
    const shown = [...WORKS.map(([input]) => input), ...elsewhere, ...Object.keys(OF_OTHER_COMMANDS)];
    expect(shown.toSorted()).toEqual(INPUTS);
  });

  test.each(Object.entries(OF_OTHER_COMMANDS))('%s has its test in %s', async (input, path) => {
    const text = await readFile(join(import.meta.dirname, '..', path), 'utf8');
    expect(text).toMatch(new RegExp(`\\b${input}'?: `));
  });

  test('has a test of a value that it refuses', () => {
    expect(REFUSED.map(([input]) => input).toSorted()).toEqual(INPUTS);
  });

  test.each(REFUSED)('%s refuses %j', (input, text) => {
    expect(refusal(input, text).details.violations).toMatchObject([{ input }]);
  });

  describe('of deploy', () => {
    let deployment: TestDeployment;
    let seen: Seen;

    beforeAll(async () => {
      deployment = await makeDeployment('inputs');
      await createPullSecret(deployment.space);
      seen = await look(deployment, await deployment.requireRun(GIVEN));
    });

    afterAll(async () => {
      await deployment.remove();
    });

    test.each(WORKS)('%s takes effect', async (_, shows) => {
      await shows(seen);
    });
  });
});

/** Checks that the policy exists with the input, and is deleted without it. */
async function networkPolicyWorks({ deployment }: Seen): Promise<void> {
  const guarded = { ...SMALL, name: 'guarded' };
  const { space } = deployment;
  const policies = async (): Promise<readonly string[]> => {
    const { items } = await space.config.makeApiClient(NetworkingV1Api).listNamespacedNetworkPolicy({
      namespace: space.name,
    });
    return items.map(({ metadata }) => metadata?.name ?? '');
  };
  await deployment.requireRun({ ...guarded, 'network-policy': 'true' });
  expect(await policies()).toEqual(['guarded']);
  const again = await deployment.requireRun(guarded);
  expect([await policies(), again.outputs['changed']]).toEqual([[], 'true']);
}

/** Parses the text for a command that accepts the input, so that only the text can be invalid. */
function refusal(input: string, text: string): ActionError<'INPUT_INVALID'> {
  const [command = ''] = inputTable.find(({ name }) => name === input)?.commands ?? [];
  try {
    const needed: readonly (readonly [string, string])[] = command === 'render' ? [['output-directory', 'deploy']] : [];
    parseInputs(new Map([['command', command], ...needed]).set(input, text));
  } catch (error) {
    if (hasCode(error, 'INPUT_INVALID')) {
      return error;
    }
    throw error;
  }
  throw new Error(`${input} took ${JSON.stringify(text)}`);
}

function nameIn(variables: Seen['variables']): unknown {
  const cluster: unknown = variables['cluster'];
  return typeof cluster === 'object' && cluster !== null && 'name' in cluster ? cluster.name : undefined;
}

/** Returns the whole days for which a certificate is valid; it begins five minutes early. */
function daysOf({ validFromDate, validToDate }: X509Certificate): number {
  return Math.round((validToDate.getTime() - validFromDate.getTime()) / DAY_MS);
}

async function client({ deployment }: Seen): Promise<Readonly<Record<string, string>>> {
  return await readSecret(deployment.space, 'orders-client');
}

/** Checks that the image and the passwords stay unchanged in a later run without these inputs. */
async function imageWorks({ deployment, variables }: Seen): Promise<void> {
  expect(variables['version']).toBe('2.12.15');
  const { image: _, 'client-password': __, 'route-password': ___, ...rest } = GIVEN;
  const { outputs } = await deployment.requireRun(rest);
  expect(outputs).toMatchObject({ result: 'unchanged', changed: 'false' });
}

async function kubeconfigWorks({ deployment }: Seen): Promise<void> {
  const content = await readFile(deployment.kubeconfig, 'utf8');
  const { outputs } = await deployment.requireRun({ ...SMALL, kubeconfig: Buffer.from(content).toString('base64') });
  expect(outputs['namespace']).toBe(deployment.space.name);
  expect(errorTitle(await deployment.run({ ...SMALL, kubeconfig: '/absent/kubeconfig' }))).toMatch(/^INPUT_INVALID/);
}

/**
 * Writes a kubeconfig whose current context leads to no cluster and to another namespace; "embedded" leads to the
 * cluster.
 */
async function twoContexts({ deployment }: Seen, namespace: string): Promise<string> {
  const config: { clusters: unknown[]; contexts: { name: string; context: object }[] } = parse(
    await readFile(deployment.kubeconfig, 'utf8'),
  );
  const [own] = config.contexts;
  return JSON.stringify({
    ...config,
    clusters: [...config.clusters, { name: 'nowhere', cluster: { server: 'https://127.0.0.1:1' } }],
    contexts: [
      { name: 'embedded', context: { ...own?.context, namespace } },
      { name: 'nowhere', context: { ...own?.context, cluster: 'nowhere' } },
    ],
    'current-context': 'nowhere',
  });
}

async function contextWorks(seen: Seen): Promise<void> {
  const { deployment } = seen;
  const kubeconfig = await twoContexts(seen, deployment.space.name);
  await deployment.requireRun({ ...SMALL, kubeconfig, context: 'embedded' });
  const current = await deployment.run({ ...SMALL, kubeconfig, timeout: '10s' });
  expect(errorTitle(current)).toMatch(/^(CLUSTER_UNREACHABLE|WAIT_TIMEOUT)/);
}

async function expectedClusterWorks({ deployment }: Seen): Promise<void> {
  const server = deployment.space.config.getCurrentCluster()?.server ?? '';
  await deployment.requireRun({ ...SMALL, 'expected-cluster': server });
  const other = await deployment.run({ ...SMALL, 'expected-cluster': 'https://production.example.com' });
  expect(errorTitle(other)).toBe('CLUSTER_MISMATCH');
}

async function namespaceWorks(seen: Seen): Promise<void> {
  const { run, space } = seen.deployment;
  const kubeconfig = await twoContexts(seen, 'kube-public');
  const { outputs } = await run({ ...SMALL, kubeconfig, context: 'embedded', namespace: space.name });
  expect(outputs).toMatchObject({ namespace: space.name, 'ready-replicas': '1' });
}

/** Creates a namespace as the administrator, because the published Role is in a namespace that exists. */
async function createNamespaceWorks({ deployment }: Seen): Promise<void> {
  const { core, name } = deployment.space;
  const inputs = { ...SMALL, namespace: `${name}-made`, kubeconfig: process.env['KUBECONFIG'] ?? '' };
  expect(errorTitle(await deployment.run(inputs))).toBe('NAMESPACE_MISSING');
  try {
    const { outputs } = await deployment.requireRun({ ...inputs, 'create-namespace': 'true' });
    expect(outputs).toMatchObject({ namespace: `${name}-made`, result: 'deployed' });
  } finally {
    await core.deleteNamespace({ name: `${name}-made` });
  }
}

/**
 * Checks that the kubelet refuses to run the image as root. With `platform`, the platform has to set the user ids,
 * which this cluster does not do, and the nats images do not name a user.
 */
async function securityContextWorks({ deployment, pod }: Seen): Promise<void> {
  expect(pod.spec?.securityContext).toMatchObject({ runAsUser: 1000, runAsGroup: 1000, fsGroup: 1000 });
  const result = await deployment.run({ name: 'ids', replicas: '1', 'security-context': 'platform' });
  expect(errorTitle(result)).toBe('ROLLOUT_STALLED (CreateContainerConfigError)');
  const { spec } = await deployment.space.core.readNamespacedPod({ name: 'ids-0', namespace: deployment.space.name });
  expect(spec?.securityContext).toEqual({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
}

/** Checks the timeout with a pod that stays Pending, because no node has a thousand cores. */
async function timeoutWorks({ deployment }: Seen): Promise<void> {
  // An unreachable registry counts as permanent only once the kubelet backs off, which is later than this timeout.
  const image = '127.0.0.1:1/nats:2.15.2';
  const result = await deployment.run({ name: 'large', replicas: '1', image, timeout: '10s' });
  expect([errorTitle(result), result.outputs['result']]).toEqual(['WAIT_TIMEOUT', 'failed']);
}

/** Checks the rollback with an image from an address on which no process listens. */
async function rollbackWorks({ deployment }: Seen): Promise<void> {
  const inputs = { ...SMALL, name: 'back' };
  await deployment.requireRun(inputs);
  const failing = { ...inputs, image: '127.0.0.1:1/nats:2.15.2', 'rollback-on-failure': 'true' };
  const failed = await deployment.run(failing);
  expect(errorTitle(failed)).toBe('ROLLOUT_STALLED (RegistryUnreachable)');
  expect(failed.stdout).toContain('rolled back to the last verified state and verified again');
  expect((await readServerVariables(deployment.space, 'back-0'))['version']).toBe('2.15.2');
  expect((await deployment.requireRun(inputs)).outputs).toMatchObject({ result: 'unchanged' });
}

/** Checks that the input has an effect; test/e2e/deploy/smoke-test.test.ts has the complete tests. */
async function smokeTestWorks({ deployment }: Seen): Promise<void> {
  const smoked = await deployment.requireRun({ ...SMALL, 'smoke-test': 'echo "of $NATS_USER"' });
  expect(smoked.stdout).toMatch(/^of nats_client_user$/m);
  expect(errorTitle(await deployment.run({ ...SMALL, 'smoke-test': 'exit 3' }))).toBe('SMOKE_TEST_FAILED (ExitCode)');
}

async function summaryWorks({ deployment, first }: Seen): Promise<void> {
  expect(first.summary).toContain('`orders`');
  expect((await deployment.requireRun({ ...SMALL, summary: 'false' })).summary).toBe('');
}

/**
 * Checks that a higher `renew-before` makes certificates due that are valid for twenty more days. The servers load the
 * new certificates without a restart.
 */
async function renewBeforeWorks({ deployment, first, server }: Seen): Promise<void> {
  const { outputs: before } = first;
  const lead = Date.parse(before['certificate-not-after'] ?? '') - Date.parse(before['renewal-due'] ?? '');
  expect(lead).toBe(5 * DAY_MS);
  const uids = await readPodUids(deployment.space);
  const { outputs } = await deployment.requireRun({ ...GIVEN, 'certificate-validity': '30d', 'renew-before': '21d' });
  expect(outputs).toMatchObject({ result: 'deployed' });
  const renewed = await readSecretCertificate(deployment.space, 'tls-orders-server', 'tls.crt');
  expect(daysOf(renewed)).toBe(30);
  expect(renewed.fingerprint256).not.toBe(server.fingerprint256);
  expect(await readPodUids(deployment.space)).toEqual(uids);
}

const ROTATION = { command: 'rotate', name: SMALL.name, force: 'true' } as const;

/** Checks that a rotation waits for clients, and continues when `ca-overlap` becomes zero. */
async function caOverlapWorks({ deployment }: Seen): Promise<void> {
  await deployment.requireRun(SMALL);
  const rotation = { ...ROTATION, 'rotate-targets': 'ca' };
  const { outputs } = await deployment.requireRun({ ...rotation, 'ca-overlap': '3h' });
  expect(outputs).toMatchObject({ result: 'rotating', 'rotation-phase': 'overlap' });
  const hours = (Date.parse(outputs['renewal-due'] ?? '') - Date.now()) / 3_600_000;
  expect(Math.round(hours)).toBe(3);
  const { outputs: ended } = await deployment.requireRun({ ...rotation, 'ca-overlap': '0s', force: 'false' });
  expect(ended).toMatchObject({ result: 'rotated', 'rotation-phase': 'idle' });
}

async function makeUserCa() {
  const { certificatePem, privateKeyPem } = await makeAuthority({ commonName: 'given authority' });
  return { 'ca-certificate': certificatePem, 'ca-private-key': privateKeyPem };
}

async function caCertificateWorks({ deployment }: Seen): Promise<void> {
  const given = await makeUserCa();
  const { outputs } = await deployment.requireRun({ ...SMALL, name: 'given', ...given });
  expect(outputs['ca-bundle']).toBe(given['ca-certificate']);
  const leaf = await readSecretCertificate(deployment.space, 'tls-given-server', 'tls.crt');
  expect(leaf.verify(new X509Certificate(given['ca-certificate']).publicKey)).toBe(true);
}

async function caPrivateKeyWorks({ deployment }: Seen): Promise<void> {
  const [given, other] = await Promise.all([makeUserCa(), makeUserCa()]);
  const result = await deployment.run({ ...SMALL, name: 'keyed', ...given, 'ca-private-key': other['ca-private-key'] });
  expect(errorTitle(result)).toMatch(/^PKI_INVALID/);
  await deployment.requireRun({ ...SMALL, name: 'keyed', ...given });
  const texts = await readSecret(deployment.space, 'keyed-authorities');
  expect(Object.keys(texts)).not.toContain('client-ca.key');
}

async function clientCertificatesWorks({ deployment }: Seen): Promise<void> {
  const names = ['billing', 'stock'];
  const subjects = names.map(
    async (name) => (await readSecretCertificate(deployment.space, `tls-orders-client-${name}`, 'tls.crt')).subject,
  );
  expect(await Promise.all(subjects)).toEqual(['CN=billing', 'CN=stock']);
}

/** Checks that the server presents the certificate in the Secret. */
async function userSecretWorks({ deployment }: Seen, input: string, port: 4222 | 6222): Promise<void> {
  const { core, name: namespace } = deployment.space;
  const name = input.replace('-tls-secret', '');
  const authority = await makeAuthority();
  const dnsNames = [name, `${name}-0`].map((host) => `${host}.${namespace}.svc`);
  const subjectAltNames = { dnsNames, ipAddresses: [] };
  const leaf = await makeLeaf(authority.authority, { commonName: name, subjectAltNames });
  const stringData = {
    'tls.crt': leaf.certificatePem,
    'tls.key': leaf.privateKeyPem,
    'ca.crt': authority.certificatePem,
  };
  const body = { metadata: { name: `own-${name}` }, type: 'kubernetes.io/tls', stringData };
  await core.createNamespacedSecret({ namespace, body });
  await deployment.requireRun({ ...SMALL, name, [input]: `own-${name}` });
  const reach = reachServers(deployment.space);
  try {
    const presented = await reach.presented(`${name}-0`, port);
    expect(presented.fingerprint256.replaceAll(':', '').toLowerCase()).toBe(leaf.leaf.fingerprint256);
  } finally {
    await reach.close();
  }
}

/** Reads the certificates of the small deployment for comparison. */
async function smallCertificates({ space }: TestDeployment): Promise<{ readonly leaf: string; readonly ca: string }> {
  const [leaf, ca] = await Promise.all(
    ['tls.crt', 'ca.crt'].map(async (key) => await readSecretCertificate(space, 'tls-small-server', key)),
  );
  return { leaf: leaf?.serialNumber ?? '', ca: ca?.serialNumber ?? '' };
}

async function rotateTargetsWorks({ deployment }: Seen): Promise<void> {
  await deployment.requireRun(SMALL);
  const before = await smallCertificates(deployment);
  await deployment.requireRun({ ...ROTATION, 'rotate-targets': 'certificates' });
  const after = await smallCertificates(deployment);
  expect(after.ca).toBe(before.ca);
  expect(after.leaf).not.toBe(before.leaf);
}

async function forceWorks({ deployment }: Seen): Promise<void> {
  await deployment.requireRun(SMALL);
  const rotation = { ...ROTATION, 'rotate-targets': 'certificates' };
  const { outputs: undue } = await deployment.requireRun({ ...rotation, force: 'false' });
  expect(undue).toMatchObject({ result: 'unchanged', changed: 'false' });
  const { outputs: forced } = await deployment.requireRun(rotation);
  expect(forced).toMatchObject({ result: 'rotated', changed: 'true' });
}

/** Checks an opt-in for a change that locks out clients without a certificate. */
async function allowWorks({ deployment }: Seen): Promise<void> {
  await deployment.requireRun({ ...SMALL, name: 'allowed' });
  const asking = { ...SMALL, name: 'allowed', 'client-verify': 'verify' };
  expect(errorTitle(await deployment.run(asking))).toBe('CHANGE_FORBIDDEN (CutsOffClients)');
  const { outputs } = await deployment.requireRun({ ...asking, allow: 'outage' });
  expect(outputs).toMatchObject({ result: 'deployed', changed: 'true' });
  await conflictsAreTaken(deployment, asking);
}

async function conflictsAreTaken(
  { space, run, requireRun }: TestDeployment,
  inputs: Readonly<Record<string, string>>,
): Promise<void> {
  const ref = { name: 'allowed', namespace: space.name };
  const label = { metadata: { labels: { 'app.kubernetes.io/name': 'mine' } } };
  await space.core.patchNamespacedService({ ...ref, body: label, fieldManager: 'kubectl-edit' }, MERGE);
  expect(errorTitle(await run(inputs))).toBe('APPLY_CONFLICT (FieldManagerConflict)');
  const { outputs } = await requireRun({ ...inputs, allow: 'conflicts' });
  expect(outputs).toMatchObject({ result: 'deployed', changed: 'true' });
  const { metadata } = await space.core.readNamespacedService(ref);
  expect(metadata?.labels?.['app.kubernetes.io/name']).not.toBe('mine');
  expect((await requireRun(inputs)).outputs).toMatchObject({ result: 'unchanged' });
}
