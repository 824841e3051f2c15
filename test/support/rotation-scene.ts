import type { X509Certificate } from 'node:crypto';
import { expect } from '@jest/globals';
import { issueRouteCertificate, readPresentedCertificate, tryClient, tryRoute } from './acceptance.ts';
import type { ActionResult } from './action.ts';
import { type ClusterClient, type ClusterLoad, PODS, startClient, startClusterLoad } from './cluster-load.ts';
import { makeDeployment } from './deployment.ts';
import { completeMesh, readSecret, readSecretCertificate, routesOf } from './live-cluster.ts';
import type { LoadTarget } from './load-session.ts';
import type { TestNamespace } from './namespace.ts';
import { type RotationState, readLoadConnections, readRotationState } from './rotation-state.ts';
import { reachServers } from './server-reach.ts';

type Texts = Readonly<Record<string, string>>;

type RunOptions = {
  /** The load whose connections must stay; by default the first load. */
  readonly load?: ClusterLoad | undefined;
  /** True if the run has to open every route again. */
  readonly renewsRoutes?: boolean;
};

/** A deployment of three servers under a load that runs until it is stopped. */
export type RotationScene = {
  readonly load: ClusterLoad;
  /** Starts another load, with clients that read the client Secret now. */
  readonly startLoad: () => Promise<ClusterLoad>;
  /**
   * Runs the action. Checks that the result is as expected, that the mesh is complete, and that all processes, routes
   * and connections of the load are the same as before.
   */
  readonly run: (expected: Texts, inputs: Texts, terms?: RunOptions) => Promise<ActionResult>;
  /** Reads the certificates that every server presents to clients and to routes. */
  readonly leaves: () => Promise<readonly X509Certificate[]>;
  /** Reads the CAs with their keys, by key of their Secret. */
  readonly authorities: () => Promise<Texts>;
  /** Reads the types of their keys, as `KeyObject.asymmetricKeyType` names them. */
  readonly authorityKeys: () => Promise<readonly string[]>;
  /** Returns a client of the first server, from the client Secret. */
  readonly client: () => Promise<ClusterClient>;
  /** Returns the outcome of connecting to each server as that client with this change, by server. */
  readonly clients: (change?: Partial<LoadTarget>) => Promise<readonly string[]>;
  /** Returns the outcome of a route with a leaf certificate of the route CA among these, by server. */
  readonly routes: (authorities: Texts) => Promise<readonly string[]>;
  readonly remove: () => Promise<void>;
};

export async function makeRotationScene(inputs: Texts): Promise<RotationScene> {
  const deployment = await makeDeployment('rotate');
  const { space } = deployment;
  const reach = reachServers(space);
  const removeDeployment = async (): Promise<void> => {
    await reach.close();
    await deployment.remove();
  };
  try {
    await deployment.requireRun(inputs);
    const load = await startClusterLoad(space, reach, 'load-0');
    const loads = [load];
    const standing = await readRotationState(space);
    return {
      load,
      startLoad: async () => {
        const another = await startClusterLoad(space, reach, `load-${loads.length}`);
        loads.push(another);
        return another;
      },
      run: async (expected, given, { load: watched = load, renewsRoutes = false } = {}) => {
        watched.mark(JSON.stringify(given));
        const result = await deployment.requireRun(given);
        expect(result.outputs).toMatchObject(expected);
        expect(routesOf(result)).toEqual(completeMesh(3));
        const { pods, routes } = await readRotationState(space);
        expect(pods).toEqual(standing.pods);
        expect(renewsRoutes ? findKeptIds(standing, routes) : routes).toEqual(renewsRoutes ? [] : standing.routes);
        expect(await readLoadConnections(space)).toEqual(expect.arrayContaining([...watched.connections]));
        return result;
      },
      ...views(space, reach),
      remove: async () => {
        await Promise.all(loads.map(async (each) => await each.stop()));
        await removeDeployment();
      },
    };
  } catch (error) {
    await removeDeployment();
    throw error;
  }
}

/** Returns the routes that still exist. */
function findKeptIds(before: RotationState, routes: RotationState['routes']): readonly string[] {
  return Object.entries(routes).flatMap(([pod, ids]) =>
    ids.filter((id) => before.routes[pod]?.includes(id)).map((id) => `${pod}/${id}`),
  );
}

type Views = Pick<RotationScene, 'leaves' | 'authorities' | 'authorityKeys' | 'client' | 'clients' | 'routes'>;

function views(space: TestNamespace, reach: ReturnType<typeof reachServers>): Views {
  const onEach = async <Seen>(look: (pod: string) => Promise<Seen>): Promise<readonly Seen[]> =>
    await Promise.all(PODS.map(look));
  return {
    leaves: async () => {
      const byPod = await onEach(async (pod) => [
        await readPresentedCertificate(reach, pod, 4222),
        await readPresentedCertificate(reach, pod, 6222),
      ]);
      return byPod.flat();
    },
    authorities: async () => await readSecret(space, 'nats-authorities'),
    authorityKeys: async () => {
      const certificates = ['client-ca.crt', 'route-ca.crt'].map(
        async (key) => await readSecretCertificate(space, 'nats-authorities', key),
      );
      return (await Promise.all(certificates)).map(({ publicKey }) => publicKey.asymmetricKeyType ?? 'none');
    },
    client: async () => await startClient(space, reach, PODS[0]),
    clients: async (change) =>
      await onEach(async (pod) => await tryClient({ ...(await startClient(space, reach, pod)), ...change })),
    routes: async ({ 'route-ca.crt': certificate = '', 'route-ca.key': privateKey = '' }) => {
      const leaf = await issueRouteCertificate(space.name, { certificate, privateKey });
      return await onEach(async (pod) => await tryRoute(reach, pod, leaf));
    },
  };
}
