/** Removes the shared cluster; an existing cluster of KUBECONFIG stays unchanged. */
export default async function tearDown(): Promise<void> {
  const detach: unknown = Reflect.get(globalThis, 'detachSharedCluster');
  if (isDetach(detach)) {
    await detach();
  }
}

function isDetach(value: unknown): value is () => Promise<void> {
  return typeof value === 'function';
}
