import { type Asked, holdRequests } from './held-requests.ts';
import type { TestNamespace } from './namespace.ts';

/** An API server in front of the real one that keeps account of what it is asked. */
export type CountedRequests = {
  readonly url: string;
  /** Port-forwards among them. */
  readonly asked: readonly Asked[];
  readonly close: () => Promise<void>;
};

export async function countRequests(space: TestNamespace): Promise<CountedRequests> {
  const asked: Asked[] = [];
  const { url, close } = await holdRequests(space, (request) => {
    asked.push(request);
    return false;
  });
  return { url, asked, close };
}

/** What is asked again and again while pods start, to end a wait for what no waiting heals. */
export function isOfWait({ path }: Asked): boolean {
  return /\/(?:events|log|persistentvolumeclaims)\b|\/nodes\?.*fieldSelector|\/services\?.*labelSelector/.test(path);
}
