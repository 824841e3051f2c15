import { type Asked, holdRequests } from './held-requests.ts';
import type { TestNamespace } from './namespace.ts';

/** An API server in front of the real one that records its requests. */
export type CountedRequests = {
  readonly url: string;
  /** All requests, including port-forwards. */
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

/** Checks whether a request is one that the action repeats while pods start, to end a wait that cannot succeed. */
export function isOfWait({ path }: Asked): boolean {
  return /\/(?:events|log|persistentvolumeclaims)\b|\/nodes\?.*fieldSelector|\/services\?.*labelSelector/.test(path);
}
