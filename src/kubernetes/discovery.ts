import { recordOf, recordsOf } from './objects/json.ts';
import type { Requester } from './request.ts';
import { discoveryOf, type ResourceKind } from './resources.ts';

/** Checks whether the API server serves the kind, which an operator may have installed (APIResourceList of meta/v1). */
export async function servesKind(request: Requester, kind: ResourceKind, signal: AbortSignal): Promise<boolean> {
  const { path, plural } = discoveryOf(kind);
  // 403: every authenticated user may read this by default. If that right was removed, the kind counts as not served.
  const { status, body } = await request({ method: 'GET', path, accept: [403, 404], signal });
  return status === 200 && recordsOf(recordOf(body)['resources']).some(({ name }) => name === plural);
}
