import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connectServer, type ServerConnection } from '../../../src/servers/connection.ts';
import { recordCase } from '../../faults/cases.ts';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';
import { eventually } from '../../support/eventually.ts';
import { errorTitle, readPodUids, readSecret } from '../../support/live-cluster.ts';
import { MERGE } from '../../support/objects.ts';
import { reachServers } from '../../support/server-reach.ts';
import { makeTestStorage, type TestStorage } from '../../support/storage.ts';
import { openStreamClient } from '../../support/stream-client.ts';

type Texts = Readonly<Record<string, string>>;

const SHOP = 'accounts { SHOP { users: [ { user: till, password: "till-password-1" } ] } }';
const HR = `accounts { HR {
  jetstream { max_mem: 512MB, max_file: 500MB, max_streams: 10, max_consumers: 100 }
  users: [ { user: hr, password: "hr-password-1" } ]
} }`;

/** Returns inputs with volumes, so that streams outlive their servers. */
async function withStreams(
  deployment: TestDeployment,
): Promise<{ readonly storage: TestStorage; readonly given: Texts }> {
  const storage = await makeTestStorage(deployment.space);
  const given = {
    jetstream: 'true',
    'jetstream-storage': '100Mi',
    'jetstream-storage-class': storage.className,
  };
  return { storage, given };
}

async function restart({ space }: TestDeployment, pod: string): Promise<void> {
  const before = await readPodUids(space);
  await space.core.deleteNamespacedPod({ name: pod, namespace: space.name });
  await eventually(`${pod} back`, 120, async () => {
    const { items } = await space.core.listNamespacedPod({ namespace: space.name });
    const found = items.find(({ metadata }) => metadata?.name === pod && metadata.uid !== before[pod]);
    return found?.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') || undefined;
  });
}

/** Deploys three servers, and creates the stream KEEP with a replica on each server, stored in files. */
async function deployWithStream(deployment: TestDeployment, given: Texts): Promise<void> {
  await deployment.requireRun(given);
  const client = await openStreamClient(deployment.space, 'nats-0');
  const stream = { name: 'KEEP', subjects: ['KEEP'], num_replicas: 3, storage: 'file' };
  expect(await client.ask('STREAM.CREATE.KEEP', stream)).not.toHaveProperty('error');
  await client.close();
}

/**
 * Checks the common result of each law after a failed step: every server is unchanged, and stays so after a restart.
 */
async function expectUntouched(deployment: TestDeployment, given: Texts, uids: Texts): Promise<void> {
  expect(await readPodUids(deployment.space)).toEqual(uids);
  await deployment.requireRun({ command: 'verify' });
  expect((await deployment.requireRun(given)).outputs).toMatchObject({ result: 'unchanged', changed: 'false' });
}

describe('a change of accounts that would delete streams', () => {
  let deployment: TestDeployment;
  let storage: TestStorage;
  let given: Texts;

  beforeAll(async () => {
    deployment = await makeDeployment('account-streams');
    ({ storage, given } = await withStreams(deployment));
    await deployWithStream(deployment, given);
  });

  afterAll(async () => {
    await storage.remove();
    await deployment.remove();
  });

  test.each(['plan', 'deploy'])(
    'is refused by %s with the account and the stream, and nothing is changed',
    async (command) => {
      const uids = await readPodUids(deployment.space);
      const result = await deployment.run({ ...given, command, config: SHOP });
      expect(errorTitle(result)).toBe('CHANGE_FORBIDDEN (StreamsLost)');
      expect(result.stdout).toContain('account $G holds streams ($G/KEEP)');
      expect(result.stdout).toContain('no other account');
      const title = '2: accounts are added while the client user has streams';
      if (command === 'deploy') await recordCase({ slug: '02-a-accounts', title }, result, deployment);
      await expectUntouched(deployment, given, uids);
    },
  );

  test('is applied by a rolling restart after the streams are deleted, and reverted by another', async () => {
    const client = await openStreamClient(deployment.space, 'nats-0');
    expect(await client.ask('STREAM.DELETE.KEEP')).not.toHaveProperty('error');
    await client.close();
    const before = await readPodUids(deployment.space);
    const changed = await deployment.requireRun({ ...given, config: SHOP });
    expect(changed.stdout).toContain('restarting nats-2 (');
    const between = await readPodUids(deployment.space);
    expect(Object.keys(before).filter((pod) => before[pod] === between[pod])).toEqual([]);
    await restart(deployment, 'nats-1');
    await deployment.requireRun({ command: 'verify' });
    await deployment.requireRun(given);
    const again = await openStreamClient(deployment.space, 'nats-0');
    expect(
      await again.ask('STREAM.CREATE.LATER', { name: 'LATER', subjects: ['LATER'], num_replicas: 3 }),
    ).not.toHaveProperty('error');
    await again.close();
  });
});

describe('servers that started without JetStream for $G', () => {
  let deployment: TestDeployment;
  let storage: TestStorage;
  let given: Texts;

  beforeAll(async () => {
    deployment = await makeDeployment('healed');
    ({ storage, given } = await withStreams(deployment));
    await deployWithStream(deployment, given);
  });

  afterAll(async () => {
    await storage.remove();
    await deployment.remove();
  });

  test('are restarted one after the other by the next run, because a reload cannot enable it', async () => {
    const { core, name: namespace } = deployment.space;
    const { 'nats.conf': text = '' } = await readSecret(deployment.space, 'nats-config');
    const edited = text.replace(/^accounts:? \{/m, 'accounts { SHOP { users: [ { user: till, password: "t" } ] },');
    expect(edited).not.toBe(text);
    const data = { 'nats.conf': Buffer.from(edited).toString('base64') };
    await core.patchNamespacedSecret({ name: 'nats-config', namespace, body: { data } }, MERGE);
    for (const name of ['nats-1', 'nats-2']) await core.deleteNamespacedPod({ name, namespace });
    await eventually('two servers without the streams of $G', 120, async () => {
      const { items } = await core.listNamespacedPod({ namespace });
      const states = items.map(({ status }) => status?.conditions?.find(({ type }) => type === 'Ready')?.status);
      const isUp = items.length === 3 && items.every(({ status }) => status?.containerStatuses?.[0]?.state?.running);
      return (isUp && states.filter((state) => state === 'True').length === 1) || undefined;
    });
    const before = await readPodUids(deployment.space);
    const healed = await deployment.requireRun({ ...given, allow: 'conflicts' });
    const { stdout } = healed;
    expect(stdout).toMatch(/running, not Ready yet: JetStream stream '\$G > KEEP' is not current/);
    expect(stdout).toMatch(
      /^restarting nats-1, because a reload cannot repair it[^]*^restarting nats-2, because a reload/m,
    );
    expect((await readPodUids(deployment.space))['nats-0']).toBe(before['nats-0']);
    await deployment.requireRun({ command: 'verify' });
    const publicCase = {
      title: '2: servers started without JetStream for the client user',
      line: /^restarting nats-1/,
    };
    await recordCase({ slug: '02-b-healed', ...publicCase }, healed, deployment);
  });
});

describe('accounts that reserve more than a single server has', () => {
  let deployment: TestDeployment;
  let storage: TestStorage;
  let given: Texts;

  beforeAll(async () => {
    deployment = await makeDeployment('account-limits');
    ({ storage, given } = await withStreams(deployment));
    given = { ...given, replicas: '1' };
    await deployment.requireRun(given);
  });

  afterAll(async () => {
    await storage.remove();
    await deployment.remove();
  });

  test('are refused with the numbers, and nothing is changed', async () => {
    const uids = await readPodUids(deployment.space);
    const result = await deployment.run({ ...given, config: HR });
    expect(errorTitle(result)).toMatch(/^INPUT_INVALID/);
    expect(result.stdout).toContain(
      'accounts reserve 536870912 bytes of JetStream memory (HR), and the one server has 0',
    );
    await expectUntouched(deployment, given, uids);
    const title = '1b: an account reserves more memory than the one server has';
    await recordCase({ slug: '01-b-one-server', title }, result, deployment);
  });
});

describe('a change that fails on the first server', () => {
  let deployment: TestDeployment;

  beforeAll(async () => {
    deployment = await makeDeployment('first-server');
    await deployment.requireRun();
  });

  afterAll(async () => {
    await deployment.remove();
  });

  /** The change is a reload, and only a client can see that it is wrong. */
  test('is reverted by a restart if the server ends every handshake and cannot be reloaded', async () => {
    const before = await readPodUids(deployment.space);
    const result = await deployment.run({ config: 'tls { timeout: 0.0001 }' });
    expect(errorTitle(result)).toMatch(/^ROLLOUT_STALLED/);
    expect(result.stdout).toMatch(/nats-0 was the first server with the change, and failed/);
    expect(result.stdout).toContain('nats-0 was restored, no other server was touched');
    const after = await readPodUids(deployment.space);
    expect([after['nats-1'], after['nats-2']]).toEqual([before['nats-1'], before['nats-2']]);
    await expectUntouched(deployment, {}, after);
    await restart(deployment, 'nats-1');
    await deployment.requireRun({ command: 'verify' });
  });

  /** `nats-server -t` accepts it, and a start refuses it (`validateOptions`). */
  test('is reverted if the server does not start, and the other servers never restart', async () => {
    const before = await readPodUids(deployment.space);
    const result = await deployment.run({ config: 'max_pending: 1024' });
    expect(errorTitle(result)).toMatch(/^ROLLOUT_STALLED/);
    expect(result.stdout).toContain('cannot be higher than max_pending');
    expect(result.stdout).toContain('nats-2 was restored, no other server was touched');
    const after = await readPodUids(deployment.space);
    expect([after['nats-0'], after['nats-1']]).toEqual([before['nats-0'], before['nats-1']]);
    await expectUntouched(deployment, {}, after);
  });
});

/** Holds `count` connections of the application to a server. */
async function holdConnections({ space }: TestDeployment, pod: string, count: number) {
  const reach = reachServers(space);
  const { username: user = '', password = '', 'ca.crt': trust = '' } = await readSecret(space, 'nats-client');
  const held: ServerConnection[] = [];
  for (let index = 0; index < count; index += 1) {
    const opened = await connectServer({
      dial: async () => await reach.dial(pod, 4222),
      serverName: `${pod}.${space.name}.svc`,
      trust,
      user,
      password,
      signal: new AbortController().signal,
      timeoutMs: 10_000,
    });
    if (!opened.ok) throw new Error(`connection ${index}: ${opened.failure.message}`);
    held.push(opened.value);
  }
  return {
    close: async () => {
      await Promise.all(held.map(async (connection) => await connection.close()));
      await reach.close();
    },
  };
}

describe('servers at their max-connections', () => {
  let deployment: TestDeployment;
  const LIMITED = { replicas: '1', 'max-connections': '4', timeout: '60s' };

  beforeAll(async () => {
    deployment = await makeDeployment('max-connections');
    await deployment.requireRun(LIMITED);
  });

  afterAll(async () => {
    await deployment.remove();
  });

  test('are named by verify, and get a higher limit by a restart, because a reload cannot reach them', async () => {
    const clients = await holdConnections(deployment, 'nats-0', 4);
    try {
      const verified = await deployment.run({ command: 'verify' });
      expect(verified.stdout).toContain(
        "nats-0: ready, the server takes no connection: -ERR 'maximum connections exceeded'",
      );
      const raised = await deployment.requireRun({ ...LIMITED, 'max-connections': '100' });
      expect(raised.stdout).toContain('restarting nats-0, because a reload cannot repair it');
      const full = '5: a server is at its max-connections';
      await recordCase({ slug: '05-a-verify', title: `${full}; verify` }, verified, deployment);
      const publicCase = { title: `${full}; deploy with a higher limit`, line: /^restarting nats-0/ };
      await recordCase({ slug: '05-b-raised', ...publicCase }, raised, deployment);
    } finally {
      await clients.close();
    }
    await deployment.requireRun({ command: 'verify' });
  });

  test('cannot get a limit below their connections: plan and deploy refuse it with the numbers', async () => {
    const clients = await holdConnections(deployment, 'nats-0', 10);
    try {
      const limits = { ...LIMITED, 'max-connections': '12' };
      for (const command of ['plan', 'deploy']) {
        const result = await deployment.run({ ...limits, command });
        expect(errorTitle(result)).toBe('CHANGE_FORBIDDEN (ConnectionsExceeded)');
        expect(result.stdout).toContain(
          'max-connections is 12, but nats-0 has 10 connections, and its verification needs 3 more',
        );
        expect(result.stdout).toContain('Set `max-connections` to 13 or more');
        const title = 'A3: max-connections is set below the number of connections';
        if (command === 'deploy') await recordCase({ slug: 'a3-b-connections', title }, result, deployment);
      }
      await deployment.requireRun({ command: 'verify' });
    } finally {
      await clients.close();
    }
  });
});

describe('a change that a release cannot reload, although it should,', () => {
  let deployment: TestDeployment;
  const GIVEN = { replicas: '2', image: 'nats:2.10.29', jetstream: 'true', 'jetstream-storage': '0' };

  beforeAll(async () => {
    deployment = await makeDeployment('raised-memory');
    await deployment.requireRun({ ...GIVEN, 'jetstream-memory': '1Mi' });
  });

  afterAll(async () => {
    await deployment.remove();
  });

  test('is applied by a rolling restart, as the plan says', async () => {
    const raised = { ...GIVEN, 'jetstream-memory': '2Mi' };
    const planned = await deployment.requireRun({ ...raised, command: 'plan' });
    expect(planned.stdout).toContain('rolling restart (mesh verified after each server) of 2 pods');
    const { stdout } = await deployment.requireRun(raised);
    expect(stdout).toMatch(/^restarting nats-0, because it applies this only when it starts[^]*^restarting nats-1, /m);
    await deployment.requireRun({ command: 'verify' });
    expect((await deployment.requireRun(raised)).outputs).toMatchObject({ result: 'unchanged', changed: 'false' });
  });
});
