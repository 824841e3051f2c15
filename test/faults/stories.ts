import { CoreV1Api, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import type { Asked, HeldRequests } from '../support/held-requests.ts';
import type { TestNamespace } from '../support/namespace.ts';
import { MERGE } from '../support/objects.ts';
import type { Inputs, Running, Scene, Undo } from './fault.ts';
import { isReady, waitUntil } from './visible.ts';

/** The inputs of one server, which is enough if the test needs no route. */
export const ONE = { replicas: '1' } as const;
/** The inputs of one pair of servers. */
export const PAIR = { replicas: '2' } as const;

/** The grace period of a deleted pod. It is short, because the test needs only the successor of the pod. */
const AT_ONCE = 0;

export const isPortForward = ({ path }: Asked): boolean => path.includes('/portforward');

/** Checks whether a request is the first write of a run that changes the configuration. */
export const isConfigurationWrite = ({ method, path }: Asked): boolean =>
  method === 'PATCH' && path.includes('/secrets/nats-config') && !path.includes('dryRun');

/** Checks whether a request is the record that the action writes after all its checks have passed. */
export const isRecord = ({ method, path, contentType }: Asked): boolean =>
  method === 'PATCH' && path.includes('/statefulsets/') && contentType.includes('merge-patch');

/**
 * Starts a run that waits for its servers. The proxy holds the connections to the servers until the test releases them.
 */
export async function startHeldWait(scene: Scene, inputs: Inputs = {}): Promise<{ run: Running; held: HeldRequests }> {
  return await startHeldAt(scene, isPortForward, inputs);
}

/** Starts a run that waits for the answer to a matching request. */
export async function startHeldAt(
  scene: Scene,
  isHeld: (asked: Asked) => boolean,
  inputs: Inputs = {},
): Promise<{ run: Running; held: HeldRequests }> {
  const held = await scene.hold(isHeld);
  const run = scene.start({ ...(await scene.through(held)), ...inputs });
  await Promise.race([held.reached, run.result]);
  return { run, held };
}

/** Deletes a pod at once, and waits until the controller has created its successor. */
export async function replacePod({ core, name: namespace }: TestNamespace, name: string): Promise<void> {
  const before = await core.readNamespacedPod({ name, namespace });
  await core.deleteNamespacedPod({ name, namespace, gracePeriodSeconds: AT_ONCE });
  await waitUntil(`a successor of ${name}`, async () => {
    const { items } = await core.listNamespacedPod({ namespace, fieldSelector: `metadata.name=${name}` });
    return items.some(({ metadata }) => metadata?.uid !== before.metadata?.uid);
  });
}

export async function awaitAllReady({ core, name: namespace }: TestNamespace, count: number): Promise<void> {
  await waitUntil(`${count} servers Ready`, async () => {
    const { items } = await core.listNamespacedPod({ namespace });
    return items.filter(isReady).length === count;
  });
}

/** Removes keys of a Secret. The test does not become a field manager of the Secret. */
export async function removeKeys(
  { core, name: namespace }: TestNamespace,
  name: string,
  keys: readonly string[],
): Promise<void> {
  const body = { data: Object.fromEntries(keys.map((key) => [key, null])) };
  await core.patchNamespacedSecret({ name, namespace, body }, MERGE);
}

/** Reads the address of a pod. */
export async function readPodAddress({ core, name: namespace }: TestNamespace, name: string): Promise<string> {
  const { status } = await core.readNamespacedPod({ name, namespace });
  return status?.podIP ?? '';
}

const JSON_MERGE = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);

/** Closes all nodes except the first `open`, like `kubectl cordon`. */
export async function cordon({ config }: TestNamespace, open: number): Promise<Undo> {
  return await patchNodes(
    config.makeApiClient(CoreV1Api),
    open,
    { spec: { unschedulable: true } },
    {
      spec: { unschedulable: null },
    },
  );
}

/** Taints all nodes except the first `open`, like `kubectl taint`. */
export async function taint({ config }: TestNamespace, open: number): Promise<Undo> {
  const taints = [{ key: 'example.com/dedicated', value: 'databases', effect: 'NoSchedule' }];
  return await patchNodes(config.makeApiClient(CoreV1Api), open, { spec: { taints } }, { spec: { taints: null } });
}

async function patchNodes(core: CoreV1Api, open: number, made: object, undone: object): Promise<Undo> {
  const { items } = await core.listNode();
  const names = items
    .map(({ metadata }) => metadata?.name ?? '')
    .toSorted()
    .slice(open);
  const write = async (body: object): Promise<void> => {
    for (const name of names) await core.patchNode({ name, body }, JSON_MERGE);
  };
  await write(made);
  return async () => await write(undone);
}
