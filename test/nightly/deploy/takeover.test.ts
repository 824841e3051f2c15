import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { PODS } from '../../support/cluster-load.ts';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';
import { eventually } from '../../support/eventually.ts';
import { completeMesh, errorTitle, readPodUids, readSecret, routesOf } from '../../support/live-cluster.ts';
import { LoadClient } from '../../support/load-client.ts';
import { readObjectVersions } from '../../support/objects.ts';
import { reachServers, type ServerReach } from '../../support/server-reach.ts';
import { createRecipeCluster, installChartCluster, type TakeoverSource } from '../../support/takeover-source.ts';

type Texts = Readonly<Record<string, string>>;

let deployment: TestDeployment;
let reach: ServerReach;

beforeEach(async () => {
  deployment = await makeDeployment('takeover');
  reach = reachServers(deployment.space);
});

afterEach(async () => {
  await reach.close();
  await deployment.remove();
});

describe('a NATS cluster of the Helm chart with TLS routes', () => {
  let foreign: TakeoverSource;
  let kept: Texts;

  beforeEach(async () => {
    foreign = await installChartCluster(deployment.space);
    kept = { ...usersOf(foreign), 'server-tls-secret': 'web-tls', 'route-tls-secret': 'peer-tls', timeout: '6m' };
  });

  test('is refused and not changed without `allow: adopt` or without `allow: outage`', async () => {
    await expectUntouched(kept, 'ForeignObjects', /allow: adopt —/);
    await expectUntouched({ ...kept, 'route-tls-secret': '' }, 'ForeignObjects', /allow: adopt, outage/);
    await expectUntouched({ ...kept, 'client-password': 'another', allow: 'adopt' }, 'CutsOffClients', /client-user/);
  });

  test('is taken over under load, and clients are only disconnected by the restart of their server', async () => {
    const load = await startLoad(foreign);
    const { stdout } = await deployment.requireRun({ ...kept, allow: 'adopt' });
    expect(stdout).toMatch(/^::warning title=TAKEOVER::`helm uninstall nats` would delete/m);
    expect(stdout).not.toMatch(/hold no routes to each other/);
    await expectTakenOver(load, kept);
  });
});

describe('the pires/kubernetes-nats-cluster example with plaintext routes', () => {
  let foreign: TakeoverSource;
  let kept: Texts;

  beforeEach(async () => {
    foreign = await createRecipeCluster(deployment.space);
    const { certificatePem, privateKeyPem } = foreign.clients;
    kept = { ...usersOf(foreign), 'ca-certificate': certificatePem, 'ca-private-key': privateKeyPem, timeout: '6m' };
  });

  test('is refused and not changed without `allow: adopt` and `allow: outage`', async () => {
    await expectUntouched(kept, 'ForeignObjects', /allow: adopt, outage/);
    await expectUntouched({ ...kept, allow: 'adopt' }, 'CutsOffClients', /allow: adopt, outage/);
  });

  test('is taken over under load, and the log announces the interruption between its servers', async () => {
    const load = await startLoad(foreign);
    const { stdout } = await deployment.requireRun({ ...kept, allow: 'adopt, outage' });
    expect(stdout).toMatch(
      /^::warning title=TAKEOVER::the routes of the running servers are plaintext, .*hold no routes to each other/m,
    );
    await expectTakenOver(load, kept);
    const { 'ca.pem': bundle, ...others } = await readSecret(deployment.space, 'tls-nats-client');
    expect(bundle).toContain('BEGIN CERTIFICATE');
    expect(Object.keys(others)).toEqual(['ca.crt']);
    expect(Object.keys(await readSecret(deployment.space, 'tls-nats-server')).toSorted()).toEqual([
      'ca.crt',
      'tls.crt',
      'tls.key',
    ]);
  });

  test('is taken over by the next run after a run was killed when it had deleted the StatefulSet', async () => {
    const before = Object.values(await readPodUids(deployment.space));
    const allow = 'adopt, outage';
    const killing = new AbortController();
    const onLine = (line: string): void => {
      if (line.includes('was deleted without its pods')) killing.abort('SIGKILL');
    };
    const killed = await deployment.run({ ...kept, allow }, { signal: killing.signal, onLine });
    expect(killed.exitCode).toBe(137);
    await deployment.requireRun({ ...kept, allow });
    expect(Object.values(await readPodUids(deployment.space)).filter((uid) => before.includes(uid))).toEqual([]);
    expect((await deployment.requireRun(kept)).outputs).toMatchObject({ result: 'unchanged' });
  });
});

function usersOf({ client, route }: TakeoverSource): Texts {
  return {
    'client-user': client.user,
    'client-password': client.password,
    'route-user': route.user,
    'route-password': route.password,
  };
}

async function expectUntouched(inputs: Texts, reason: string, hint: RegExp): Promise<void> {
  const before = await settledVersions();
  const result = await deployment.run(inputs);
  expect(errorTitle(result)).toBe(`CHANGE_FORBIDDEN (${reason})`);
  expect(result.stdout).toMatch(hint);
  expect(await readObjectVersions(deployment)).toEqual(before);
}

/** Waits until the versions are stable, because kubelets report on a pod for some seconds after it became ready. */
async function settledVersions(): Promise<Readonly<Record<string, unknown>>> {
  let last: unknown;
  return await eventually('nothing changes by itself any more', 60, async () => {
    const versions = await readObjectVersions(deployment);
    const isSettled = JSON.stringify(versions) === last;
    last = JSON.stringify(versions);
    await new Promise((resolve) => setTimeout(resolve, 3000));
    return isSettled ? versions : undefined;
  });
}

type Load = {
  readonly clients: readonly LoadClient[];
  readonly received: () => number;
  readonly stop: () => Promise<void>;
};

/** Starts a publisher and subscribers that find an available server, like clients of a Service. */
async function startLoad({
  clients: { certificatePem: trust },
  client,
  host: serverName,
}: TakeoverSource): Promise<Load> {
  let received = 0;
  const target = (first: number) => {
    let attempt = first;
    const dial = async () => await reach.dial(PODS[attempt++ % PODS.length] ?? 'nats-0', 4222);
    return { dial, trust, serverName, credentials: client };
  };
  const onMessage = (): void => {
    received++;
  };
  const subscribers = PODS.map((_, index) => new LoadClient(target(index), { subject: 'orders', onMessage }));
  const publisher = new LoadClient(target(0));
  const timer = setInterval(() => publisher.publish('orders', 'new'), 10);
  const clients = [...subscribers, publisher];
  await eventually('every client is connected', 20, async () => clients.every((each) => each.isConnected) || undefined);
  return {
    clients,
    received: () => received,
    stop: async () => {
      clearInterval(timer);
      await Promise.all(clients.map(async (each) => await each.close()));
    },
  };
}

async function expectTakenOver({ clients, received, stop }: Load, inputs: Texts): Promise<void> {
  const unchanged = await deployment.requireRun(inputs);
  expect(unchanged.outputs).toMatchObject({ result: 'unchanged' });
  expect(routesOf(unchanged)).toEqual(completeMesh(3));
  const before = received();
  await eventually('messages arrive on every server', 20, async () => received() > before + 30 || undefined);
  expect(clients.filter(({ isConnected, disconnects }) => !isConnected || disconnects > PODS.length)).toEqual([]);
  await stop();
  expect((await deployment.requireRun({ command: 'verify' })).outputs).toMatchObject({ result: 'verified' });
}
