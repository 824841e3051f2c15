import { describe, expect, test } from '@jest/globals';
import { listNamespacedKinds } from '../../../src/kubernetes/namespaced-kinds.ts';
import { scriptRequester } from '../support/scripted-requester.ts';

const { signal } = new AbortController();
const verbs = ['delete', 'list'];
const CORE = { group: '', version: 'v1', kind: 'Pod', plural: 'pods' };

/** Lists the kinds of an API server with these answers by path; other paths are 404, and numbers are a status. */
async function list(answers: Readonly<Record<string, unknown>>) {
  const { request, asked } = scriptRequester(({ path }) => {
    const body = answers[path];
    if (body === undefined) return undefined;
    return typeof body === 'number' ? { status: body, body: {} } : { status: 200, body };
  });
  return { ...(await listNamespacedKinds(request, signal)), asked: asked.map(({ path }) => path) };
}

describe('the namespaced kinds of aggregated discovery', () => {
  const resource = (plural: string, kind: string, more: object = {}): object => {
    return { resource: plural, responseKind: { kind }, scope: 'Namespaced', verbs, ...more };
  };
  const groups = (...items: readonly object[]): object => ({ kind: 'APIGroupDiscoveryList', items });
  const group = (name: string | undefined, ...versions: readonly object[]): object => ({
    metadata: { name },
    versions,
  });
  const pods = { version: 'v1', resources: [resource('pods', 'Pod')] };
  const none = groups();

  test('are read with one request for the core group and one for all others', async () => {
    const found = await list({
      '/api': groups(group(undefined, pods)),
      '/apis': groups(group('apps', { version: 'v1', resources: [resource('statefulsets', 'StatefulSet')] })),
    });
    const sets = { group: 'apps', version: 'v1', kind: 'StatefulSet', plural: 'statefulsets' };
    expect(found).toEqual({ kinds: [CORE, sets], silent: [], asked: ['/api', '/apis'] });
  });

  test.each<[string, object]>([
    ['belongs to no namespace', { scope: 'Cluster' }],
    ['can only be listed', { verbs: ['list'] }],
    ['can only be deleted', { verbs: ['delete'] }],
    ['has no verbs', { verbs: undefined }],
    ['has no name', { resource: '' }],
    ['is a subresource', { resource: 'pods/status' }],
  ])('do not include a resource that %s', async (_rule, more) => {
    const resources = [resource('odd', 'Odd', more), resource('pods', 'Pod')];
    const found = await list({ '/api': groups(group('', { version: 'v1', resources })), '/apis': none });
    expect(found.kinds).toEqual([CORE]);
  });

  test('have the version that the API server prefers', async () => {
    const version = (name: string) => ({ version: name, resources: [resource('things', 'Thing')] });
    const found = await list({ '/api': none, '/apis': groups(group('x.io', version('v2'), version('v1'))) });
    expect(found.kinds).toEqual([{ group: 'x.io', version: 'v2', kind: 'Thing', plural: 'things' }]);
  });

  test('lack those of a group whose own API server does not answer, and the group is named', async () => {
    const stale = { version: 'v1', freshness: 'Stale', resources: [] };
    const found = await list({
      '/api': groups(group('', { ...pods, freshness: 'Current' })),
      '/apis': groups(group('metrics.example.com', stale)),
    });
    expect(found).toMatchObject({ kinds: [CORE], silent: ['metrics.example.com/v1'] });
  });

  test.each([403, 404])('name the path that is answered with %d', async (status) => {
    expect(await list({ '/api': groups(group('', pods)), '/apis': status })).toMatchObject({
      kinds: [CORE],
      silent: ['/apis'],
    });
  });
});

describe('the namespaced kinds of an API server without aggregated discovery', () => {
  const resource = (name: string, kind: string, more: object = {}): object => ({
    name,
    kind,
    namespaced: true,
    verbs,
    ...more,
  });
  const core = { kind: 'APIVersions', versions: ['v1'] };
  const named = (name: string, ...versions: readonly string[]): object => {
    return { kind: 'APIGroupList', groups: [{ name, versions: versions.map((version) => ({ version })) }] };
  };

  test('are read with one request for each API version', async () => {
    const found = await list({
      '/api': core,
      '/api/v1': { resources: [resource('pods', 'Pod')] },
      '/apis': named('x.io', 'v2', 'v1'),
      '/apis/x.io/v1': { resources: [resource('things', 'Thing'), resource('parts', 'Part')] },
      '/apis/x.io/v2': { resources: [resource('things', 'Thing')] },
    });
    expect(found.kinds).toEqual([
      CORE,
      { group: 'x.io', version: 'v2', kind: 'Thing', plural: 'things' },
      { group: 'x.io', version: 'v1', kind: 'Part', plural: 'parts' },
    ]);
    expect(found.silent).toEqual([]);
    expect(found.asked.toSorted()).toEqual(['/api', '/api/v1', '/apis', '/apis/x.io/v1', '/apis/x.io/v2']);
  });

  test.each<[string, object]>([
    ['belongs to no namespace', { namespaced: false }],
    ['can only be listed', { verbs: ['list'] }],
    ['is a subresource', { name: 'pods/status' }],
  ])('do not include a resource that %s', async (_rule, more) => {
    const resources = [resource('odd', 'Odd', more), resource('pods', 'Pod')];
    const found = await list({ '/api': core, '/api/v1': { resources }, '/apis': named('x.io') });
    expect(found.kinds).toEqual([CORE]);
  });

  test.each<[string, unknown]>([
    ['503', 503],
    ['404', 404],
    ['no list', { resources: 'things' }],
  ])('lack those of an API version that is answered with %s, and it is named', async (_rule, answer) => {
    const found = await list({
      '/api': core,
      '/api/v1': answer,
      '/apis': named('x.io', 'v1'),
      '/apis/x.io/v1': answer,
    });
    expect(found).toMatchObject({ kinds: [], silent: ['v1', 'x.io/v1'] });
  });
});
