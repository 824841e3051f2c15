import type { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { V1Pod } from '@kubernetes/client-node';
import { parse } from 'yaml';
import { type ActionError, hasCode } from '../../../src/errors.ts';
import { parseInputs } from '../../../src/inputs/parse.ts';
import { inputTable } from '../../../src/inputs/table.ts';
import type { ActionResult } from '../../support/action.ts';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';
import {
  completeMesh,
  errorTitle,
  podUids,
  routesOf,
  secretCertificate,
  secretTexts,
  serverVariables,
} from '../../support/live-cluster.ts';

const DAY_MS = 86_400_000;
const CLIENT_PASSWORD = `c'"$\\ {}#é 1`;
const ROUTE_PASSWORD = 'r/@:%?#&= é';

/** One deployment with every input away from its default; two servers, so that the route credentials are used. */
const GIVEN = {
  command: 'deploy',
  name: 'orders',
  replicas: '2',
  image: 'nats:2.12.15',
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
    secretTexts(space, 'orders-config'),
    serverVariables(space, 'orders-0'),
    space.core.readNamespacedPodLog(own),
    secretCertificate(space, 'tls-orders-server', 'tls.crt'),
    secretCertificate(space, 'tls-orders-server', 'ca.crt'),
  ]);
  return { deployment, first, pod, configuration: texts['nats.conf'] ?? '', variables, log, server, authority };
}

/** One server by another name in the same namespace. */
const SMALL = { name: 'small', replicas: '1' } as const;

type Case = readonly [input: string, shows: (seen: Seen) => unknown];

/** What of each input is to be seen in the cluster or in the run; each fails when the input is ignored. */
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
  ['timeout', timeoutWorks],
  ['summary', summaryWorks],
  ['renew-before', renewBeforeWorks],
];

/** A text each input refuses. */
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
  ['anti-affinity', 'requird'],
  ['resources', '{requests: {mem: 1}}'],
  ['security-context', 'none'],
  ['client-user', 'a:b'],
  ['client-password', 'a\nb'],
  ['route-user', 'a:b'],
  ['route-password', 'a\nb'],
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
  ['timeout', '1s'],
  ['summary', 'no'],
];

const INPUTS = inputTable.map(({ name }) => name).toSorted();

describe('every input', () => {
  test('has a case that shows its effect', () => {
    expect(WORKS.map(([input]) => input).toSorted()).toEqual(INPUTS);
  });

  test('has a text that it refuses', () => {
    expect(REFUSED.map(([input]) => input).toSorted()).toEqual(INPUTS);
  });

  test.each(REFUSED)('%s refuses %j', (input, text) => {
    expect(refusal(input, text).details.violations).toMatchObject([{ input }]);
  });

  describe('of a deployment', () => {
    let deployment: TestDeployment;
    let seen: Seen;

    beforeAll(async () => {
      deployment = await makeDeployment('inputs');
      seen = await look(deployment, await deployment.requireRun(GIVEN));
    });

    afterAll(async () => {
      await deployment.remove();
    });

    test.each(WORKS)('%s has its effect', async (_, shows) => {
      await shows(seen);
    });
  });
});

function refusal(input: string, text: string): ActionError<'INPUT_INVALID'> {
  try {
    parseInputs(new Map([[input, text]]));
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

/** Whole days a certificate is valid; it begins five minutes early. */
function daysOf({ validFromDate, validToDate }: X509Certificate): number {
  return Math.round((validToDate.getTime() - validFromDate.getTime()) / DAY_MS);
}

async function client({ deployment }: Seen): Promise<Readonly<Record<string, string>>> {
  return await secretTexts(deployment.space, 'orders-client');
}

/** Absent later, the image and the passwords stay what they are. */
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

/** The current context leads nowhere and to another namespace; "embedded" leads to the cluster. */
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

/** The published Role lies in a namespace that exists, so this one is the administrator's. */
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

/** No platform sets the ids here, and no nats image names a user, so the kubelet refuses to run it as root. */
async function securityContextWorks({ deployment, pod }: Seen): Promise<void> {
  expect(pod.spec?.securityContext).toMatchObject({ runAsUser: 1000, runAsGroup: 1000, fsGroup: 1000 });
  const result = await deployment.run({ name: 'ids', replicas: '1', 'security-context': 'platform' });
  expect(errorTitle(result)).toBe('ROLLOUT_STALLED (CreateContainerConfigError)');
  const { spec } = await deployment.space.core.readNamespacedPod({ name: 'ids-0', namespace: deployment.space.name });
  expect(spec?.securityContext).toEqual({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
}

/** No node has a thousand cores, so the pod stays Pending. */
async function timeoutWorks({ deployment }: Seen): Promise<void> {
  const resources = '{requests: {cpu: 1000}}';
  const result = await deployment.run({ name: 'large', replicas: '1', resources, timeout: '10s' });
  expect([errorTitle(result), result.outputs['result']]).toEqual(['WAIT_TIMEOUT', 'failed']);
}

async function summaryWorks({ deployment, first }: Seen): Promise<void> {
  expect(first.summary).toContain('`orders`');
  expect((await deployment.requireRun({ ...SMALL, summary: 'false' })).summary).toBe('');
}

/** With fifteen days more, the certificates that had twenty are due; the servers take the new ones without a restart. */
async function renewBeforeWorks({ deployment, first, server }: Seen): Promise<void> {
  const { outputs: before } = first;
  const lead = Date.parse(before['cert-not-after'] ?? '') - Date.parse(before['renewal-due'] ?? '');
  expect(lead).toBe(5 * DAY_MS);
  const uids = await podUids(deployment.space);
  const { outputs } = await deployment.requireRun({ ...GIVEN, 'certificate-validity': '30d', 'renew-before': '21d' });
  expect(outputs).toMatchObject({ result: 'deployed' });
  const renewed = await secretCertificate(deployment.space, 'tls-orders-server', 'tls.crt');
  expect(daysOf(renewed)).toBe(30);
  expect(renewed.fingerprint256).not.toBe(server.fingerprint256);
  expect(await podUids(deployment.space)).toEqual(uids);
}
