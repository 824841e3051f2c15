import { expect, test } from '@jest/globals';
import { MANAGED_BY } from '../../../../src/cluster/labels.ts';
import { KEPT_KINDS, namespaceKeptBecause } from '../../../../src/commands/deletion/namespace.ts';
import { FIELD_MANAGER } from '../../../../src/commands/rollout/applied.ts';
import { discoveryOf } from '../../../../src/kubernetes/resources.ts';
import { deletePermissions } from '../../../../src/manifests/permissions.ts';
import { liveObject } from './live-object.ts';

const created = liveObject('Namespace', 'preview', {
  labels: { 'app.kubernetes.io/managed-by': MANAGED_BY },
  managedFields: [{ manager: FIELD_MANAGER, operation: 'Update' }],
});

test.each([
  ['that create-namespace made goes when nothing is in it', created, [], undefined],
  [
    'that somebody else made stays',
    liveObject('Namespace', 'preview', { labels: {}, managedFields: [] }),
    [],
    /did not make it/,
  ],
  ['that has only our label stays', liveObject('Namespace', 'preview', { managedFields: [] }), [], /did not make it/],
  [
    'that holds nothing but what clusters put everywhere goes',
    created,
    [
      liveObject('ConfigMap', 'kube-root-ca.crt'),
      liveObject('ConfigMap', 'openshift-service-ca.crt'),
      liveObject('Secret', 'default-token', {}, { type: 'kubernetes.io/service-account-token' }),
    ],
    undefined,
  ],
  ['with a Secret stays', created, [liveObject('Secret', 'pull', {}, { type: 'Opaque' })], /Secret\/pull$/],
  ['with a CronJob stays, though nothing runs', created, [liveObject('CronJob', 'nightly')], /CronJob\/nightly/],
  [
    'with many things names a few of them',
    created,
    Array.from({ length: 8 }, (_, index) => liveObject('Service', `s${index}`)),
    /Service\/s0, .*Service\/s4 and 3 more$/,
  ],
])('a namespace %s', (_, namespace, contents, expected) => {
  const why = namespaceKeptBecause(namespace, contents);
  if (expected === undefined) expect(why).toBeUndefined();
  else expect(why).toMatch(expected);
});

test('what is looked for in a namespace may be listed with the published Role', () => {
  const rules = deletePermissions({ volumes: false, namespace: true });
  const listed = rules.flatMap(({ scope, resource, verbs }) =>
    scope === 'namespace' && verbs.includes('list') ? [resource] : [],
  );
  expect(listed).toEqual(expect.arrayContaining(KEPT_KINDS.map((kind) => discoveryOf(kind).plural)));
});
