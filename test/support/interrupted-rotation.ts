import { isDeepStrictEqual } from 'node:util';
import { expect } from '@jest/globals';
import { ApiException, CoordinationV1Api, KubeConfig } from '@kubernetes/client-node';
import { parseCertificates } from '../../src/pki/certificate.ts';
import { issueRouteCertificate, tryRoute } from './acceptance.ts';
import type { ActionResult, ActionRun } from './action.ts';
import { PODS } from './cluster-load.ts';
import { kubeconfigOf, makeDeployment, type TestDeployment } from './deployment.ts';
import { eventually } from './eventually.ts';
import { completeMesh, readPodUids, readSecret, routesOf } from './live-cluster.ts';
import type { TestNamespace } from './namespace.ts';
import { reachServers, type ServerReach } from './server-reach.ts';

/** The command that continues the work of a killed run. */
export type Resuming = 'deploy' | 'rotate';

export type InterruptedRotation = {
  readonly space: TestNamespace;
  /** Rotates everything at once. `server` is the URL of a proxy before the API server. */
  readonly rotate: (options: Omit<ActionRun, 'inputs'>, server?: string) => Promise<ActionResult>;
  /**
   * Deletes a pod, and waits until its successor is Ready and all routes exist again. No run of the action takes part.
   */
  readonly rejoin: (pod: string) => Promise<void>;
  /**
   * Runs the command, and checks that every server and bundle then has exactly one CA for clients and one for routes.
   */
  readonly resume: (command: Resuming) => Promise<void>;
  readonly remove: () => Promise<void>;
};

const PATIENCE_SECONDS = 90;
const AT_ONCE = { 'ca-overlap': '0s' };
const EVERYTHING = { ...AT_ONCE, command: 'rotate', 'rotate-targets': 'all', force: 'true' };
const ACCEPTED = PODS.map(() => 'accepted');
const FOREIGN = PODS.map(() => 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA');
const RESUMED = { deploy: ['deployed', 'unchanged'], rotate: ['rotated', 'unchanged'] } as const;

/** Makes one deployment of three servers, whose rotations are killed one after the other. */
export async function makeInterruptedRotation(): Promise<InterruptedRotation> {
  const deployment = await makeDeployment('resume');
  const { space } = deployment;
  const reach = reachServers(space);
  const remove = async (): Promise<void> => {
    await reach.close();
    await deployment.remove();
  };
  try {
    await deployment.requireRun(AT_ONCE);
    let before = await readSecret(space, 'nats-authorities');
    return {
      space,
      rotate: async (options, server) => {
        const kubeconfig = kubeconfigAt(deployment, server);
        return await deployment.run({ ...EVERYTHING, kubeconfig }, options);
      },
      rejoin: async (pod) => await rejoin(space, pod),
      resume: async (command) => {
        await dropLock(space);
        const result = await deployment.requireRun({ ...AT_ONCE, command });
        expect(RESUMED[command]).toContain(result.outputs['result']);
        expect(result.outputs['rotation-phase']).toBe('idle');
        expect(routesOf(result)).toEqual(completeMesh(PODS.length));
        await deployment.requireRun({ command: 'verify' });
        await expectOneAuthority(space);
        await expectOnlyCurrent(space, reach, before);
        before = await readSecret(space, 'nats-authorities');
      },
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Deletes the lock of a killed run. Otherwise each next run would wait half a minute for the lock. */
export async function dropLock({ config, name: namespace }: TestNamespace): Promise<void> {
  await config.makeApiClient(CoordinationV1Api).deleteCollectionNamespacedLease({ namespace });
}

/** Returns the kubeconfig of the deployer: its path, or its text if it names another server. */
export function kubeconfigAt({ space, kubeconfig }: TestDeployment, server: string | undefined): string {
  const at = new KubeConfig();
  at.loadFromFile(kubeconfig);
  const { name, token = '' } = at.getCurrentUser() ?? {};
  return server === undefined ? kubeconfig : kubeconfigOf(space, name ?? '', token, server);
}

async function rejoin(space: TestNamespace, pod: string): Promise<void> {
  const { core, name: namespace } = space;
  const { [pod]: before } = await readPodUids(space);
  await core.deleteNamespacedPod({ name: pod, namespace, gracePeriodSeconds: 1 });
  await eventually(`a successor of ${pod} in a complete mesh`, PATIENCE_SECONDS, async () => {
    const { items } = await core.listNamespacedPod({ namespace });
    const isReady = items.every(
      ({ metadata, status }) =>
        metadata?.deletionTimestamp === undefined &&
        status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') === true,
    );
    const isReplaced = items.some(({ metadata }) => metadata?.name === pod && metadata.uid !== before);
    if (!isReady || !isReplaced || items.length !== PODS.length) return undefined;
    const routes = await routesByPeer(space);
    return isDeepStrictEqual(routes, completeMesh(PODS.length)) || undefined;
  });
}

/**
 * Reads the number of connections from each server to each peer; undefined while one of the servers does not answer.
 */
async function routesByPeer({ core, name: namespace }: TestNamespace): Promise<unknown> {
  try {
    const servers = await Promise.all(
      PODS.map(async (pod) => {
        const answer: unknown = await core.connectGetNamespacedPodProxyWithPath({
          name: `${pod}:8222`,
          namespace,
          path: 'routez',
        });
        const routez: unknown = typeof answer === 'string' ? JSON.parse(answer) : answer;
        return [pod, peersOf(routez)] as const;
      }),
    );
    return Object.fromEntries(servers);
  } catch (error) {
    if (error instanceof ApiException) return undefined; // The pod of the server is starting.
    throw error;
  }
}

function peersOf(routez: unknown): Readonly<Record<string, number>> {
  const rows = valueOf(routez, 'routes');
  const peers = Array.isArray(rows) ? rows.map((row: unknown) => String(valueOf(row, 'remote_name'))) : [];
  return Object.fromEntries(peers.map((peer) => [peer, peers.filter((other) => other === peer).length]));
}

function valueOf(row: unknown, key: string): unknown {
  return typeof row === 'object' && row !== null ? Object.entries(row).find(([name]) => name === key)?.[1] : undefined;
}

/** Checks that every bundle has exactly one CA, and that the stored state contains no rotation in progress. */
async function expectOneAuthority(space: TestNamespace): Promise<void> {
  const [authorities, system, server, routes, trust, client] = await Promise.all(
    ['nats-authorities', 'nats-system', 'tls-nats-server', 'tls-nats-routes', 'tls-nats-client', 'nats-client'].map(
      async (name) => await readSecret(space, name),
    ),
  );
  const bundles = [server?.['ca.crt'], trust?.['ca.crt'], trust?.['ca.pem'], client?.['ca.crt']];
  expect(bundles.map(fingerprints)).toEqual(bundles.map(() => fingerprints(authorities?.['client-ca.crt'])));
  expect(fingerprints(routes?.['route-ca.crt'])).toEqual(fingerprints(authorities?.['route-ca.crt']));
  expect([
    fingerprints(authorities?.['client-ca.crt']).length,
    fingerprints(authorities?.['route-ca.crt']).length,
  ]).toEqual([1, 1]);
  const left = [...Object.keys(authorities ?? {}), ...Object.keys(system ?? {})];
  expect(left.filter((key) => /-(?:rotation|next|previous)/.test(key))).toEqual([]);
}

/**
 * Checks that the servers accept only the current CA. After a run that was killed before its first write, the current
 * CA is the earlier one.
 */
async function expectOnlyCurrent(
  space: TestNamespace,
  reach: ServerReach,
  before: Readonly<Record<string, string>>,
): Promise<void> {
  const current = await readSecret(space, 'nats-authorities');
  const outcomes = async (texts: Readonly<Record<string, string>>): Promise<readonly string[]> => {
    const { 'route-ca.crt': certificate = '', 'route-ca.key': privateKey = '' } = texts;
    const leaf = await issueRouteCertificate(space.name, { certificate, privateKey });
    return await Promise.all(PODS.map(async (pod) => await tryRoute(reach, pod, leaf)));
  };
  expect(await outcomes(current)).toEqual(ACCEPTED);
  if (current['route-ca.crt'] !== before['route-ca.crt']) expect(await outcomes(before)).toEqual(FOREIGN);
}

function fingerprints(bundle = ''): readonly string[] {
  return parseCertificates(bundle, 'bundle').map(({ fingerprint256 }) => fingerprint256);
}
