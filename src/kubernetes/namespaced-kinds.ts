import { recordOf, recordsOf, textOf, textsOf } from '../objects/json.ts';
import type { Requester } from './request.ts';

/** A kind whose objects belong to namespaces, can be listed, and are deleted with their namespace. */
export type NamespacedKind = {
  /** The API group; the core group is the empty string. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
};

export type NamespacedKinds = {
  readonly kinds: readonly NamespacedKind[];
  /** The API groups whose kinds the API server cannot list, for example `metrics.example.com/v1`. */
  readonly silent: readonly string[];
};

/** Aggregated discovery (Kubernetes API concepts, "Aggregated discovery"): all groups in two answers. */
const AGGREGATED = ['v2', 'v2beta1']
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .join(',');

const ROOTS = ['/api', '/apis'] as const;

/** Returns every namespaced kind of the API server, including kinds of operators and of other API servers. */
export async function listNamespacedKinds(request: Requester, signal: AbortSignal): Promise<NamespacedKinds> {
  const found = await Promise.all(
    ROOTS.map(async (path) => {
      const mediaType = `${AGGREGATED},application/json`;
      const { status, body } = await request({ method: 'GET', path, mediaType, accept: [403, 404], signal });
      if (status !== 200) return { kinds: [], silent: [path] };
      return textOf(recordOf(body)['kind']) === 'APIGroupDiscoveryList'
        ? decodeAggregatedKinds(body)
        : await readKindsByVersion(request, path, body, signal);
    }),
  );
  const kinds = new Map(found.flatMap((each) => each.kinds).map((kind) => [`${kind.group}/${kind.plural}`, kind]));
  return { kinds: [...kinds.values()], silent: found.flatMap(({ silent }) => silent) };
}

/**
 * Reads an APIGroupDiscoveryList. The API server lists its preferred version first. The order is reversed, because the
 * caller keeps the last version of each kind.
 */
function decodeAggregatedKinds(body: unknown): NamespacedKinds {
  const versions = recordsOf(recordOf(body)['items']).flatMap((item) => {
    const group = textOf(recordOf(item['metadata'])['name']) ?? '';
    return recordsOf(item['versions'])
      .toReversed()
      .map((version) => ({ group, version: textOf(version['version']) ?? '', from: version }));
  });
  const kinds = versions.flatMap(({ group, version, from }) =>
    recordsOf(from['resources'])
      .filter((resource) => resource['scope'] === 'Namespaced' && isContent(resource))
      .map((resource): NamespacedKind => {
        const kind = textOf(recordOf(resource['responseKind'])['kind']) ?? '';
        return { group, version, kind, plural: textOf(resource['resource']) ?? '' };
      }),
  );
  const silent = versions.filter(({ from }) => from['freshness'] === 'Stale').map(nameOf);
  return { kinds, silent };
}

/**
 * Reads the kinds of API servers before 1.27, which list each version of a group in a separate answer (APIVersions,
 * APIGroupList).
 */
async function readKindsByVersion(
  request: Requester,
  path: (typeof ROOTS)[number],
  body: unknown,
  signal: AbortSignal,
): Promise<NamespacedKinds> {
  const answers = await Promise.all(
    listVersions(body).map(async ({ group, version }) => {
      const place = group === '' ? `${path}/${version}` : `${path}/${group}/${version}`;
      const answer = await request({ method: 'GET', path: place, accept: [403, 404, 503], signal });
      return { group, version, resources: answer.status === 200 ? recordOf(answer.body)['resources'] : undefined };
    }),
  );
  return {
    kinds: answers.flatMap(({ group, version, resources }) =>
      recordsOf(resources)
        .filter((resource) => resource['namespaced'] === true && isContent(resource))
        .map((resource): NamespacedKind => {
          return { group, version, kind: textOf(resource['kind']) ?? '', plural: textOf(resource['name']) ?? '' };
        }),
    ),
    silent: answers.filter(({ resources }) => !Array.isArray(resources)).map(nameOf),
  };
}

type GroupVersion = { readonly group: string; readonly version: string };

function listVersions(body: unknown): readonly GroupVersion[] {
  const core = textsOf(recordOf(body)['versions']).map((version): GroupVersion => ({ group: '', version }));
  const named = recordsOf(recordOf(body)['groups']).flatMap((group) =>
    recordsOf(group['versions']).map((version): GroupVersion => {
      return { group: textOf(group['name']) ?? '', version: textOf(version['version']) ?? '' };
    }),
  );
  return [...core, ...named.toReversed()];
}

/**
 * Checks whether the deletion of a namespace also deletes objects of this kind (kubernetes
 * `pkg/controller/namespace/deletion`, which requires the verb delete). A kind that can only be listed, such as the
 * metrics of pods, is a view of other objects.
 */
function isContent(resource: Readonly<Record<string, unknown>>): boolean {
  const verbs = textsOf(resource['verbs']);
  const name = textOf(resource['resource']) ?? textOf(resource['name']) ?? '';
  return verbs.includes('list') && verbs.includes('delete') && name !== '' && !name.includes('/');
}

function nameOf({ group, version }: GroupVersion): string {
  return group === '' ? version : `${group}/${version}`;
}
