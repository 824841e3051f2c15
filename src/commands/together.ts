/**
 * What comes of requests that are under way at the same time. When several fail, the first one is told: it is what the
 * others need to make sense.
 */
export async function together<const Results extends readonly unknown[]>(
  ...promises: { readonly [Index in keyof Results]: Promise<Results[Index]> }
): Promise<Results> {
  const settled = await Promise.allSettled(promises);
  const failed = settled.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
  return await Promise.all(promises);
}
