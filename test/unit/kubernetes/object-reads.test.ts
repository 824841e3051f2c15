import { describe, expect, test } from '@jest/globals';
import { getObject, listObjects, METADATA_LIST, serverVersion } from '../../../src/kubernetes/object-reads.ts';
import { answerAlways, scriptRequester } from '../support/scripted-requester.ts';

const { signal } = new AbortController();
const pod = (name: string, more: object = {}): object => ({ metadata: { name, namespace: 'n' }, ...more });

/** Makes an API server that answers list requests with these pages, in order. */
function pager(...pages: readonly { readonly status?: number; readonly body: unknown }[]) {
  const left = [...pages];
  return scriptRequester(() => ({ status: 200, ...(left.shift() ?? { body: undefined }) }));
}

function page(items: readonly unknown[], more: object = {}) {
  return { body: { metadata: { resourceVersion: '5', ...more }, items } };
}

describe('an object', () => {
  const ref = { kind: 'Pod', name: 'a', namespace: 'n' } as const;

  test('is read by its path', async () => {
    const { request, asked } = answerAlways(200, pod('a', { apiVersion: 'v1', kind: 'Pod' }));
    expect(await getObject(request, ref, signal)).toMatchObject({ kind: 'Pod', metadata: { name: 'a' } });
    expect(asked).toMatchObject([{ path: '/api/v1/namespaces/n/pods/a', accept: [404], object: 'Pod n/a' }]);
  });

  test('is undefined if it does not exist', async () => {
    expect(await getObject(answerAlways(404, { kind: 'Status' }).request, ref, signal)).toBeUndefined();
  });
});

describe('a list of objects', () => {
  const namesOf = (list: { readonly objects: readonly { readonly metadata: { readonly name: string } }[] }) =>
    list.objects.map(({ metadata }) => metadata.name);

  test('is read in pages, up to a page without a token', async () => {
    const { request, asked } = pager(page([pod('a')], { continue: 't' }), page([pod('b')], { continue: '' }));
    const list = await listObjects(request, 'Pod', { namespace: 'n', labelSelector: 'x=y' }, signal);
    expect([namesOf(list), list.resourceVersion]).toEqual([['a', 'b'], '5']);
    expect(list.objects).toMatchObject([{ apiVersion: 'v1', kind: 'Pod' }, { kind: 'Pod' }]);
    expect(asked.map(({ query }) => query?.['continue'])).toEqual([undefined, 't']);
    expect(asked.map(({ accept }) => accept)).toStrictEqual([[], [410]]);
    expect(asked[0]?.query).toMatchObject({ labelSelector: 'x=y', limit: '500' });
  });

  test('starts again if its version expires between two pages', async () => {
    const expired = { status: 410, body: { kind: 'Status' } };
    const { request, asked } = pager(page([pod('old')], { continue: 't' }), expired, page([pod('new')]));
    expect(namesOf(await listObjects(request, 'Pod', {}, signal))).toEqual(['new']);
    expect(asked.map(({ query }) => query?.['continue'])).toEqual([undefined, 't', undefined]);
  });

  test.each<[string, unknown]>([
    ['no resource version', { metadata: {}, items: [] }],
    ['an item without a name', page([{ metadata: {} }]).body],
    ['an item that is no object', page([null]).body],
    ['no fields', '<html>'],
  ])('is refused with %s', async (_rule, body) => {
    await expect(listObjects(pager({ body }).request, 'Pod', {}, signal)).rejects.toMatchObject({
      code: 'CLUSTER_UNREACHABLE',
      reason: 'InvalidResponse',
    });
  });

  test('of metadata has the kind that was asked for, and whole objects keep theirs', async () => {
    const items = [pod('a', { apiVersion: 'meta.k8s.io/v1', kind: 'PartialObjectMetadata' })];
    const { request, asked } = pager(page(items), page(items));
    expect((await listObjects(request, 'Pod', { metadataOnly: true }, signal)).objects).toMatchObject([
      { apiVersion: 'v1', kind: 'Pod' },
    ]);
    expect((await listObjects(request, 'Pod', {}, signal)).objects).toMatchObject([{ kind: 'PartialObjectMetadata' }]);
    expect(asked.map(({ mediaType }) => mediaType)).toEqual([METADATA_LIST, undefined]);
  });

  test('of metadata is refused with an item that is no object', async () => {
    const list = listObjects(pager(page(['a'])).request, 'Pod', { metadataOnly: true }, signal);
    await expect(list).rejects.toMatchObject({ reason: 'InvalidResponse' });
  });
});

test('the version of the API server is required', async () => {
  expect(await serverVersion(answerAlways(200, { gitVersion: 'v1.36.3' }).request, signal)).toBe('v1.36.3');
  await expect(serverVersion(answerAlways(200, { gitVersion: 1 }).request, signal)).rejects.toMatchObject({
    reason: 'InvalidResponse',
  });
});
