import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type V1Pod, Watch } from '@kubernetes/client-node';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';
import { completeMesh, errorTitle, readPodUids, readServerVariables, routesOf } from '../../support/live-cluster.ts';

const OLDEST = '2.10.29';
const NEWEST = '2.15.2';
const NATS_PODS = ['nats-0', 'nats-1', 'nats-2'] as const;

describe('nats-server', () => {
  let deployment: TestDeployment;

  beforeAll(async () => {
    deployment = await makeDeployment('releases');
  });

  afterAll(async () => {
    await deployment.remove();
  });

  test('2.9.25 is refused before anything is written', async () => {
    const result = await deployment.run({ image: 'nats:2.9.25' });
    expect([result.exitCode, result.outputs['result'], errorTitle(result)]).toEqual([
      1,
      'failed',
      'SERVER_UNSUPPORTED',
    ]);
    expect(await objects(deployment)).toEqual([]);
  });

  test.each(['2.12.15', NEWEST])('%s deploys with a complete mesh', async (version) => {
    const name = `v${version.replaceAll('.', '-')}`;
    const result = await deployment.requireRun({ name, replicas: '2', image: `nats:${version}` });
    expect(routesOf(result)).toEqual(completeMesh(2, name));
    expect(await versions(deployment, name, 2)).toEqual([version, version]);
  });

  test(`${OLDEST} deploys with a complete mesh`, async () => {
    const result = await deployment.requireRun({ image: `nats:${OLDEST}` });
    expect(routesOf(result)).toEqual(completeMesh(3));
    expect(await versions(deployment, 'nats', 3)).toEqual([OLDEST, OLDEST, OLDEST]);
  });

  test(`is upgraded from ${OLDEST} to ${NEWEST} one server at a time, with a mesh check after each`, async () => {
    const before = await readPodUids(deployment.space);
    const rollout = await watchRollout(deployment);
    const result = await deployment.requireRun({ image: `nats:${NEWEST}` });
    const { mostUnready, mixtures } = rollout.close();
    const [O, N] = [`nats:${OLDEST}`, `nats:${NEWEST}`];

    expect(routesOf(result)).toEqual(completeMesh(3));
    expect(await versions(deployment, 'nats', 3)).toEqual([NEWEST, NEWEST, NEWEST]);
    expect(mostUnready).toBe(1);
    expect(mixtures).toEqual([`${O} ${O} ${O}`, `${O} ${O} ${N}`, `${O} ${N} ${N}`, `${N} ${N} ${N}`]);
    // The gate reported each new server as running, among the old ones, before the next was replaced.
    const steps = result.stdout.matchAll(
      /^(?:\[[\d.]+ s\] )?(restarting nats-\d(?= \(\d of 3\)$)|nats-\d: runs this revision$)/gm,
    );
    expect([...steps].map(([, step]) => step)).toEqual(
      [2, 1, 0].flatMap((ordinal) => [`restarting nats-${ordinal}`, `nats-${ordinal}: runs this revision`]),
    );
    const after = await readPodUids(deployment.space);
    expect(NATS_PODS.filter((pod) => before[pod] === after[pod])).toEqual([]);
  });

  test('keeps its release if input image is not set', async () => {
    expect((await deployment.requireRun()).outputs).toMatchObject({ result: 'unchanged' });
  });
});

/** Returns the names of the Secrets, Services and StatefulSets, which a deployment writes first. */
async function objects({ space: { core, name: namespace }, apps }: TestDeployment): Promise<readonly unknown[]> {
  const [secrets, services, sets] = await Promise.all([
    core.listNamespacedSecret({ namespace }),
    core.listNamespacedService({ namespace }),
    apps.listNamespacedStatefulSet({ namespace }),
  ]);
  return [...secrets.items, ...services.items, ...sets.items].map(({ metadata }) => metadata?.name);
}

/** Reads the version that each server reports. */
async function versions({ space }: TestDeployment, name: string, servers: number): Promise<readonly unknown[]> {
  const pods = Array.from({ length: servers }, (_, ordinal) => `${name}-${ordinal}`);
  return await Promise.all(pods.map(async (pod) => (await readServerVariables(space, pod))['version']));
}

type Rollout = {
  /** The largest number of servers that were missing, terminating or not Ready at the same time. */
  readonly mostUnready: number;
  /** The images by ordinal at each moment when all servers were Ready, without consecutive repetitions. */
  readonly mixtures: readonly string[];
};

/** Watches the pods from the time when all of them are Ready. */
async function watchRollout({ space }: TestDeployment): Promise<{ readonly close: () => Rollout }> {
  const pods = new Map<string, V1Pod>();
  const mixtures: string[] = [];
  let mostUnready = 0;
  const begun = Promise.withResolvers<undefined>();
  const receive = (phase: string, pod: V1Pod): void => {
    const name = pod.metadata?.name ?? '';
    if (phase === 'DELETED') {
      pods.delete(name);
    } else {
      pods.set(name, pod);
    }
    const unready = NATS_PODS.filter((own) => !isReady(pods.get(own))).length;
    const mixture = NATS_PODS.map((own) => pods.get(own)?.spec?.containers[0]?.image).join(' ');
    if (unready === 0 && mixtures.at(-1) !== mixture) {
      mixtures.push(mixture);
      begun.resolve(undefined);
    }
    mostUnready = mixtures.length === 0 ? 0 : Math.max(mostUnready, unready);
  };
  const watch = new Watch(space.config);
  const path = `/api/v1/namespaces/${space.name}/pods`;
  const labelSelector = 'app.kubernetes.io/instance=nats';
  const controller = await watch.watch(path, { labelSelector }, receive, (error: unknown) => begun.reject(error));
  await begun.promise;
  return {
    close: () => {
      controller.abort();
      return { mostUnready, mixtures };
    },
  };
}

function isReady(pod: V1Pod | undefined): boolean {
  const ready = pod?.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
  return ready && pod?.metadata?.deletionTimestamp === undefined;
}
