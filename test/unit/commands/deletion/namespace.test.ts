import { expect, test } from '@jest/globals';
import { FIELD_MANAGER, MANAGED_BY } from '../../../../src/cluster/names.ts';
import { explainKeptNamespace } from '../../../../src/commands/deletion/namespace.ts';
import { liveObject } from '../../support/live-object.ts';

const created = liveObject('Namespace', 'preview', {
  labels: { 'app.kubernetes.io/managed-by': MANAGED_BY },
  managedFields: [{ manager: FIELD_MANAGER, operation: 'Update' }],
});

test.each([
  ['that create-namespace created is deleted when it is empty', created, [], undefined],
  [
    'that another tool created stays',
    liveObject('Namespace', 'preview', { labels: {}, managedFields: [] }),
    [],
    /did not create it/,
  ],
  ['that has only our label stays', liveObject('Namespace', 'preview', { managedFields: [] }), [], /did not create it/],
  ['with a Secret stays', created, [liveObject('Secret', 'pull', {}, { type: 'Opaque' })], /Secret\/pull$/],
  ['with a CronJob stays, even if nothing runs', created, [liveObject('CronJob', 'nightly')], /CronJob\/nightly/],
  [
    'with many objects stays, and a few of them are named',
    created,
    Array.from({ length: 8 }, (_, index) => liveObject('Service', `s${index}`)),
    /Service\/s0, .*Service\/s4 and 3 more$/,
  ],
])('a namespace %s', (_, namespace, contents, expected) => {
  const why = explainKeptNamespace(namespace, { objects: contents, unread: [] });
  if (expected === undefined) expect(why).toBeUndefined();
  else expect(why).toMatch(expected);
});

test('a namespace with kinds that could not be listed stays, and those kinds are named', () => {
  const unread = ['roles.rbac.authorization.k8s.io', 'metrics.example.com/v1'];
  expect(explainKeptNamespace(created, { objects: [], unread })).toMatch(
    /could not be listed, and may have objects: roles\.rbac\.authorization\.k8s\.io, metrics\.example\.com\/v1$/,
  );
});
