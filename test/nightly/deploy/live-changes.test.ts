import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { INPUT_RULES } from '../../../src/change/input-change.ts';
import { makeDeployment, resourceVersions, type TestDeployment } from '../../support/deployment.ts';
import { errorTitle, podUids } from '../../support/live-cluster.ts';
import { makeRotationScene, type RotationScene } from '../../support/rotation-scene.ts';
import { type TestStorage, testStorage } from '../../support/storage.ts';
import { lostMessages, startStreamLoad, streamClient } from '../../support/stream-client.ts';

type Texts = Readonly<Record<string, string>>;
type Change = readonly [input: string, value: string, also?: Texts];

const PASSWORDS = { 'client-password': 'of-the-clients-1', 'route-password': 'of-the-routes-1' };

/** One after the other, each on top of those before it. */
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

describe('under load, what changes', () => {
  let scene: RotationScene;
  let so: Texts = PASSWORDS;

  beforeAll(async () => {
    scene = await makeRotationScene(PASSWORDS);
  });

  afterAll(async () => {
    await scene.remove();
  });

  test.each(UNTOUCHED)(
    'is %s by %s: %s, and leaves servers, routes and clients as they are',
    async (kind, input, value) => {
      so = { ...so, [input]: value };
      const { stdout } = await scene.run({ result: 'deployed' }, so);
      const changes = stdout.split('\n').filter((line) => line.startsWith('change: '));
      expect(changes).toEqual([expect.stringContaining(`change: ${input}: `)]);
      expect(changes[0]).toContain(`(${kind}: `);
    },
  );

  test('lost no message and disconnected nobody', async () => {
    expect((await scene.load.stop()).trouble).toEqual([]);
  });
});

const ROLLING: readonly Change[] = [
  ['resources', '{requests: {cpu: 50m, memory: 64Mi}}'],
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
  ['image', 'nats:2.15.2'],
];
const FORBIDDEN: readonly Change[] = [
  ['replicas', '1'],
  ['image', 'nats:2.10.29'],
  ['jetstream', 'false', { 'jetstream-storage': '', 'jetstream-storage-class': '', 'jetstream-memory': '' }],
  ['jetstream-storage', '200Mi'],
  ['jetstream-storage-class', 'another'],
  ['jetstream-memory', '0'],
  ['server-tls-secret', 'of-somebody'],
  ['route-tls-secret', 'of-somebody'],
];

describe('with a stream under load, what changes', () => {
  let deployment: TestDeployment;
  let storage: TestStorage;
  let so: Texts = {};

  beforeAll(async () => {
    deployment = await makeDeployment('live-changes');
    storage = await testStorage(deployment.space);
    so = {
      image: 'nats:2.12.15',
      jetstream: 'true',
      'jetstream-storage': '100Mi',
      'jetstream-storage-class': storage.className,
      'jetstream-memory': '1Mi',
    };
    await deployment.requireRun(so);
    const client = await streamClient(deployment.space, 'nats-0');
    const stream = { name: 'ORDERS', subjects: ['ORDERS.>'], num_replicas: 3, storage: 'file' };
    expect(await client.ask('STREAM.CREATE.ORDERS', stream)).not.toHaveProperty('error');
    await client.close();
  });

  afterAll(async () => {
    await storage.remove();
    await deployment.remove();
  });

  test.each(ROLLING)('is rolling by %s: %s, and loses no message', async (input, value, also = {}) => {
    const { space, requireRun } = deployment;
    const before = Object.values(await podUids(space));
    const publisher = await streamClient(space, 'nats-0');
    const load = startStreamLoad(publisher, 'ORDERS.new');
    so = { ...so, ...also, [input]: value };
    try {
      const { stdout } = await requireRun(so);
      expect(stdout).toMatch(new RegExp(`^change: ${input}: .*\\(rolling: `, 'm'));
    } finally {
      await load.stop();
      await publisher.close();
    }
    expect(Object.values(await podUids(space)).filter((uid) => before.includes(uid))).toEqual([]);
    const reader = await streamClient(space, 'nats-1');
    expect(load.acknowledged.size).toBeGreaterThan(100);
    expect(await lostMessages(reader, 'ORDERS', load.acknowledged)).toEqual([]);
    await reader.close();
  });

  test.each(FORBIDDEN)('is forbidden by %s: %s, and nothing is touched', async (input, value, also = {}) => {
    const { run } = deployment;
    const before = await resourceVersions(deployment);
    expect(errorTitle(await run({ ...so, ...also, [input]: value }))).toMatch(/^CHANGE_FORBIDDEN/);
    expect(await resourceVersions(deployment)).toEqual(before);
  });

  test.each([
    ['reload', 'jetstream-memory', '2Mi'],
    ['scale', 'replicas', '5'],
  ] as const)('is %s by %s: %s, and no server restarts', async (kind, input, value) => {
    const { space, requireRun } = deployment;
    const before = await podUids(space);
    const client = await streamClient(space, 'nats-0');
    const load = startStreamLoad(client, 'ORDERS.new');
    so = { ...so, [input]: value };
    try {
      expect((await requireRun(so)).stdout).toContain(`(${kind}: `);
    } finally {
      await load.stop();
    }
    expect(await podUids(space)).toMatchObject(before);
    expect(load.refused).toEqual([]);
    expect(await lostMessages(client, 'ORDERS', load.acknowledged)).toEqual([]);
    await client.close();
  });
});

/** Shown elsewhere: those whose consequence takes a test of its own. */
const ELSEWHERE = ['client-user', 'client-verify', 'route-user', 'metrics'];

test('every input that a deployment keeps is among these changes', () => {
  const shown = [...UNTOUCHED.map(([, input]) => input), ...[...ROLLING, ...FORBIDDEN].map(([input]) => input)];
  expect([...new Set([...shown, ...ELSEWHERE])].toSorted()).toEqual(Object.keys(INPUT_RULES).toSorted());
});
