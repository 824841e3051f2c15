import { describe, expect, test } from '@jest/globals';
import { deploy } from '../../../src/commands/deploy.ts';
import { useCluster } from '../support/simulation/simulated-cluster.ts';
import { deployed, deployRun, type Given } from '../support/simulation/simulated-run.ts';

const cluster = useCluster();

const SERVERS = ['start', 'leave', 'stop', 'reload', 'delete-pod'] as const;

describe('a first deployment of three servers', () => {
  test('starts every server once, and ends after the mesh and all external checks are complete', async () => {
    const { clock, journal } = cluster();
    const report = await clock.run(deploy(deployRun(cluster())));
    expect(journal.words(SERVERS)).toEqual(['start nats-0', 'start nats-1', 'start nats-2']);
    expect(journal.words(['join'])).toEqual(['join nats-0 nats-1', 'join nats-0 nats-2', 'join nats-1 nats-2']);
    expect(report).toMatchObject({ changed: true, readyReplicas: 3 });
    expect(report.proofs).toHaveLength(13);
  });

  test('writes Services before pods, and certificates before the configuration that refers to them', async () => {
    const { journal } = cluster();
    await deployed(cluster());
    const writes = journal.words(['write']);
    const order = ['Service/nats-0', 'Secret/tls-nats-server', 'Secret/nats-config', 'StatefulSet/nats'];
    const places = order.map((object) => writes.indexOf(`write ${object}`));
    expect(places).toEqual(places.toSorted((one, other) => one - other));
    expect(places).not.toContain(-1);
  });

  test('is known as the first one, and the second is not', async () => {
    const [first, second] = [deployRun(cluster()), deployRun(cluster())];
    await cluster().clock.run(deploy(first));
    await cluster().clock.run(deploy(second));
    expect([first, second].map(({ diagnoser }) => diagnoser.history().isFirst)).toEqual([true, false]);
  });

  test('releases its lock', async () => {
    await deployed(cluster());
    expect(cluster().objects.list('Lease')).toEqual([]);
  });
});

describe('a second deployment with the same inputs', () => {
  test('writes nothing but its lock, and touches no server', async () => {
    const { journal } = cluster();
    const from = await deployed(cluster());
    await deployed(cluster());
    expect(journal.words(['write'], from)).toEqual(['write Lease/nats-deploy', 'write Lease/nats-deploy']);
    expect(journal.words(SERVERS, from)).toEqual([]);
  });
});

describe('a deployment with another image and a configuration', () => {
  test('has the configuration checked by a pod before it applies anything', async () => {
    await deployed(cluster(), { image: 'nats:2.14.9', config: 'ping_max: 3' });
    const run = deployRun(cluster(), { image: 'nats:2.15.2', config: 'ping_max: 3' });
    await cluster().clock.run(deploy(run));
    const checked = run.lines.findIndex((line) => line.includes('by a pod of nats:2.15.2'));
    const applied = run.lines.findIndex((line) => line.startsWith('applied: '));
    expect(checked).toBeGreaterThanOrEqual(0);
    expect(checked).toBeLessThan(applied);
  });
});

describe('a deployment that lowers max-connections', () => {
  /** Lowers the limit to 10 while each server has this number of clients. */
  const lower = async (clients: number, given: Given = {}) => {
    await deployed(cluster(), { 'max-connections': '100' });
    for (const pod of ['nats-0', 'nats-1', 'nats-2']) {
      const sessions = cluster().network.server(pod)?.sessions;
      for (let at = 0; at < clients; at++) sessions?.add({ user: () => 'app', end: () => {}, deliver: () => {} });
    }
    const run = deployRun(cluster(), { 'max-connections': '10', ...given });
    return await cluster().clock.run(deploy(run));
  };

  test('is refused if servers have no room for the connections of this action, and touches no server', async () => {
    await expect(lower(8)).rejects.toMatchObject({
      code: 'CHANGE_FORBIDDEN',
      reason: 'ConnectionsExceeded',
      message: expect.stringContaining('nats-0 has 8 connections, and its verification needs 3 more'),
    });
    expect(cluster().journal.words(['reload', 'delete-pod'])).toEqual([]);
  });

  test.each<[string, number, Given]>([
    ['each server has room', 7, {}],
    ['an outage is allowed', 12, { allow: 'outage' }],
  ])('succeeds if %s', async (_, clients, given) => {
    expect(await lower(clients, given)).toMatchObject({ changed: true, readyReplicas: 3 });
  });
});

describe('a deployment that changes an immutable field of the StatefulSet', () => {
  test('recreates it at once while every server is Ready, and then replaces one server after the other', async () => {
    const from = await deployed(cluster());
    const overrides = 'StatefulSet/servers: {spec: {podManagementPolicy: OrderedReady}}';
    const run = deployRun(cluster(), { overrides });
    expect(await cluster().clock.run(deploy(run))).toMatchObject({ changed: true, readyReplicas: 3 });
    expect(run.lines.filter((line) => line.startsWith('waiting for '))).toEqual([]);
    const restart = (server: string) => [`leave ${server}`, `stop ${server}`, `start ${server}`];
    expect(cluster().journal.words(SERVERS, from)).toEqual(['nats-0', 'nats-1', 'nats-2'].flatMap(restart));
  });
});
