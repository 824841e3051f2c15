import { describe, expect, test } from '@jest/globals';
import {
  applyManifest,
  createObject,
  evictPod,
  patchObject,
  removeObject,
  replaceObject,
} from '../../../src/kubernetes/object-writes.ts';
import { answerAlways } from '../support/scripted-requester.ts';

const REF = { kind: 'Service', name: 'nats', namespace: 'messaging' } as const;
const PATH = '/api/v1/namespaces/messaging/services';
const { signal } = new AbortController();
const fieldManager = 'm';
const manifest = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'nats', namespace: 'messaging' }, spec: {} };
const written = () => answerAlways(200, manifest);

/** Deletes a Service at an API server that answers with this status. Returns the result and the request. */
async function remove(status: number) {
  const { request, asked } = answerAlways(status, {});
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

describe('an apply', () => {
  const apply = async (options: object = {}) => {
    const { request, asked } = written();
    await applyManifest(request, manifest, { fieldManager, ...options }, signal);
    return asked;
  };

  test('is strict, may be sent again, and takes no fields over by default', async () => {
    const query = { fieldManager, force: 'false', fieldValidation: 'Strict', dryRun: undefined };
    expect(await apply()).toStrictEqual([
      {
        method: 'PATCH',
        path: `${PATH}/nats`,
        query,
        body: manifest,
        contentType: 'application/apply-patch+yaml',
        idempotent: true,
        object: 'Service messaging/nats',
        signal,
      },
    ]);
  });

  test('takes fields over, stores nothing or requires a version, if it is asked to', async () => {
    expect(await apply({ force: true, dryRun: true, resourceVersion: '7' })).toMatchObject([
      { query: { force: 'true', dryRun: 'All' }, body: { metadata: { name: 'nats', resourceVersion: '7' } } },
    ]);
  });

  test('of an unknown kind is a bug, and nothing is sent', async () => {
    const { request, asked } = written();
    const unknown = applyManifest(request, { ...manifest, kind: 'toString' }, { fieldManager }, signal);
    await expect(unknown).rejects.toMatchObject({ code: 'INTERNAL' });
    expect(asked).toEqual([]);
  });
});

describe('another write', () => {
  test('creates an object below its namespace, and may be sent again', async () => {
    const { request, asked } = written();
    await createObject(request, manifest, { fieldManager }, signal);
    const query = { fieldManager, fieldValidation: 'Strict', dryRun: undefined };
    const object = 'Service messaging/nats';
    expect(asked).toStrictEqual([
      { method: 'POST', path: PATH, idempotent: true, query, body: manifest, object, signal },
    ]);
  });

  test('creates an object without a namespace at the root', async () => {
    const { request, asked } = written();
    await createObject(
      request,
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n' } },
      { fieldManager },
      signal,
    );
    expect(asked).toMatchObject([{ path: '/api/v1/namespaces', object: 'Namespace n' }]);
  });

  test('replaces an object under its name', async () => {
    const { request, asked } = written();
    const replacement = { ...manifest, metadata: { ...manifest.metadata, resourceVersion: '7' } };
    await replaceObject(request, replacement, { fieldManager, dryRun: true }, signal);
    expect(asked).toMatchObject([{ method: 'PUT', path: `${PATH}/nats`, query: { dryRun: 'All' }, body: replacement }]);
  });

  test('merges a value, and may be sent again', async () => {
    const { request, asked } = written();
    await patchObject(request, REF, { kind: 'merge', value: { a: 1 } }, { fieldManager }, signal);
    const contentType = 'application/merge-patch+json';
    expect(asked).toMatchObject([{ method: 'PATCH', body: { a: 1 }, contentType, idempotent: true }]);
    expect(asked[0]?.query?.['dryRun']).toBeUndefined();
  });

  test('patches by operations, and is not sent again', async () => {
    const { request, asked } = written();
    const operations = [{ op: 'remove', path: '/spec/a' }];
    await patchObject(request, REF, { kind: 'json', operations }, { fieldManager, dryRun: true }, signal);
    const contentType = 'application/json-patch+json';
    expect(asked).toMatchObject([{ body: operations, contentType, idempotent: false, query: { dryRun: 'All' } }]);
  });
});

describe('an eviction', () => {
  const pod = { namespace: 'n', name: 'nats-0', uid: 'u1' };

  test.each<[number, unknown, object]>([
    [200, {}, { kind: 'evicted' }],
    [201, {}, { kind: 'evicted' }],
    [404, {}, { kind: 'gone' }],
    [409, {}, { kind: 'gone' }],
    [429, { kind: 'Status', message: 'the budget is used up' }, { kind: 'denied', because: 'the budget is used up' }],
    [500, 'two budgets', { kind: 'denied', because: 'status 500' }],
    [300, {}, { kind: 'denied', because: 'status 300' }],
  ])('is understood by its status: %d', async (status, body, result) => {
    const { request, asked } = answerAlways(status, body);
    expect(await evictPod(request, pod, signal)).toEqual(result);
    expect(asked).toMatchObject([
      {
        path: '/api/v1/namespaces/n/pods/nats-0/eviction',
        body: { deleteOptions: { preconditions: { uid: 'u1' } } },
        idempotent: true,
        accept: [404, 409, 429, 500],
      },
    ]);
  });
});
