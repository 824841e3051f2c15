import { setTimeout as delay } from 'node:timers/promises';
import { CoreV1Api, PatchStrategy, RbacAuthorizationV1Api, setHeaderOptions } from '@kubernetes/client-node';
import type { TestNamespace } from '../support/namespace.ts';
import type { BreakableScene, Fault, Undo } from './fault.ts';
import { cordon, ONE, PAIR, startHeldWait, taint } from './stories.ts';
import { awaitUnscheduled } from './visible.ts';

const STATUS_MERGE = setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch);
const BACK_AFTER_MS = 5000;

async function nodeOf({ core, name: namespace }: TestNamespace, pod: string): Promise<string> {
  const { spec } = await core.readNamespacedPod({ name: pod, namespace });
  return spec?.nodeName ?? '';
}

/**
 * Stops a node like a power failure. The control plane marks a node as NotReady after 50 s without a renewed Lease;
 * this function marks it at once.
 */
async function loseNode({ deployment: { space }, faults }: BreakableScene, node: string): Promise<Undo> {
  const undo = await faults.stopNode(Number(/\d+$/.exec(node)?.[0]));
  const condition = { type: 'Ready', status: 'Unknown', reason: 'NodeStatusUnknown', message: 'the kubelet is silent' };
  const body = { status: { conditions: [condition] } };
  await space.config.makeApiClient(CoreV1Api).patchNodeStatus({ name: node, body }, STATUS_MERGE);
  return undo;
}

/** Removes the optional right to read nodes. Only the scheduler then reports that there are too few nodes. */
async function hideNodes({ config, name }: TestNamespace): Promise<Undo> {
  const rbac = config.makeApiClient(RbacAuthorizationV1Api);
  const { metadata, roleRef, subjects = [] } = await rbac.readClusterRoleBinding({ name });
  await rbac.deleteClusterRoleBinding({ name });
  return async () => {
    await rbac.createClusterRoleBinding({ body: { metadata: { name: metadata?.name ?? name }, roleRef, subjects } });
  };
}

export const nodeFaults: readonly Fault<BreakableScene>[] = [
  {
    fault: 'NotReady node during the wait for its server',
    inputs: PAIR,
    make: async (scene) => {
      const { space } = scene.deployment;
      const { run, held } = await startHeldWait(scene);
      const undo = await loseNode(scene, await nodeOf(space, 'nats-1'));
      const visible = performance.now();
      held.release();
      return { run, visible: Promise.resolve(visible), undo };
    },
    code: 'ROLLOUT_STALLED (NodeLost)',
    tells: ['pod nats-1', 'node-'],
    hint: ['kubectl delete node'],
    state: /nats-1 (not Ready|ContainerCreating)/,
    withinSeconds: 5,
  },
  {
    fault: 'NotReady node during a rolling change, Ready again soon',
    on: 'running',
    make: async (scene) => {
      const node = await nodeOf(scene.deployment.space, 'nats-0');
      const run = scene.start({ resources: '{requests: {cpu: 50m, memory: 64Mi}}' });
      await run.line(/^restarting nats-1 \(/);
      const undo = await scene.faults.stopNode(Number(/\d+$/.exec(node)?.[0]));
      await delay(BACK_AFTER_MS);
      await undo();
      return { run };
    },
    again: { resources: '{requests: {cpu: 50m, memory: 64Mi}}' },
    code: 'green',
    state: /^nats-0 Ready, nats-1 Ready$/,
  },
  {
    fault: 'too few nodes for servers that must not share one, reported by the scheduler',
    inputs: PAIR,
    make: async ({ start, deployment: { space } }) => {
      const [show, uncordon] = [await hideNodes(space), await cordon(space, 1)];
      const undo = async (): Promise<void> => {
        await uncordon();
        await show();
      };
      return { run: start(), visible: awaitUnscheduled(space), undo };
    },
    code: 'ROLLOUT_STALLED (AntiAffinity)',
    tells: [/pod nats-[01]/, 'anti-affinity'],
    hint: ['anti-affinity: preferred'],
    state: /Unschedulable/,
    withinSeconds: 5,
  },
  {
    fault: 'nodes with a taint that the servers do not tolerate',
    inputs: ONE,
    make: async ({ start, deployment: { space } }) => {
      const undo = await taint(space, 0);
      return { run: start(), visible: awaitUnscheduled(space), undo };
    },
    code: 'ROLLOUT_STALLED (UntoleratedTaint)',
    tells: ['pod nats-0', 'taint'],
    hint: ['taint'],
    state: /nats-0 Unschedulable/,
    withinSeconds: 5,
  },
];
