import { ADDRESSES } from '../cluster/layout.ts';
import { holdRoutes } from '../support/routes.ts';
import type { BreakableScene, Fault, Made } from './fault.ts';
import { awaitAllReady, readPodAddress, replacePod } from './stories.ts';

/** The limit for runs that end at their deadline: the smallest valid timeout, and time for a busy machine. */
const SHORT = { timeout: '12s' };
const PAIR_NAMED = /nats-0 → nats-1|nats-1 → nats-0/;

/** Restarts the last server, and cuts it off from the other server before they have a route. */
async function cutOffLastServer(scene: BreakableScene, direction: 'both' | 'one-way'): Promise<Made> {
  const { space } = scene.deployment;
  const release = await holdRoutes(scene.faults);
  try {
    await replacePod(space, 'nats-1');
    await awaitAllReady(space, 2);
    const [from, to] = [await readPodAddress(space, 'nats-1'), await readPodAddress(space, 'nats-0')];
    const undo = await scene.faults.cut(from, to, direction);
    return { run: scene.start(SHORT), undo };
  } finally {
    await release();
  }
}

export const networkFaults: readonly Fault<BreakableScene>[] = [
  {
    fault: 'all packets between two servers lost',
    on: 'running',
    make: async (scene) => await cutOffLastServer(scene, 'both'),
    code: /^MESH_INCOMPLETE \((GhostRoute|NoRoute)\)$/, // The other server may still hold the routes of the old pod.
    tells: [PAIR_NAMED, 'i/o timeout'],
    hint: ['NetworkPolicy'],
    state: /^nats-0 Ready, nats-1 Ready$/,
  },
  {
    fault: 'all packets from one server to another lost',
    on: 'running',
    make: async (scene) => await cutOffLastServer(scene, 'one-way'),
    code: /^MESH_INCOMPLETE \((GhostRoute|NoRoute)\)$/, // The other server may still hold the routes of the old pod.
    tells: [PAIR_NAMED, 'i/o timeout'],
    hint: ['NetworkPolicy'],
    state: /^nats-0 Ready, nats-1 Ready$/,
  },
  {
    fault: 'three of ten packets between two servers lost',
    on: 'running',
    make: async (scene) => {
      const { space } = scene.deployment;
      const addresses = [await readPodAddress(space, 'nats-0'), await readPodAddress(space, 'nats-1')] as const;
      const undo = await scene.faults.dropPackets(...addresses, 0.3);
      return { run: scene.start({ debug: 'true' }), undo };
    },
    again: { debug: 'true' },
    code: 'green',
    state: /^nats-0 Ready, nats-1 Ready$/,
  },
  {
    fault: 'no DNS in the cluster',
    on: 'running',
    make: async (scene) => {
      const { space } = scene.deployment;
      // The port refuses connections, as if CoreDNS had stopped.
      const rule = ['INPUT', '-d', ADDRESSES.dns, '-p', 'udp', '-j', 'REJECT'];
      await requireFault(scene, ['iptables', '-w', '-I', ...rule]);
      const undo = async (): Promise<void> => await requireFault(scene, ['iptables', '-w', '-D', ...rule]);
      await replacePod(space, 'nats-1');
      await awaitAllReady(space, 2);
      return { run: scene.start({ timeout: '90s' }), undo };
    },
    code: 'MESH_INCOMPLETE (NameUnresolved)',
    tells: [PAIR_NAMED, 'does not resolve'],
    hint: ['DNS'],
    state: /^nats-0 Ready, nats-1 Ready$/,
  },
];

async function requireFault({ faults }: BreakableScene, argv: readonly string[]): Promise<void> {
  const { code, stderr } = await faults.exec(argv);
  if (code !== 0) throw new Error(`${argv.join(' ')} ended with ${code}: ${stderr}`);
}
