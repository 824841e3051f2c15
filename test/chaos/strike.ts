import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { ApiException, type V1Secret } from '@kubernetes/client-node';
import type { ClusterFaults } from '../cluster/faults.ts';
import type { ActionResult } from '../support/action.ts';
import type { TestDeployment } from '../support/deployment.ts';
import type { TestNamespace } from '../support/namespace.ts';
import { type Inputs, NAME } from './case.ts';
import type { Fault } from './fault.ts';
import { deleteSecret, editSecret, restart, scale, setLabel, type Undo } from './manual-edits.ts';

export type Scene = {
  readonly deployment: TestDeployment;
  readonly faults: ClusterFaults;
  readonly inputs: Inputs;
  /** Returns the process ID of the present run. */
  readonly pid: () => number | undefined;
  /** Waits until the API answers again and every node is Ready. */
  readonly awaitCluster: () => Promise<void>;
};

export type Struck = {
  /** The target of the fault, as text. */
  readonly note: string;
  readonly undo: Undo;
  /** UIDs of the pods that the fault ended; grows while it continues. */
  readonly ended?: ReadonlySet<string>;
  /** Returns the time of the last strike, by the clock of `performance`, of a fault that strikes several times. */
  readonly latestAt?: () => number;
  /** Another run that continues in parallel with the run under test. */
  readonly second?: Promise<ActionResult>;
};

const NOTHING: Undo = async () => {};

/** Causes the fault now. Returns undefined if the target does not exist yet. */
export async function strike(fault: Fault, scene: Scene): Promise<Struck | undefined> {
  const { deployment, faults } = scene;
  switch (fault.kind) {
    case 'none':
      return undefined;
    case 'pod-deleted':
      return await deletePod(deployment, fault.pick);
    case 'evicted':
      return await evictPods(deployment, fault);
    case 'node-killed': {
      const undo = await faults.stopNode(fault.node);
      return { note: `node-${fault.node}`, undo: then(undo, scene.awaitCluster) };
    }
    case 'cut':
      return await between(deployment, fault, async (from, to) => await faults.cut(from, to, fault.direction));
    case 'packet-loss':
      return await between(deployment, fault, async (from, to) => await faults.dropPackets(from, to, fault.loss));
    case 'api-paused':
      return { note: 'API server', undo: then(await faults.pauseApi(), scene.awaitCluster) };
    case 'api-killed':
      return { note: 'API server', undo: then(await faults.killApi(), scene.awaitCluster) };
    case 'secret-deleted':
    case 'secret-edited':
      return await onSecret(deployment, fault);
    case 'edited':
      return await edit(deployment, fault);
    case 'cancelled':
      return sendSignal(scene, fault.signal);
    case 'killed':
      return sendSignal(scene, 'SIGKILL');
    case 'stopped':
      return sendSignal(scene, 'SIGSTOP', 'SIGCONT');
    case 'second-run':
      return { note: 'the same inputs', undo: NOTHING, second: deployment.run(scene.inputs) };
  }
}

async function deletePod(
  { space: { core, name: namespace } }: TestDeployment,
  pick: number,
): Promise<Struck | undefined> {
  const { items } = await core.listNamespacedPod({ namespace });
  const { name, uid = '' } = pickShare(items, pick)?.metadata ?? {};
  if (name === undefined) return undefined;
  await core.deleteNamespacedPod({ name, namespace });
  return { note: name, undo: NOTHING, ended: new Set([uid]) };
}

const EVICT_AGAIN_MS = 200;

/** Evicts the first pod at once, and the others while the run continues. */
async function evictPods(
  { space }: TestDeployment,
  { picks, pauseMs }: Extract<Fault, { kind: 'evicted' }>,
): Promise<Struck | undefined> {
  const ended = new Set<string>();
  const [first = 0, ...others] = picks;
  const name = await evictPod(space, first, ended);
  if (name === undefined) return undefined;
  let latest = performance.now();
  const stopping = new AbortController();
  const going = (async () => {
    for (const pick of others) {
      await delay(pauseMs, undefined, { signal: stopping.signal });
      while ((await evictPod(space, pick, ended)) === undefined) {
        await delay(EVICT_AGAIN_MS, undefined, { signal: stopping.signal });
      }
      latest = performance.now();
    }
  })().catch((error: unknown) => {
    if (!stopping.signal.aborted) throw error;
  });
  const undo: Undo = async () => {
    stopping.abort();
    await going;
  };
  return { note: name, undo, ended, latestAt: () => latest };
}

/** Evicts a pod and returns it. Returns undefined without a pod, or if its budget is used up. */
export async function evictPod(
  { core, name: namespace }: TestNamespace,
  pick: number,
  ended: Set<string>,
): Promise<string | undefined> {
  const { items } = await core.listNamespacedPod({ namespace });
  const { name, uid = '' } = pickShare(items, pick)?.metadata ?? {};
  if (name === undefined) return undefined;
  const body = {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { name, namespace },
    deleteOptions: { preconditions: { uid } },
  };
  // The UID is recorded before the API server informs any other client.
  const isNew = !ended.has(uid);
  ended.add(uid);
  try {
    await core.createNamespacedPodEviction({ name, namespace, body });
    return name;
  } catch (error) {
    if (isNew) ended.delete(uid);
    if (error instanceof ApiException && [404, 409, 429].includes(error.code)) return undefined;
    throw error;
  }
}

async function between(
  { space: { core, name: namespace } }: TestDeployment,
  { from, to }: { readonly from: number; readonly to: number },
  part: (from: string, to: string) => Promise<Undo>,
): Promise<Struck | undefined> {
  const { items } = await core.listNamespacedPod({ namespace });
  const [one] = [pickShare(items, from)];
  const [other] = [
    pickShare(
      items.filter((pod) => pod !== one),
      to,
    ),
  ];
  const [source, target] = [one?.status?.podIP, other?.status?.podIP];
  if (source === undefined || target === undefined) return undefined;
  return { note: `${one?.metadata?.name}, ${other?.metadata?.name}`, undo: await part(source, target) };
}

async function onSecret(
  deployment: TestDeployment,
  fault: Extract<Fault, { kind: 'secret-deleted' | 'secret-edited' }>,
): Promise<Struck | undefined> {
  const { core, name: namespace } = deployment.space;
  const { items } = await core.listNamespacedSecret({ namespace });
  const secret: V1Secret | undefined = pickShare(items, fault.pick);
  if (secret === undefined) return undefined;
  const name = secret.metadata?.name ?? '';
  if (fault.kind === 'secret-deleted') {
    return { note: name, undo: await deleteSecret(deployment, secret) };
  }
  const key = pickShare(Object.keys(secret.data ?? {}), fault.key) ?? '';
  return { note: `${name}, ${key}`, undo: await editSecret(deployment, secret, key) };
}

async function edit(
  deployment: TestDeployment,
  fault: Extract<Fault, { kind: 'edited' }>,
): Promise<Struck | undefined> {
  const { apps, space } = deployment;
  const { items } = await apps.listNamespacedStatefulSet({ namespace: space.name });
  if (items.length === 0) return undefined;
  switch (fault.edit) {
    case 'scale':
      return { note: `StatefulSet/${NAME}`, undo: await scale(deployment, fault.pick < 0.5) };
    case 'restart':
      await restart(deployment);
      return { note: `StatefulSet/${NAME}`, undo: NOTHING };
    case 'label':
      await setLabel(deployment);
      return { note: `Service/${NAME}`, undo: NOTHING };
  }
}

function sendSignal({ pid }: Scene, signal: NodeJS.Signals, undoing?: NodeJS.Signals): Struck | undefined {
  const id = pid();
  if (id === undefined || !isSent(id, signal)) return undefined;
  const undo: Undo = async () => {
    if (undoing !== undefined && pid() !== undefined) isSent(id, undoing);
  };
  return { note: signal, undo };
}

/** Checks whether the process still existed. It may have ended before this process was informed. */
function isSent(id: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(id, signal);
  } catch (error) {
    if (Error.isError(error) && 'code' in error && error.code === 'ESRCH') return false; // jest runs tests in another realm.
    throw error;
  }
}

function then(undo: Undo, next: Undo): Undo {
  return async () => {
    await undo();
    await next();
  };
}

function pickShare<Item>(items: readonly Item[], share: number): Item | undefined {
  return items[Math.floor(share * items.length)];
}
