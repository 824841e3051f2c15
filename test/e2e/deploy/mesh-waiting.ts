import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { parseCa } from '../../../src/pki/ca.ts';
import { type ClusterFaults, clusterFaults } from '../../cluster/faults.ts';
import { DEFAULT_NATS_SERVER_VERSION } from '../../cluster/versions.ts';
import type { ActionResult } from '../../support/action.ts';
import { requireCluster } from '../../support/cluster-process.ts';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';
import { eventually } from '../../support/eventually.ts';
import { canaries, expectFailure, expectNoSecret } from '../../support/failure.ts';
import { makeUnknownCa, runIntruder } from '../../support/intruder.ts';
import { completeMesh, readSecret, routesOf } from '../../support/live-cluster.ts';
import { holdRoutes } from '../../support/routes.ts';

const NAME = 'waiting';
const PODS = ['nats-0', 'nats-1', 'nats-2'];
const PAIRS = PODS.flatMap((from) => PODS.filter((to) => to !== from).map((to) => `${from} → ${to}`));

/**
 * Describes tests that break the network, so they use a cluster of their own, independently of KUBECONFIG; `isThorough`
 * adds tests in which a report takes a minute.
 */
export function describeWaiting({ isThorough }: { readonly isThorough: boolean }): void {
  const thoroughTest = isThorough ? test : () => {};
  describe('deploy', () => {
    let admin: string;
    let faults: ClusterFaults;
    let deployment: TestDeployment;
    let release = async (): Promise<void> => {};

    beforeAll(async () => {
      admin = (await requireCluster('start', '--name', NAME, '--nodes', '3')).stdout.trim();
      faults = await clusterFaults(NAME);
    });

    afterAll(async () => {
      await requireCluster('stop', '--name', NAME);
      faults.close();
    });

    beforeEach(async () => {
      deployment = await makeDeployment('waiting', admin);
    });

    afterEach(async () => {
      await release();
      await deployment.remove();
    });

    test('waits while every pod is Ready without routes, and succeeds with the routes', async () => {
      release = await holdRoutes(faults);
      const running = start(deployment, { timeout: '4m' });
      const addresses = await allReady(deployment);
      // The heartbeat comes after every pod was Ready: a tool that waits only for Ready pods would have reported
      // success.
      const seen = running.lines.length;
      const heartbeat = await eventually('a heartbeat', 60, async () => {
        expect(running.ended()).toBe(false);
        return running.lines.slice(seen).find((line) => /still waiting, \d+ s left, for: nats-0 → nats-1/.test(line));
      });
      expect(pairsIn(heartbeat)).toEqual(PAIRS);
      expect(await allReady(deployment)).toEqual(addresses);
      expect(running.ended()).toBe(false);
      await release();
      const result = await running.result;
      expect({ exitCode: result.exitCode, routes: routesOf(result) }).toEqual({ exitCode: 0, routes: completeMesh(3) });
      expectNoSecret(result, Object.values(canaries));
      for (const pod of PODS) {
        for (const refused of ['a client without TLS', 'a wrong password', 'a route certificate of an untrusted CA']) {
          expect(result.summary).toContain(`- ${pod} refuses ${refused}`);
        }
        expect(result.summary).toContain(`- ${pod} accepts a route certificate of our CA`);
      }
    });

    thoroughTest(
      'fails and names the pair of pods if the network between two pods is cut, and the next run succeeds without the cut',
      async () => {
        release = await holdRoutes(faults);
        const running = start(deployment, { timeout: '60s' });
        const [, left = '', right = ''] = await allReady(deployment);
        const undo = await faults.cut(left, right, 'both');
        await release();
        const { title, text } = expectFailure(await running.result);
        await undo();
        expect(title).toBe('MESH_INCOMPLETE (NoRoute)');
        expect(pairsIn(text)).toEqual(['nats-1 → nats-2', 'nats-2 → nats-1']);

        const result = await start(deployment, {}).result;
        expect({ exitCode: result.exitCode, routes: routesOf(result) }).toEqual({
          exitCode: 0,
          routes: completeMesh(3),
        });
      },
    );

    test('never counts a server of an unknown route CA, and reports an unknown server of its own route CA', async () => {
      const secrets = { routeUser: 'nats_route_user', routePassword: canaries['route-password'] };
      const image = `nats:${DEFAULT_NATS_SERVER_VERSION}`;
      const first = await start(deployment, {}).result;
      expect(first.exitCode).toBe(0);

      const { space } = deployment;
      const before = await refusals(deployment); // The previous run checked refusals of its own.
      const texts = await readSecret(space, 'nats-authorities');
      const authority = parseCa(texts['route-ca.crt'] ?? '', texts['route-ca.key'] ?? '');
      const namesake = await makeUnknownCa(authority.certificate.commonName ?? '');
      const foreign = { name: 'nats-foreign', authority: namesake, image, ...secrets };
      await runIntruder(space, foreign);
      const tried = await eventually('the refusals', 60, async () => {
        const now = await refusals(deployment);
        return now.every((count, ordinal) => count > (before[ordinal] ?? 0)) ? now : undefined;
      });
      const second = await start(deployment, { debug: 'true' }).result;
      expect(second.outputs).toMatchObject({ result: 'deployed', changed: 'true' });
      expect(routesOf(second)).toEqual(completeMesh(3));
      // One refusal comes from the run's own check: the others show that the intruder kept trying.
      (await refusals(deployment)).forEach((count, ordinal) => {
        expect(count).toBeGreaterThan((tried[ordinal] ?? 0) + 1);
      });

      await runIntruder(space, { name: 'nats-insider', authority, image, ...secrets });
      await ready(deployment, 'nats-insider');
      const { title, text } = expectFailure(await start(deployment, { debug: 'true', timeout: '20s' }).result);
      expect(title).toBe('MESH_INCOMPLETE (UnexpectedPeer)');
      for (const pod of PODS) {
        expect(text).toContain(`${pod} → "nats-insider"`);
      }
    });
  });
}

type Running = {
  readonly lines: readonly string[];
  readonly ended: () => boolean;
  readonly result: Promise<ActionResult>;
};

function start(deployment: TestDeployment, inputs: Readonly<Record<string, string>>): Running {
  const lines: string[] = [];
  let isEnded = false;
  const result = deployment.run({ ...canaries, ...inputs }, { onLine: (line) => lines.push(line) }).finally(() => {
    isEnded = true;
  });
  return { lines, ended: () => isEnded, result };
}

/** Counts by server the routes that it refused because of the CA of their certificate. */
async function refusals({ space }: TestDeployment): Promise<readonly number[]> {
  return await Promise.all(
    PODS.map(async (name) => {
      const log = await space.core.readNamespacedPodLog({ name, namespace: space.name });
      return (log.match(/TLS route handshake error: .*unknown authority/g) ?? []).length;
    }),
  );
}

/** Returns the addresses of the three pods, when all are Ready and the StatefulSet reports it too. */
async function allReady(deployment: TestDeployment): Promise<readonly string[]> {
  const addresses = await Promise.all(PODS.map(async (pod) => await ready(deployment, pod)));
  const { apps, space } = deployment;
  await eventually('the StatefulSet ready', 30, async () => {
    const { status } = await apps.readNamespacedStatefulSet({ name: 'nats', namespace: space.name });
    return status?.readyReplicas === 3 ? true : undefined;
  });
  return addresses;
}

async function ready({ space }: TestDeployment, name: string): Promise<string> {
  return await eventually(`pod ${name} Ready`, 120, async () => {
    const { items } = await space.core.listNamespacedPod({
      namespace: space.name,
      fieldSelector: `metadata.name=${name}`,
    });
    const status = items[0]?.status;
    const isReady = status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True');
    return isReady === true ? status?.podIP : undefined;
  });
}

/** Returns every `server → peer` of a text, in order and once. */
function pairsIn(text: string): readonly string[] {
  return [...new Set(text.match(/nats-\d → nats-\d/g))].toSorted();
}
