/**
 * Waits for all requests and returns their results. If several fail, throws the error of the first in argument order,
 * because the other errors usually follow from it.
 */
export async function allOrFirstError<const Results extends readonly unknown[]>(
  ...promises: { readonly [Index in keyof Results]: Promise<Results[Index]> }
): Promise<Results> {
  const settled = await Promise.allSettled(promises);
  const failed = settled.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
  return await Promise.all(promises);
}
