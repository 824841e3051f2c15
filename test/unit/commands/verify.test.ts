import { describe, expect, test } from '@jest/globals';
import { verify } from '../../../src/commands/verify.ts';
import { NAMESPACE, useCluster } from '../support/simulation/simulated-cluster.ts';
import { deployed, verifyRun } from '../support/simulation/simulated-run.ts';

const cluster = useCluster();

describe('verify', () => {
  test('passes after a deployment, and writes nothing', async () => {
    const { clock, journal } = cluster();
    const from = await deployed(cluster());
    const report = await clock.run(verify(verifyRun(cluster())));
    expect(report).toMatchObject({ result: 'verified', readyReplicas: 3 });
    expect(journal.words(['write', 'reload'], from)).toEqual([]);
  });

  test('fails where two servers have no route, and names both', async () => {
    const { clock, faults, network } = cluster();
    await deployed(cluster());
    faults.isCut = (one, other) => one === 'nats-0' && other === 'nats-2';
    network.connect();
    const failing = clock.run(verify(verifyRun(cluster())));
    await expect(failing).rejects.toMatchObject({
      code: 'MESH_INCOMPLETE',
      reason: 'NoRoute',
      message: expect.stringContaining('nats-0 → nats-2'),
    });
  });

  test('fails where a Service was changed by hand', async () => {
    const { clock, api } = cluster();
    await deployed(cluster());
    const ref = { kind: 'Service', name: 'nats', namespace: NAMESPACE } as const;
    const value = { spec: { publishNotReadyAddresses: true } };
    const { signal } = new AbortController();
    await clock.run(api.patch(ref, { kind: 'merge', value }, { fieldManager: 'by-hand' }, signal));
    const failing = clock.run(verify(verifyRun(cluster())));
    await expect(failing).rejects.toMatchObject({ code: 'DRIFT', reason: 'Drifted' });
  });

  test('fails where a server runs another configuration than the Secret holds', async () => {
    const { clock, network } = cluster();
    await deployed(cluster());
    const server = network.server('nats-1');
    if (server !== undefined) server.configuration = { ...server.configuration, tags: ['rev:other'] };
    const failing = clock.run(verify(verifyRun(cluster())));
    await expect(failing).rejects.toMatchObject({ code: 'DRIFT', reason: 'ServersDiffer' });
  });
});
