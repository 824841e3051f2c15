/** Removes the shared cluster; an existing one that KUBECONFIG named is left as it is. */
export default async function tearDown(): Promise<void> {
  const detach: unknown = Reflect.get(globalThis, 'detachSharedCluster');
  if (isDetach(detach)) {
    await detach();
  }
}

function isDetach(value: unknown): value is () => Promise<void> {
  return typeof value === 'function';
}
