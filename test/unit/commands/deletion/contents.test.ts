import { describe, expect, test } from '@jest/globals';
import { readContents } from '../../../../src/commands/deletion/contents.ts';
import { ActionError } from '../../../../src/errors/action-error.ts';
import type { ApiRequest, ApiResponse } from '../../../../src/kubernetes/request.ts';

const { signal } = new AbortController();

type Resource = { readonly plural: string; readonly kind: string; readonly verbs?: readonly string[] };

const CORE: readonly Resource[] = [
  { plural: 'configmaps', kind: 'ConfigMap' },
  { plural: 'secrets', kind: 'Secret' },
  { plural: 'serviceaccounts', kind: 'ServiceAccount' },
  { plural: 'pods', kind: 'Pod' },
  { plural: 'services', kind: 'Service' },
  { plural: 'endpoints', kind: 'Endpoints' },
  { plural: 'events', kind: 'Event' },
];

const NAMED: Readonly<Record<string, readonly Resource[]>> = {
  apps: [
    { plural: 'statefulsets', kind: 'StatefulSet' },
    { plural: 'controllerrevisions', kind: 'ControllerRevision' },
  ],
  'discovery.k8s.io': [{ plural: 'endpointslices', kind: 'EndpointSlice' }],
  'metrics.k8s.io': [{ plural: 'pods', kind: 'PodMetrics', verbs: ['get', 'list'] }],
  'cert-manager.io': [{ plural: 'certificates', kind: 'Certificate' }],
};

const VERBS = ['create', 'delete', 'get', 'list'];

function aggregated(groups: Readonly<Record<string, readonly Resource[]>>, stale: readonly string[]): unknown {
  const items = Object.entries(groups).map(([name, resources]) => ({
    metadata: { name },
    versions: [
      {
        version: 'v1',
        freshness: stale.includes(name) ? 'Stale' : 'Current',
        resources: resources.map(({ plural, kind, verbs = VERBS }) => ({
          resource: plural,
          responseKind: { kind },
          scope: 'Namespaced',
          verbs,
        })),
      },
    ],
  }));
  return { kind: 'APIGroupDiscoveryList', items };
}

function oneByOne(path: string): unknown {
  if (path === '/api') return { kind: 'APIVersions', versions: ['v1'] };
  if (path === '/apis') {
    const groups = Object.keys(NAMED).map((name) => ({
      name,
      versions: [{ groupVersion: `${name}/v1`, version: 'v1' }],
    }));
    return { kind: 'APIGroupList', groups };
  }
  const group = path.split('/')[2] ?? '';
  const resources = path === '/api/v1' ? CORE : NAMED[group];
  return {
    resources: resources?.flatMap(({ plural, kind, verbs = VERBS }) => [
      { name: plural, kind, namespaced: true, verbs },
      { name: `${plural}/status`, kind, namespaced: true, verbs: ['get', 'list', 'delete'] },
    ]),
  };
}

type Server = {
  readonly objects?: Readonly<Record<string, readonly object[]>>;
  readonly forbidden?: readonly string[];
  readonly broken?: readonly string[];
  readonly stale?: readonly string[];
  readonly isOld?: boolean;
};

/** Makes an API server that has these objects in its namespace, by the plural of their kind. */
function serving({ objects = {}, forbidden = [], broken = [], stale = [], isOld = false }: Server) {
  const asked: ApiRequest[] = [];
  const request = async (one: ApiRequest): Promise<ApiResponse> => {
    asked.push(one);
    const { path } = one;
    if (!path.includes('/namespaces/')) {
      if (isOld) return { status: 200, body: oneByOne(path) };
      return { status: 200, body: aggregated(path === '/api' ? { '': CORE } : NAMED, stale) };
    }
    const plural = path.split('/').at(-1) ?? '';
    if (forbidden.includes(plural)) return { status: 403, body: {} };
    if (broken.includes(plural)) {
      throw new ActionError('CLUSTER_UNREACHABLE', 'away', { hint: '', details: { server: '' } });
    }
    const [first, ...rest] = path.includes('/metrics.k8s.io/') ? [] : (objects[plural] ?? []);
    // Each page has one object, so that the test sees whether a later page is read.
    const page = one.query?.['continue'] === undefined ? [first] : rest;
    const more = one.query?.['continue'] === undefined && rest.length > 0 ? 'next' : '';
    return { status: 200, body: { metadata: { continue: more }, items: page.filter((item) => item !== undefined) } };
  };
  return { asked, contents: async () => await readContents({ request }, 'preview', signal) };
}

const named = (name: string, more: object = {}) => ({ kind: 'PartialObjectMetadata', metadata: { name, ...more } });
const ownedBy = (apiVersion: string, kind: string) => ({
  ownerReferences: [{ apiVersion, kind, name: 'x', uid: '1' }],
});

const GIVEN = {
  configmaps: [named('kube-root-ca.crt')],
  serviceaccounts: [named('default')],
  pods: [named('nats-0', ownedBy('apps/v1', 'StatefulSet'))],
  controllerrevisions: [named('nats-1', ownedBy('apps/v1', 'StatefulSet'))],
  endpointslices: [named('nats-x')],
  endpoints: [named('nats')],
  events: [named('nats-0.1')],
};

describe.each([
  ['aggregated', false],
  ['unaggregated', true],
])('the contents of a namespace, with %s discovery,', (_, isOld) => {
  test('are empty if only Kubernetes itself created objects there', async () => {
    const { asked, contents } = serving({ objects: GIVEN, isOld });
    expect(await contents()).toEqual({ objects: [], unread: [] });
    const listed = asked.filter(({ path }) => path.includes('/namespaces/preview/'));
    expect(listed.map(({ path }) => path)).toEqual(
      expect.arrayContaining([
        '/api/v1/namespaces/preview/secrets',
        '/apis/cert-manager.io/v1/namespaces/preview/certificates',
      ]),
    );
    expect(listed.every(({ mediaType }) => mediaType?.includes('PartialObjectMetadataList'))).toBe(true);
    expect(listed.filter(({ path }) => path.includes('metrics.k8s.io') || path.endsWith('/status'))).toEqual([]);
  });

  test.each<[string, Record<string, readonly object[]>, string]>([
    ['a custom resource', { certificates: [named('web')] }, 'Certificate/web'],
    [
      'a ServiceAccount other than the default one',
      { serviceaccounts: [named('default'), named('ci')] },
      'ServiceAccount/ci',
    ],
    ['a pod without an owner', { pods: [named('shell')] }, 'Pod/shell'],
    [
      'an object that a cluster-scoped object owns',
      { configmaps: [named('quota', ownedBy('example.com/v1', 'Tenant'))] },
      'ConfigMap/quota',
    ],
  ])('include %s', async (_what, objects, expected) => {
    const found = await serving({ objects: { ...GIVEN, ...objects }, isOld }).contents();
    expect(found.objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`)).toEqual([expected]);
  });

  test('are incomplete if a kind must not be listed or its API does not respond', async () => {
    const server = serving({ forbidden: ['serviceaccounts'], broken: ['certificates'], isOld });
    expect((await server.contents()).unread).toEqual(['certificates.cert-manager.io', 'serviceaccounts']);
  });
});

test('the contents of an unavailable API group are reported as unknown', async () => {
  expect((await serving({ stale: ['cert-manager.io'] }).contents()).unread).toEqual(['cert-manager.io/v1']);
});

test('Secrets that the API server creates are left out by their type', async () => {
  const { asked, contents } = serving({});
  await contents();
  const secrets = asked.find(({ path }) => path.endsWith('/secrets'));
  expect(secrets?.query?.['fieldSelector']).toContain('type!=kubernetes.io/service-account-token');
});
