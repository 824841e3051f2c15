import process from 'node:process';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';
import { eventually } from '../../support/eventually.ts';
import { errorTitle, readPodUids } from '../../support/live-cluster.ts';
import { readObjectVersions } from '../../support/objects.ts';
import { parsePlan, planThenDeploy, requirePlan } from '../../support/plan-comparison.ts';
import { makeTestStorage, type TestStorage } from '../../support/storage.ts';
import { openStreamClient } from '../../support/stream-client.ts';
import { installChartCluster, type TakeoverSource } from '../../support/takeover-source.ts';

type Texts = Readonly<Record<string, string>>;

const LARGE = { timeout: '6m' } as const;
const IMAGE = 'nats:2.12.15';
const MISSING = '127.0.0.1:1/nats:2.15.2';
const SYSTEM = 'Secret/nats-system';
const CONFIG = 'Secret/nats-config';
const SET = 'StatefulSet/nats';

type Change = {
  readonly title: string;
  readonly inputs: Texts;
  /** Planned objects that must be in the plan, in the form of `parsePlan`. */
  readonly planned: Texts;
  /** A line that the log must contain. */
  readonly says?: RegExp;
  /** The result for the pods that stay; by default `kept`. */
  readonly pods?: 'replaced';
};

const reload = { [SYSTEM]: 'update objects', [CONFIG]: 'update reload' };
const ofSystem = { [SYSTEM]: 'update objects' };

/** The changes, one after the other, each on top of the earlier ones. */
const CHANGES: readonly Change[] = [
  { title: 'no change', inputs: {}, planned: {}, says: /^nats: nothing would change/m },
  {
    title: 'a network policy',
    inputs: { 'network-policy': 'true' },
    planned: { 'NetworkPolicy/nats': 'create objects' },
  },
  { title: 'no network policy', inputs: { 'network-policy': '' }, planned: { 'NetworkPolicy/nats': 'delete objects' } },
  {
    title: 'a label of a Service',
    inputs: { overrides: 'Service/client: {metadata: {labels: {team: messaging}}}' },
    planned: { 'Service/nats': 'update objects' },
  },
  {
    title: 'a value that equals the default',
    inputs: { overrides: 'Service/client: {spec: {sessionAffinity: None}}' },
    planned: { 'Service/nats': 'update objects' },
  },
  {
    title: 'a named client',
    inputs: { 'client-certificates': 'billing' },
    planned: { 'Secret/tls-nats-client-billing': 'create objects' },
  },
  {
    title: 'another certificate validity',
    inputs: { 'certificate-validity': '80d' },
    planned: ofSystem,
    says: /next-issue/,
  },
  { title: 'a logging flag', inputs: { debug: 'true' }, planned: reload, says: /no client disconnected/ },
  {
    title: 'another key algorithm',
    inputs: { 'key-algorithm': 'ecdsa-p384' },
    planned: { ...reload, 'Secret/tls-nats-server': 'update reload', 'Secret/tls-nats-routes': 'update reload' },
    says: /^certificates: server certificate of nats: is /m,
  },
  {
    title: 'one more name in the certificate',
    inputs: { 'subject-alt-names': 'nats.example.com' },
    planned: { ...reload, 'Secret/tls-nats-server': 'update reload' },
  },
  {
    title: 'a NodePort Service',
    inputs: { 'service-type': 'NodePort' },
    planned: { ...reload, 'Service/nats': 'update objects', 'Secret/tls-nats-server': 'update reload' },
  },
  { title: 'one more user', inputs: { users: '[{user: till, password: of-the-till-1}]' }, planned: reload },
  {
    title: 'no users',
    inputs: { users: '' },
    planned: reload,
    says: /clients of till disconnected, no other client affected/,
  },
  {
    title: 'another client user',
    inputs: { 'client-user': 'shop', 'client-password': '' },
    planned: { ...reload, 'Secret/nats-client': 'update objects' },
    says: /^rotation: rotation of the client user: overlap \(step 3 of 4\)$/m,
  },
  {
    title: 'another route password',
    inputs: { 'route-password': 'of-the-routes-2' },
    planned: reload,
    says: /^rotation: rotation of the route password: trust-both \(step 1 of 4\)$/m,
  },
  { title: 'files', inputs: { files: '{motd.txt: welcome}' }, planned: reload },
  {
    title: 'a configuration',
    inputs: { config: 'ping_max: 3' },
    planned: reload,
    says: /only clients disconnected that config/,
  },
  {
    title: 'a configuration that needs a restart',
    inputs: { config: 'max_subscriptions: 1000' },
    planned: { [CONFIG]: 'update rolling', [SET]: 'update rolling' },
    says: /^configuration: nats-\d accepts it$/m,
    pods: 'replaced',
  },
  {
    title: 'another image, with which no server can check a configuration',
    inputs: { image: 'nats:2.15.2', config: 'max_subscriptions: 2000' },
    planned: { [SET]: 'update rolling' },
    says: /^note: configuration: not checked by a running server, because only a new pod of nats:2\.15\.2 can read it$/m,
    pods: 'replaced',
  },
  {
    title: 'another anti-affinity',
    inputs: { 'anti-affinity': 'preferred' },
    planned: { [SET]: 'update rolling' },
    pods: 'replaced',
  },
  {
    title: 'a resource and a limit together',
    inputs: { resources: '{requests: {cpu: 50m}}', 'max-payload': '64KB' },
    planned: { [SET]: 'update rolling', [CONFIG]: 'update rolling' },
    pods: 'replaced',
  },
  {
    title: 'an immutable field',
    inputs: { overrides: 'StatefulSet/servers: {spec: {podManagementPolicy: OrderedReady}}' },
    planned: { [SET]: 'recreate recreate' },
    says: /^note: StatefulSet\/nats is deleted without its pods and created again, because its podManagementPolicy cannot change/m,
    pods: 'replaced',
  },
  {
    title: 'more servers',
    inputs: { replicas: '4' },
    planned: { 'Service/nats-3': 'create objects', [SET]: 'update scale', [CONFIG]: 'update reload' },
    says: /^servers: start of 1 server: nats-3$/m,
  },
  {
    title: 'fewer servers',
    inputs: { replicas: '2' },
    planned: { 'Service/nats-2': 'delete objects', 'Service/nats-3': 'delete objects', [SET]: 'update scale' },
    says: /^servers: removal of 2 servers: nats-2, nats-3$/m,
  },
];

describe('deploy does what plan announced:', () => {
  let deployment: TestDeployment;
  let so: Texts = {
    image: IMAGE,
    'client-password': 'of-the-clients-1',
    'route-password': 'of-the-routes-1',
    ...LARGE,
  };

  beforeAll(async () => {
    deployment = await makeDeployment('plan-matrix');
    await planThenDeploy(deployment, so);
  });

  afterAll(async () => {
    await deployment.remove();
  });

  test.each(CHANGES)('$title', async ({ inputs, planned, says, pods = 'kept' }) => {
    so = { ...so, ...inputs };
    const carried = await planThenDeploy(deployment, so);
    expect(carried.planned).toMatchObject(planned);
    if (Object.keys(planned).length === 0) expect(carried.planned).toEqual({});
    expect(carried.plan.stdout).toMatch(says ?? /^nats: /m);
    expect(new Set(Object.values(carried.kept))).toEqual(new Set([pods === 'kept']));
  });

  test('no change after a deploy that failed at its first server, which was restored', async () => {
    const missing = { ...so, config: '', image: MISSING, timeout: '90s' };
    expect(errorTitle(await deployment.run(missing))).toMatch(/^ROLLOUT_STALLED/);
    const { planned, plan, kept } = await planThenDeploy(deployment, so);
    expect(planned).toEqual({});
    expect(plan.stdout).toMatch(/^nats: nothing would change/m);
    expect(kept).toEqual({ 'nats-0': true, 'nats-1': true });
  });

  test('a stuck pod, and the objects of a killed deploy', async () => {
    const killer = new AbortController();
    const { exitCode } = await deployment.run(
      { ...so, image: MISSING },
      {
        signal: killer.signal,
        onLine: (line) => line.startsWith('restarting nats-1') && killer.abort('SIGKILL'),
      },
    );
    expect(exitCode).toBe(137);
    const { core, name: namespace } = deployment.space;
    await eventually('nats-1 cannot pull its image', 60, async () => {
      const pod = await core.readNamespacedPod({ name: 'nats-1', namespace }).catch(() => undefined); // Between two pods.
      const reason = pod?.status?.containerStatuses?.[0]?.state?.waiting?.reason ?? '';
      return ['ErrImagePull', 'ImagePullBackOff'].includes(reason) || undefined;
    });
    const plan = await deployment.requireRun({ ...so, command: 'plan' });
    expect(plan.stdout).toMatch(/^servers: replacement of 1 stuck pod at once: nats-1$/m);
    const { kept } = await planThenDeploy(deployment, so);
    expect(kept).toEqual({ 'nats-0': true, 'nats-1': false });
  });

  test('servers that a killed run did not reload', async () => {
    const killer = new AbortController();
    const limited = { ...so, 'max-payload': '128KB' };
    const { exitCode } = await deployment.run(limited, {
      signal: killer.signal,
      onLine: (line) => line.startsWith('applied: ') && killer.abort('SIGKILL'),
    });
    expect(exitCode).toBe(137);
    const plan = await deployment.requireRun({ ...limited, command: 'plan' });
    expect(parsePlan(plan)).toEqual({});
    expect(plan.stdout).toMatch(/^servers: reload of 2 servers, no client disconnected: nats-0, nats-1$/m);
    expect(plan.stdout).toMatch(/^note: another run holds the lock \(/m);
    expect(plan.outputs).toMatchObject({ result: 'planned', changed: 'true' });
    const deployed = await deployment.requireRun(limited);
    expect(deployed.outputs).toMatchObject({ result: 'deployed', changed: 'true' });
    expect(deployed.summary).toContain('Servers reloaded, no client disconnected (2)');
  });
});

test('an image that is kept because input image is not set', async () => {
  const deployment = await makeDeployment('plan-image');
  try {
    await deployment.requireRun({ replicas: '1', image: IMAGE });
    const { stdout, outputs } = await requirePlan(deployment, { replicas: '1' });
    expect(stdout).toMatch(
      /^note: image nats:2\.12\.15 is kept, because input image is not set; new clusters get nats:/m,
    );
    expect(outputs).toMatchObject({ result: 'unchanged' });
  } finally {
    await deployment.remove();
  }
});

describe('a takeover', () => {
  let deployment: TestDeployment;
  let kept: Texts;

  beforeAll(async () => {
    deployment = await makeDeployment('plan-adopt');
    kept = { ...usersOf(await installChartCluster(deployment.space)), 'server-tls-secret': 'web-tls', ...LARGE };
    kept = { ...kept, 'route-tls-secret': 'peer-tls' };
  });

  afterAll(async () => {
    await deployment.remove();
  });

  test('is refused by plan and deploy without `allow: adopt`', async () => {
    const before = await readObjectVersions(deployment);
    expect(errorTitle(await deployment.run({ ...kept, command: 'plan' }))).toBe('CHANGE_FORBIDDEN (ForeignObjects)');
    expect(await readObjectVersions(deployment)).toEqual(before);
  });

  test('takes over the announced objects', async () => {
    const { planned, plan } = await planThenDeploy(deployment, { ...kept, allow: 'adopt' });
    expect(planned).toMatchObject({ 'Service/nats': 'update objects', [SET]: 'recreate recreate' });
    expect(plan.stdout).toMatch(/^note: taking over: objects of Helm \(release nats\) already use the names/m);
    expect(plan.stdout).toMatch(
      /^servers: rolling restart \(mesh verified after each server\) of 3 pods: nats-0, nats-1, nats-2$/m,
    );
  });
});

test('removed servers with streams', async () => {
  const deployment = await makeDeployment('plan-streams');
  let storage: TestStorage | undefined;
  try {
    storage = await makeTestStorage(deployment.space);
    const streams = { jetstream: 'true', 'jetstream-storage': '100Mi', 'jetstream-storage-class': storage.className };
    await planThenDeploy(deployment, { ...streams, ...LARGE });
    const client = await openStreamClient(deployment.space, 'nats-0');
    const stream = { name: 'ORDERS', subjects: ['ORDERS.>'], num_replicas: 3, storage: 'file' };
    expect(await client.ask('STREAM.CREATE.ORDERS', stream)).not.toHaveProperty('error');
    const two = { ...streams, ...LARGE, replicas: '2' };
    expect(errorTitle(await deployment.run({ ...two, command: 'plan' }))).toBe('CHANGE_FORBIDDEN (StreamReplicas)');
    expect(await client.ask('STREAM.UPDATE.ORDERS', { ...stream, num_replicas: 1 })).not.toHaveProperty('error');
    await client.close();
    const { plan } = await eventually('the stream has one replica', 60, async () => {
      const title = errorTitle(await deployment.run({ ...two, command: 'plan' }));
      return title === undefined ? await planThenDeploy(deployment, two) : undefined;
    });
    expect(plan.stdout).toMatch(/^servers: removal of 1 server \(streams move to other servers first\): nats-2$/m);
    expect(Object.keys(await readPodUids(deployment.space)).toSorted()).toEqual(['nats-0', 'nats-1']);
  } finally {
    await storage?.remove();
    await deployment.remove();
  }
});

test('a missing namespace that would be created', async () => {
  const deployment = await makeDeployment('plan-namespace');
  const { core, name } = deployment.space;
  try {
    const inputs = { namespace: `${name}-made`, kubeconfig: process.env['KUBECONFIG'] ?? '', replicas: '1' };
    const plan = (more: Texts) => deployment.run({ ...inputs, ...more, command: 'plan' });
    expect(errorTitle(await plan({}))).toBe('NAMESPACE_MISSING');
    const { outputs, stdout } = await plan({ 'create-namespace': 'true' });
    expect(outputs).toMatchObject({ result: 'planned', changed: 'true', namespace: `${name}-made` });
    expect(stdout).toMatch(/^level: no dry run of the API server, because the namespace does not exist yet$/m);
    const { items } = await core.listNamespace();
    expect(items.map(({ metadata }) => metadata?.name)).not.toContain(`${name}-made`);
  } finally {
    await deployment.remove();
  }
});

function usersOf({ client, route }: TakeoverSource): Texts {
  return {
    'client-user': client.user,
    'client-password': client.password,
    'route-user': route.user,
    'route-password': route.password,
  };
}
