import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { recordCase } from '../../faults/cases.ts';
import type { ActionResult } from '../../support/action.ts';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';
import { eventually } from '../../support/eventually.ts';
import { readPodUids } from '../../support/live-cluster.ts';
import { type PodTimeline, startPodTimeline, unsafeEnds } from '../../support/pod-timeline.ts';
import { openStreamClient, type StreamClient } from '../../support/stream-client.ts';

const SERVERS = ['nats-0', 'nats-1', 'nats-2'];
const MEMORY = { jetstream: 'true', 'jetstream-storage': '0', 'jetstream-memory': '64Mi' } as const;

/** The number of messages. It is large enough that a returning server needs a moment to catch up. */
const MESSAGES = 40;
const MESSAGE_BYTES = 512 * 1024;

describe('a rolling change during an eviction', () => {
  let deployment: TestDeployment;
  let timeline: PodTimeline;
  let struck: Set<string>;
  let cpu = 100;

  beforeAll(async () => {
    deployment = await makeDeployment('eviction');
    await deployment.requireRun({ ...MEMORY, resources: resources() });
    const client = await openStreamClient(deployment.space, 'nats-1');
    await fill(client);
    await client.close();
  });

  beforeEach(async () => {
    struck = new Set();
    timeline = await startPodTimeline(deployment.space);
  });

  afterEach(() => timeline.stop());

  afterAll(async () => {
    await deployment.remove();
  });

  function resources(): string {
    return `{requests: {cpu: ${cpu}m, memory: 128Mi}}`;
  }

  async function evict(name: string): Promise<void> {
    const { core, name: namespace } = deployment.space;
    struck.add((await readPodUids(deployment.space))[name] ?? '');
    const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } };
    await core.createNamespacedPodEviction({ name, namespace, body });
  }

  /** Deploys another template for every server. */
  async function roll(onLine: (line: string) => void = () => {}): Promise<ActionResult> {
    cpu += 1;
    const before = Object.values(await readPodUids(deployment.space));
    const result = await deployment.run({ ...MEMORY, resources: resources() }, { onLine });
    expect({ exitCode: result.exitCode, stdout: result.stdout }).toMatchObject({ exitCode: 0 });
    const after = Object.values(await readPodUids(deployment.space));
    expect(after.filter((uid) => before.includes(uid))).toEqual([]);
    return result;
  }

  test.each([
    ['nats-0', 1500],
    ['nats-0', 3000],
    ['nats-1', 1500],
    ['nats-2', 500],
  ])('waits for %s, evicted %i ms before it, and deletes no other server meanwhile', async (name, beforeMs) => {
    await evict(name);
    await delay(beforeMs);
    const result = await roll();
    expect(unsafeEnds(timeline.moments(), { servers: SERVERS, struck })).toEqual([]);
    const title = `Eviction: ${name} is evicted ${beforeMs} ms before a rolling change`;
    await recordCase({ slug: `eviction-${name}-${beforeMs}`, title }, result, deployment);
  });

  test.each(['nats-0', 'nats-1'])(
    'waits for %s, evicted while the highest is replaced, before the next server',
    async (name) => {
      let evicted: Promise<void> | undefined;
      await roll((line) => {
        if (/\] nats-2: starting/.test(line)) evicted ??= evictOnce(name);
      });
      await evicted;
      expect(unsafeEnds(timeline.moments(), { servers: SERVERS, struck })).toEqual([]);
    },
  );

  test('replaces the lowest server, which cannot start, first and alone', async () => {
    const { core, name: namespace } = deployment.space;
    const broken = (await readPodUids(deployment.space))['nats-0'] ?? '';
    const image = { op: 'replace', path: '/spec/containers/0/image', value: 'nats:0.0.1-no-such-release' };
    await core.patchNamespacedPod({ name: 'nats-0', namespace, body: [image] });
    await eventually('a server without its image', 60, async () => {
      const pod = await core.readNamespacedPod({ name: 'nats-0', namespace });
      const [container] = pod.status?.containerStatuses ?? [];
      return container?.state?.waiting?.reason === 'ImagePullBackOff' || undefined;
    });
    timeline.stop();
    timeline = await startPodTimeline(deployment.space);
    await roll();
    const moments = timeline.moments();
    expect(unsafeEnds(moments, { servers: SERVERS, struck })).toEqual([]);
    const ends = moments.filter(({ state }) => state === 'ending').map(({ name }) => name);
    expect([...new Set(ends)]).toEqual(['nats-0', 'nats-2', 'nats-1']);
    expect(moments.filter(({ uid, state }) => uid === broken && state === 'gone')).toHaveLength(1);
    const { spec } = await deployment.apps.readNamespacedStatefulSet({ name: 'nats', namespace });
    expect(spec?.updateStrategy).toEqual({ type: 'RollingUpdate', rollingUpdate: { partition: 0 } });
  });

  /**
   * Evicts a pod like a node drain. While nats-2 is unavailable, the disruption budget allows no eviction, so it asks
   * again until it succeeds between two replacements.
   */
  async function evictOnce(name: string): Promise<void> {
    await eventually(
      `an eviction of ${name}`,
      60,
      async () =>
        await evict(name).then(
          () => true,
          () => undefined,
        ),
    );
  }

  async function fill(client: StreamClient): Promise<void> {
    const stream = { name: 'LARGE', subjects: ['LARGE.>'], num_replicas: 3, storage: 'memory' };
    expect(await client.ask('STREAM.CREATE.LARGE', stream)).not.toHaveProperty('error');
    for (let number = 0; number < MESSAGES; number++) {
      const answer = await client.publish('LARGE.new', `${number}`.padEnd(MESSAGE_BYTES, '.'));
      expect(answer).toMatchObject({ stream: 'LARGE' });
    }
  }
});
