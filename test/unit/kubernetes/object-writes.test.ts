import { expect, test } from '@jest/globals';
import { removeObject } from '../../../src/kubernetes/object-writes.ts';
import type { ApiRequest } from '../../../src/kubernetes/request.ts';

const REF = { kind: 'Service', name: 'nats', namespace: 'messaging' } as const;
const { signal } = new AbortController();

/** Deletes a Service at an API server that answers with this status. Returns the result and the request. */
async function remove(status: number) {
  const asked: ApiRequest[] = [];
  const request = async (one: ApiRequest) => {
    asked.push(one);
    return { status, body: {} };
  };
  const isRemoved = await removeObject(request, REF, { uid: 'u1' }, signal);
  return { isRemoved, asked };
}

test('a deletion returns whether there was an object to delete', async () => {
  expect((await remove(200)).isRemoved).toBe(true);
  expect((await remove(202)).isRemoved).toBe(true);
  expect((await remove(404)).isRemoved).toBe(false);
});

test('a deletion is bound to the uid of the object, and deletes its dependents in the background', async () => {
  const { asked } = await remove(200);
  expect(asked).toMatchObject([
    {
      method: 'DELETE',
      path: '/api/v1/namespaces/messaging/services/nats',
      body: { kind: 'DeleteOptions', propagationPolicy: 'Background', preconditions: { uid: 'u1' } },
      accept: [404],
    },
  ]);
});
