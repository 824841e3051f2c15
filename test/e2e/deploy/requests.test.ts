import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type CountedRequests, countRequests, isOfWait } from '../../support/counted-requests.ts';
import { kubeconfigOf, makeDeployment, requestToken, type TestDeployment } from '../../support/deployment.ts';
import type { Asked } from '../../support/held-requests.ts';
import { completeMesh, routesOf } from '../../support/live-cluster.ts';
import { MERGE } from '../../support/objects.ts';

const SERVERS = 3;

/** The requests for each server: a Service, one port-forward for the mesh gate and one for all checks from outside. */
const PER_SERVER = 3;

/** The limit without waiting: 15 of the 45 requests are reserved for polls during some seconds of waiting. */
const DEPLOYMENT = 45 - 15;

const NO_OP = 15;
const NO_OP_PER_SERVER = 2;

describe('the number of API requests of deploy', () => {
  let deployment: TestDeployment;
  let counted: CountedRequests;
  let kubeconfig: string;

  beforeAll(async () => {
    deployment = await makeDeployment('requests');
    counted = await countRequests(deployment.space);
    const token = await requestToken(deployment.space, 'deployer');
    kubeconfig = join(dirname(deployment.kubeconfig), 'counted');
    await writeFile(kubeconfig, kubeconfigOf(deployment.space, 'deployer', token, counted.url), { mode: 0o600 });
  });

  afterAll(async () => {
    await counted?.close();
    await deployment?.remove();
  });

  async function deployAndRecord(inputs: Readonly<Record<string, string>>) {
    const before = counted.asked.length;
    const result = await deployment.requireRun({ kubeconfig, ...inputs });
    expect(routesOf(result)).toEqual(completeMesh(SERVERS));
    return { result, asked: counted.asked.slice(before) };
  }

  test('is at most 45 plus 3 for each server for a new NATS cluster', async () => {
    const { asked } = await deployAndRecord({});
    const once = asked.filter((one) => !isOfWait(one));
    const again = rereadingOf(once) + repeatedChecksOf(once);
    expect(requestsBeyond(once, DEPLOYMENT + PER_SERVER * SERVERS + again)).toEqual([]);
  });

  test('is at most 15 plus 2 for each server without changes, and only the lock is written', async () => {
    const { result, asked } = await deployAndRecord({});
    expect(result.outputs).toMatchObject({ result: 'unchanged', changed: 'false' });
    expect(requestsBeyond(asked, NO_OP + NO_OP_PER_SERVER * SERVERS)).toEqual([]);
    const writes = asked.filter(({ method, path }) => method !== 'GET' && !/selfsubject|\/leases/.test(path));
    expect(writes).toEqual([]);
  });

  test('grows by one write after a manual edit, which is reverted', async () => {
    const { core, name: namespace } = deployment.space;
    const ref = { name: 'nats-1', namespace };
    const service = await core.readNamespacedService(ref);
    const labels = { 'app.kubernetes.io/managed-by': 'somebody' };
    await core.patchNamespacedService({ ...ref, body: { metadata: { labels } } }, MERGE);
    const { result, asked } = await deployAndRecord({ allow: 'conflicts' });
    expect(result.outputs).toMatchObject({ changed: 'true' });
    const applied = asked.filter(({ contentType }) => contentType.includes('apply-patch'));
    expect(applied.map(({ path }) => path.replace(/\?.*/, '').split('/').at(-1))).toEqual(['nats-1']);
    const after = await core.readNamespacedService(ref);
    expect(after.metadata?.labels).toEqual(service.metadata?.labels);
  });
});

/**
 * Counts the requests of a volume refresh. If the first mesh forms slowly, for example on a busy machine, the action
 * makes the servers read their volumes once more: it reads the Secrets once, and annotates and connects to each server
 * again. In a first deployment, the action annotates pods for no other reason.
 */
function rereadingOf(asked: readonly Asked[]): number {
  const annotated = asked.filter(({ method, path }) => method === 'PATCH' && path.includes('/pods/')).length;
  return annotated === 0 ? 0 : 1 + 2 * annotated;
}

/**
 * Counts the connections for checks from outside beyond one for each server. The action checks a server while the
 * others start, and once more if the first check got no answer, as on a busy machine.
 */
function repeatedChecksOf(asked: readonly Asked[]): number {
  const checks = asked.filter(({ path }) => path.includes('/portforward?ports=4222&ports=6222')).length;
  return Math.max(0, checks - SERVERS);
}

/** Returns all requests if there are more than allowed. */
function requestsBeyond(asked: readonly Asked[], most: number): readonly string[] {
  return asked.length <= most ? [] : asked.map(({ method, path }) => `${method} ${path}`);
}
