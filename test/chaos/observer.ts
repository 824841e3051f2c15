import { X509Certificate } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { AppsV1Api, type V1Pod } from '@kubernetes/client-node';
import { readSecret } from '../support/live-cluster.ts';
import type { TestNamespace } from '../support/namespace.ts';
import { readServedFingerprint } from './handshake.ts';
import { type PodPorts, podPorts } from './pod-ports.ts';
import { findMissingDeliveries } from './publication.ts';
import { findMeshFaults, parseRouteView, type RouteView } from './route-view.ts';

/** The expected state of a deployment, seen from outside. */
export type Expected = {
  readonly name: string;
  readonly servers: number;
  /** The release of nats-server. */
  readonly version: string;
};

/** One observation. `why` is empty if and only if the mesh is whole. */
export type Observation = { readonly whole: boolean; readonly why: readonly string[] };

type Secrets = Readonly<Record<string, string>>;

const LOOK_MS = 20_000;
const PAUSE_MS = 300;

/**
 * Checks once whether a deployment is whole, without the action's own code: pods by the API, routes by the monitoring
 * port, certificates by handshakes, and messages by the public client.
 */
export async function observe(space: TestNamespace, expected: Expected): Promise<Observation> {
  const late = delay(LOOK_MS, { whole: false, why: [`no answer within ${LOOK_MS} ms`] }, { ref: false });
  return await Promise.race([observeOnce(space, expected), late]);
}

/** Observes until the deployment is whole or the time is up, at least once. Returns the last observation. */
export async function awaitSettled(space: TestNamespace, expected: Expected, withinMs: number): Promise<Observation> {
  const end = performance.now() + withinMs;
  for (;;) {
    const observation = await observe(space, expected);
    if (observation.whole || performance.now() > end) {
      return observation;
    }
    await delay(PAUSE_MS);
  }
}

async function observeOnce(space: TestNamespace, expected: Expected): Promise<Observation> {
  const ports = podPorts(space);
  try {
    const why = await faultsOf(space, expected, ports);
    return { whole: why.length === 0, why };
  } catch (error) {
    return { whole: false, why: [Error.isError(error) ? error.message : String(error)] };
  } finally {
    ports.close();
  }
}

async function faultsOf(space: TestNamespace, expected: Expected, ports: PodPorts): Promise<readonly string[]> {
  const unready = await podFaults(space, expected);
  if (unready.length > 0) return unready;
  const pods = podsOf(expected);
  const views = await Promise.all(pods.map(async (pod) => await viewOf(space, pod)));
  const [server, client, trust, routes] = await Promise.all([
    readSecret(space, `tls-${expected.name}-server`),
    readSecret(space, `${expected.name}-client`),
    readSecret(space, `tls-${expected.name}-client`),
    readSecret(space, `tls-${expected.name}-routes`),
  ]);
  const wrong = views.filter(({ version }) => version !== expected.version);
  const secrets = { namespace: space.name, server, trust, routes };
  const presented = await Promise.all(pods.map(async (pod) => await certificateFaults(ports, pod, secrets)));
  return [
    ...wrong.map(({ pod, version }) => `${pod} runs ${version}, not ${expected.version}`),
    ...findMeshFaults(views),
    ...presented.flat(),
    ...(await deliveryFaults(ports, pods, client)),
  ];
}

function podsOf({ name, servers }: Expected): readonly string[] {
  return Array.from({ length: servers }, (_, ordinal) => `${name}-${ordinal}`);
}

async function podFaults(
  { core, config, name: namespace }: TestNamespace,
  expected: Expected,
): Promise<readonly string[]> {
  const set = await config.makeApiClient(AppsV1Api).readNamespacedStatefulSet({ name: expected.name, namespace });
  const { items } = await core.listNamespacedPod({ namespace });
  const names = items.map(({ metadata }) => metadata?.name ?? '').toSorted();
  const wanted = podsOf(expected);
  return [
    ...(String(names) === String(wanted) ? [] : [`the pods are ${names.join(', ')}, not ${wanted.join(', ')}`]),
    ...(set.spec?.replicas === expected.servers ? [] : [`the StatefulSet wants ${set.spec?.replicas} replicas`]),
    ...items.flatMap((pod) => stateOf(pod, set.status?.updateRevision)),
  ];
}

function stateOf({ metadata, status }: V1Pod, revision: string | undefined): readonly string[] {
  const name = metadata?.name;
  const isReady = status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True');
  return [
    ...(metadata?.deletionTimestamp === undefined ? [] : [`${name} is being deleted`]),
    ...(isReady === true ? [] : [`${name} is not Ready`]),
    ...(metadata?.labels?.['controller-revision-hash'] === revision ? [] : [`${name} is not of revision ${revision}`]),
  ];
}

async function viewOf({ core, name: namespace }: TestNamespace, pod: string): Promise<RouteView> {
  const ask = async (path: string): Promise<unknown> => {
    const answer: unknown = await core.connectGetNamespacedPodProxyWithPath({ name: `${pod}:8222`, namespace, path });
    return typeof answer === 'string' ? JSON.parse(answer) : answer;
  };
  return parseRouteView(pod, await ask('varz'), await ask('routez'));
}

type Presentable = {
  readonly namespace: string;
  readonly server: Secrets;
  readonly trust: Secrets;
  readonly routes: Secrets;
};

async function certificateFaults(
  ports: PodPorts,
  pod: string,
  { namespace, server, trust, routes }: Presentable,
): Promise<readonly string[]> {
  const serverName = `${pod}.${namespace}.svc`;
  const [cert, key] = [routes[`route-${pod}.crt`] ?? '', routes[`route-${pod}.key`] ?? ''];
  const asPeer = { ca: routes['route-ca.crt'] ?? '', cert, key };
  const asClient = { ca: trust['ca.crt'] ?? '' };
  const [client, route] = await Promise.all([
    served(await ports.local(pod, 4222), true, serverName, asClient),
    served(await ports.local(pod, 6222), false, serverName, asPeer),
  ]);
  return [
    ...(client === fingerprint(server['tls.crt']) ? [] : [`${pod} on 4222: ${client}, not what its Secret holds`]),
    ...(route === fingerprint(cert) ? [] : [`${pod} on 6222: ${route}, not what its Secret holds`]),
  ];
}

async function served(
  port: number,
  greetsFirst: boolean,
  serverName: string,
  secure: Parameters<typeof readServedFingerprint>[0]['secure'],
): Promise<string> {
  try {
    return await readServedFingerprint({ port, greetsFirst, serverName, secure });
  } catch (error) {
    return Error.isError(error) ? error.message : String(error);
  }
}

function fingerprint(pem: string | undefined): string {
  return new X509Certificate(pem ?? '').fingerprint256;
}

async function deliveryFaults(ports: PodPorts, pods: readonly string[], client: Secrets): Promise<readonly string[]> {
  const { username: user = '', password = '', 'ca.crt': trust = '' } = client;
  const servers = await Promise.all(pods.map(async (name) => ({ name, port: await ports.local(name, 4222) })));
  const missing = await findMissingDeliveries(servers, { user, password, trust });
  return missing.map((pair) => `no message ${pair}`);
}
