import { describe, expect, test } from '@jest/globals';
import { deploy } from '../../../../src/commands/deploy.ts';
import { underLock } from '../../../../src/commands/lock/locked-run.ts';
import type { KubernetesApi } from '../../../../src/kubernetes/api.ts';
import { recordOf } from '../../../../src/objects/json.ts';
import { NAMESPACE, useCluster } from '../../support/simulation/simulated-cluster.ts';
import { deployed, deployRun } from '../../support/simulation/simulated-run.ts';

const cluster = useCluster();

const NAME = 'nats-deploy';
const TTL_MS = 30_000;
const LATE = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'nats', namespace: NAMESPACE } };

/** Lets another run take the lock. */
function takeLock(): void {
  const { objects } = cluster();
  const lease = objects.get('Lease', NAME, NAMESPACE);
  objects.put({ ...lease, spec: { ...recordOf(lease?.['spec']), holderIdentity: 'another run' } });
}

/** Returns an API whose requests to renew a Lease never arrive. */
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
  test('ends as soon as it learns that another run holds the lock, and then writes nothing', async () => {
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
});

describe('a run that was disconnected for longer than its lock is valid', () => {
  test.each([
    ['another run has taken the lock', takeLock],
    ['no other run has taken the lock', () => {}],
  ])('writes nothing more, even if %s', async (_case, meanwhile) => {
    const { clock, objects, journal } = cluster();
    const run = { ...deployRun(cluster()), api: withoutRenewals(cluster().api) };
    const ending = clock.run(
      underLock(run, NAMESPACE, async ({ api, signal }) => {
        await clock.pass(TTL_MS + 1000);
        meanwhile();
        return await api.apply(LATE, { fieldManager: 'nats-cluster-action' }, signal);
      }),
    );
    await expect(ending).rejects.toMatchObject({ code: 'LOCKED', reason: 'NotRenewed' });
    expect(objects.list('Service')).toEqual([]);
    expect(journal.words(['write'])).not.toContain('write Service/nats');
  });
});
