import { describe, expect, test } from '@jest/globals';
import { deploy } from '../../../../src/commands/deploy.ts';
import type { KubernetesApi } from '../../../../src/kubernetes/api.ts';
import { recordOf } from '../../../../src/objects/json.ts';
import { NAMESPACE, useCluster } from '../../support/simulation/simulated-cluster.ts';
import { deployed, deployRun } from '../../support/simulation/simulated-run.ts';

const cluster = useCluster();

const NAME = 'nats-deploy';
const TTL_MS = 30_000;
const CHANGE = { 'max-payload': '2MB' };

/** Lets another run take the lock. */
function takeLock(): void {
  const { objects } = cluster();
  const lease = objects.get('Lease', NAME, NAMESPACE);
  objects.put({ ...lease, spec: { ...recordOf(lease?.['spec']), holderIdentity: 'another run' } });
}

/** Returns an API whose renewals of Leases never get through. */
function withoutRenewals(api: KubernetesApi): KubernetesApi {
  const never = async (_manifest: unknown, _options: unknown, signal: AbortSignal) => {
    const { promise, reject } = Promise.withResolvers<never>();
    signal.addEventListener('abort', () => reject(signal.reason));
    return await promise;
  };
  return {
    connection: api.connection,
    request: api.request,
    get: api.get.bind(api),
    list: api.list.bind(api),
    apply: api.apply.bind(api),
    create: api.create.bind(api),
    replace: never,
    patch: api.patch.bind(api),
    remove: api.remove.bind(api),
    evict: api.evict.bind(api),
    follow: api.follow.bind(api),
    portForward: api.portForward.bind(api),
    portForwards: api.portForwards.bind(api),
    execute: api.execute.bind(api),
    podLog: api.podLog.bind(api),
    version: api.version.bind(api),
    missingPermissions: api.missingPermissions.bind(api),
    requirePermissions: api.requirePermissions.bind(api),
    guarded: api.guarded.bind(api),
    close: api.close.bind(api),
  };
}

describe('a run that waits for its servers', () => {
  test('ends as soon as it learns that another run has the lock, and writes nothing afterwards', async () => {
    const { clock, journal, faults } = cluster();
    await deployed(cluster());
    faults.dialMs = 60_000;
    const ending = clock.run(deploy(deployRun(cluster(), { image: 'nats:2.15.3' })));
    let taken = 0;
    setTimeout(() => {
      taken = journal.length;
      takeLock();
    }, 4000);
    await expect(ending).rejects.toMatchObject({ code: 'LOCKED', reason: 'Lost' });
    await clock.run(clock.pass(60_000));
    expect(journal.words(['write'], taken)).toEqual([]);
  });

  test('writes nothing more once its lock could not be renewed in time', async () => {
    const { clock, journal, faults } = cluster();
    const from = await deployed(cluster());
    const beganMs = clock.now();
    faults.refuses = () => 'the disk is full'; // So that the run would touch the pods again and again.
    const run = deployRun(cluster(), CHANGE);
    const ending = clock.run(deploy({ ...run, api: withoutRenewals(cluster().api) }));
    await expect(ending).rejects.toBeInstanceOf(Error);
    const last = journal.entries(['write'], from).findLast(({ subject }) => subject !== `Lease/${NAME}`);
    expect((last?.atMs ?? Number.POSITIVE_INFINITY) - beganMs).toBeLessThan(TTL_MS);
  });
});
