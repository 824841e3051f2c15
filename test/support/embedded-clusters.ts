import { type AttachedCluster, attachEmbeddedCluster } from './attached-cluster.ts';
import { requireCluster } from './cluster-process.ts';
import { HeldNamespaces } from './cluster-traces.ts';

/** The result of `clusterTraces` for a cluster without traces. */
export const NOTHING = { processes: [], namespaces: [], mounts: [], interfaces: [], cgroups: [], files: [] };

/**
 * Embedded clusters that a test starts and stops itself. Each is attached, so that every cluster ends with its test.
 */
export class EmbeddedClusters {
  readonly #names: readonly string[];
  readonly #running: AttachedCluster[] = [];
  readonly #held: HeldNamespaces[] = [];

  constructor(names: readonly string[]) {
    this.#names = names;
  }

  async start(name: string, nodes: number): Promise<AttachedCluster> {
    const cluster = await attachEmbeddedCluster(name, nodes);
    this.#running.push(cluster);
    return cluster;
  }

  /** Returns the namespaces of a cluster. Their numbers stay reserved until `stop`. */
  async namespacesOf(name: string): Promise<readonly string[]> {
    const namespaces = await HeldNamespaces.of(name);
    this.#held.push(namespaces);
    return namespaces.names;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#running.map(async (cluster) => await cluster.stop()));
    for (const name of this.#names) {
      await requireCluster('stop', '--name', name);
    }
    await Promise.all(this.#held.map((namespaces) => namespaces.release()));
  }
}
