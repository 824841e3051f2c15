import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { INPUT_RULES } from '../../../src/change/input-change.ts';
import { watchAbsence } from '../../support/absence.ts';
import { PODS } from '../../support/cluster-load.ts';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';
import { EXPORTER_OVERRIDE } from '../../support/exporter.ts';
import { errorTitle, readPodUids } from '../../support/live-cluster.ts';
import { readObjectVersions } from '../../support/objects.ts';
import { createPullSecret, PULL_SECRET } from '../../support/pull-secret.ts';
import { makeRotationScene, type RotationScene } from '../../support/rotation-scene.ts';
import { makeTestStorage, type TestStorage } from '../../support/storage.ts';
import { findLostMessages, openStreamClient, type StreamClient, startStreamLoad } from '../../support/stream-client.ts';

type Texts = Readonly<Record<string, string>>;
type Change = readonly [input: string, value: string, also?: Texts];

/** The name of the user, and of its certificate. */
const CLIENT = 'apps';
const PASSWORDS = { 'client-password': 'of-the-clients-1', 'route-password': 'of-the-routes-1' };

/** The changes, one after the other, each on top of the earlier ones. */
const UNTOUCHED = [
  ['objects', 'network-policy', 'true'],
  ['objects', 'overrides', 'Service/client: {metadata: {labels: {team: messaging}}}'],
  ['objects', 'client-certificates', 'billing'],
  ['next-issue', 'certificate-validity', '80d'],
  ['next-issue', 'ca-validity', '1000d'],
  ['next-issue', 'renew-before', '20d'],
  ['next-issue', 'ca-overlap', '5d'],
  ['reload', 'debug', 'true'],
  ['reload', 'trace', 'true'],
  ['reload', 'logtime', 'false'],
  ['reload', 'max-connections', '5000'],
  ['reload', 'max-control-line', '8KiB'],
  ['reload', 'max-payload', '2MiB'],
  ['reload', 'write-deadline', '7s'],
  ['reload', 'key-algorithm', 'ecdsa-p384'],
  ['reload', 'subject-alt-names', 'nats.example.com'],
  ['reload', 'service-type', 'NodePort'],
] as const;

describe('under load, a change', () => {
  let scene: RotationScene;
  let so: Texts = PASSWORDS;

  beforeAll(async () => {
    scene = await makeRotationScene(PASSWORDS);
  });

  afterAll(async () => {
    await scene.remove();
  });

  test.each(UNTOUCHED)('is %s for %s: %s, and keeps servers, routes and clients', async (kind, input, value) => {
    so = { ...so, [input]: value };
    const { stdout } = await scene.run({ result: 'deployed' }, so);
    const changes = stdout.split('\n').filter((line) => line.startsWith('change: '));
    expect(changes).toEqual([expect.stringContaining(`change: ${input}: `)]);
    expect(changes[0]).toContain(`(${kind}: `);
  });

  test.each([
    ['users', '[{user: till, password: of-the-till-1}]'],
    ['files', 'planted.txt: more'],
    ['config', 'accounts { SHOP { users: [ {user: clerk, password: "of-the-clerk-1"} ] } }'],
  ])('is a reload for %s, which no object shows, and keeps servers, routes and clients', async (input, value) => {
    so = { ...so, [input]: value };
    await scene.run({ result: 'deployed' }, so);
  });

  test('is reload for client-user, and clients of the old user stay connected until the overlap ends', async () => {
    so = { ...so, 'client-user': 'shop' };
    const { credentials } = await scene.client();
    const { stdout } = await scene.run({ result: 'deployed', 'rotation-phase': 'overlap' }, so);
    expect(stdout).toMatch(/^change: client-user: .*\(reload: /m);
    expect((await scene.client()).credentials.user).toBe('shop');
    expect(await scene.clients()).toEqual(['accepted', 'accepted', 'accepted']);
    expect(await scene.clients({ credentials })).toEqual(['accepted', 'accepted', 'accepted']);
  });

  test('loses no message and disconnects no client', async () => {
    expect((await scene.load.stop()).trouble).toEqual([]);
  });

  // nats-server closes a route whose URL is removed, and the user is in it (`routesOption.Apply`, `reload.go`).
  test('is reload for route-user: every route reconnects, and no client is disconnected', async () => {
    const load = await scene.startLoad();
    so = { ...so, 'route-user': 'peers', allow: 'outage' };
    const { stdout } = await scene.run({}, so, { load, renewsRoutes: true });
    expect(stdout).toMatch(/^change: route-user: .*\(reload: /m);
    const { trouble } = await load.stop();
    expect(trouble.filter((line) => !line.endsWith(', 0 twice, 0 disconnects'))).toEqual([]);
  });
});

const ROLLING: readonly Change[] = [
  ['resources', '{requests: {cpu: 50m, memory: 64Mi}}'],
  ['image-pull-secrets', PULL_SECRET],
  ['anti-affinity', 'preferred'],
  [
    'security-context',
    'platform',
    {
      overrides: 'StatefulSet/servers: {spec: {template: {spec: {securityContext: {runAsUser: 1000, fsGroup: 1000}}}}}',
    },
  ],
  [
    'overrides',
    'StatefulSet/servers: {spec: {template: {metadata: {labels: {team: messaging}}}}}',
    { 'security-context': 'restricted' },
  ],
  ['metrics', 'true', { overrides: EXPORTER_OVERRIDE }],
  ['client-verify', 'verify-and-map', { allow: 'outage' }],
  ['image', 'nats:2.15.2'],
];
const FORBIDDEN: readonly Change[] = [
  ['replicas', '1'],
  ['image', 'nats:2.10.29'],
  ['jetstream', 'false', { 'jetstream-storage': '', 'jetstream-storage-class': '', 'jetstream-memory': '' }],
  ['jetstream-storage', '200Mi'],
  ['jetstream-storage-class', 'another'],
  ['jetstream-memory', '0'],
  ['server-tls-secret', 'of-somebody', { 'client-verify': 'none', 'client-certificates': '' }],
  ['route-tls-secret', 'of-somebody'],
];

describe('with a stream under load, a change', () => {
  let deployment: TestDeployment;
  let storage: TestStorage;
  let so: Texts = {};

  beforeAll(async () => {
    deployment = await makeDeployment('live-changes');
    await createPullSecret(deployment.space);
    storage = await makeTestStorage(deployment.space);
    so = {
      image: 'nats:2.12.15',
      'client-user': CLIENT,
      'client-certificates': CLIENT,
      jetstream: 'true',
      'jetstream-storage': '100Mi',
      'jetstream-storage-class': storage.className,
      'jetstream-memory': '1Mi',
    };
    await deployment.requireRun(so);
    const client = await application('nats-0');
    const stream = { name: 'ORDERS', subjects: ['ORDERS.>'], num_replicas: 3, storage: 'file' };
    expect(await client.ask('STREAM.CREATE.ORDERS', stream)).not.toHaveProperty('error');
    await client.close();
  });

  afterAll(async () => {
    await storage.remove();
    await deployment.remove();
  });

  /** Opens a client that always presents a certificate. If its server is unavailable, it connects to another one. */
  async function application(pod: string): Promise<StreamClient> {
    const others = PODS.filter((other) => other !== pod);
    return await openStreamClient(deployment.space, pod, { others, certificateOf: CLIENT });
  }

  test.each(ROLLING)(
    'is rolling for %s: %s, one server at a time, and loses no message',
    async (input, value, also = {}) => {
      const { space, requireRun } = deployment;
      const before = Object.values(await readPodUids(space));
      const publisher = await application('nats-2');
      const load = startStreamLoad(publisher, 'ORDERS.new');
      const absence = watchAbsence(space, PODS.length);
      so = { ...so, ...also, [input]: value };
      try {
        const { stdout } = await requireRun(so);
        expect(stdout).toMatch(new RegExp(`^change: ${input}: .*\\(rolling: `, 'm'));
      } finally {
        await load.stop();
        await publisher.close();
        expect(await absence.stop()).toBe(1);
      }
      expect(Object.values(await readPodUids(space)).filter((uid) => before.includes(uid))).toEqual([]);
      const reader = await application('nats-1');
      expect(load.acknowledged.size).toBeGreaterThan(100);
      expect(await findLostMessages(reader, 'ORDERS', load.acknowledged)).toEqual([]);
      await reader.close();
    },
  );

  test.each(FORBIDDEN)('is forbidden for %s: %s, and nothing is changed', async (input, value, also = {}) => {
    const { run } = deployment;
    const before = await readObjectVersions(deployment);
    expect(errorTitle(await run({ ...so, ...also, [input]: value }))).toMatch(/^CHANGE_FORBIDDEN/);
    expect(await readObjectVersions(deployment)).toEqual(before);
  });

  test.each([
    ['reload', 'jetstream-memory', '2Mi'],
    ['scale', 'replicas', '5'],
  ] as const)('is %s for %s: %s, and no server restarts', async (kind, input, value) => {
    const { space, requireRun } = deployment;
    const before = await readPodUids(space);
    const client = await application('nats-0');
    const load = startStreamLoad(client, 'ORDERS.new');
    so = { ...so, [input]: value };
    try {
      expect((await requireRun(so)).stdout).toContain(`(${kind}: `);
    } finally {
      await load.stop();
    }
    expect(await readPodUids(space)).toMatchObject(before);
    expect(load.refused).toEqual([]);
    expect(await findLostMessages(client, 'ORDERS', load.acknowledged)).toEqual([]);
    await client.close();
  });
});

/** The inputs with tests of their own, above. */
const ALONE = ['client-user', 'route-user'];

test('these tests change every input that is stored in the cluster', () => {
  const shown = [...UNTOUCHED.map(([, input]) => input), ...[...ROLLING, ...FORBIDDEN].map(([input]) => input)];
  expect([...new Set([...shown, ...ALONE])].toSorted()).toEqual(Object.keys(INPUT_RULES).toSorted());
});
