import { describe, expect, test } from '@jest/globals';
import { FIELD_MANAGER, objectLabels, RENDERED_ANNOTATION } from '../../../../src/cluster/names.ts';
import {
  determineOwnership,
  explainForeign,
  explainForeignClaim,
  explainForeignPod,
  isWritable,
  readDeploymentName,
} from '../../../../src/commands/live/ownership.ts';
import { APPLIED, liveObject } from '../../support/live-object.ts';

const OURS = undefined;
const KUBECTL = { manager: 'kubectl-create', operation: 'Update' };

describe('an object with a name of this NATS cluster', () => {
  test.each([
    ['that deploy applied is ours', {}, OURS],
    ['that another manager edited later is ours', { managedFields: [APPLIED, KUBECTL] }, OURS],
    ['whose labels were removed by hand is ours', { labels: {} }, OURS],
    ['that has no managed fields is foreign, because its origin is unknown', { managedFields: [] }, /never applied it/],
    [
      'that another manager created is foreign',
      { labels: {}, managedFields: [KUBECTL] },
      /this action did not create it/,
    ],
    ['that only has our labels is foreign', { managedFields: [KUBECTL] }, /never applied it/],
    [
      'on which this action only wrote an annotation is foreign',
      { managedFields: [KUBECTL, { manager: FIELD_MANAGER, operation: 'Update' }] },
      /never applied it/,
    ],
    [
      'that is labelled for another manager is foreign',
      { labels: { ...objectLabels('nats'), 'app.kubernetes.io/managed-by': 'Helm' } },
      /another manager \(Helm\)/,
    ],
    ['of another NATS cluster is foreign', { labels: objectLabels('nats-headless') }, /deployment nats-headless/],
  ])('%s', (_, metadata, expected) => {
    const why = explainForeign('nats', liveObject('Service', 'nats-headless', metadata));
    if (expected === undefined) expect(why).toBeUndefined();
    else expect(why).toMatch(expected);
  });
});

describe('a pod with the labels of the servers', () => {
  const owner = (kind: string, name: string) => ({
    ownerReferences: [{ apiVersion: 'apps/v1', kind, name, uid: '1', controller: true }],
  });

  test.each([
    ['of our StatefulSet is ours', 'nats-0', owner('StatefulSet', 'nats'), false, OURS],
    ['without a controller is ours', 'nats-0', {}, false, OURS],
    ['of a foreign StatefulSet is foreign', 'nats-0', owner('StatefulSet', 'nats'), true, /StatefulSet\/nats/],
    ['of another controller is foreign', 'nats-0', owner('Job', 'copy'), false, /Job\/copy controls it/],
    ['with a name that no server has is foreign', 'nats-0-debug', {}, false, /not the name of a server/],
  ])('%s', (_, name, metadata, isSetForeign, expected) => {
    const pod = liveObject('Pod', name, { managedFields: [KUBECTL], ...metadata });
    const why = explainForeignPod('nats', pod, isSetForeign);
    if (expected === undefined) expect(why).toBeUndefined();
    else expect(why).toMatch(expected);
  });
});

describe('a claim with the labels of the servers', () => {
  test.each([
    ['of a server is ours', 'jetstream-nats-0', {}, OURS],
    ['of an additional volume without our labels is ours', 'logs-nats-12', { labels: {} }, OURS],
    [
      'of a NATS cluster whose name ends with ours is foreign',
      'jetstream-nats-eu-0',
      {},
      /not the name of a server volume/,
    ],
    ['with a name that no server has is foreign', 'nats-backup', {}, /not the name of a server volume/],
    ['with only the name of a server is foreign', 'nats-0', {}, /not the name of a server volume/],
    [
      'that another manager owns is foreign',
      'jetstream-nats-0',
      { labels: { 'app.kubernetes.io/managed-by': 'velero' } },
      /velero/,
    ],
  ])('%s', (_, name, metadata, expected) => {
    const claim = liveObject('PersistentVolumeClaim', name, { managedFields: [KUBECTL], ...metadata });
    const why = explainForeignClaim('nats', claim);
    if (expected === undefined) expect(why).toBeUndefined();
    else expect(why).toMatch(expected);
  });
});

describe('the ownership', () => {
  const helm = { ...objectLabels('nats'), 'app.kubernetes.io/managed-by': 'Helm' };
  const rendered = { [RENDERED_ANNOTATION]: 'true' };

  test.each<[string, string, Readonly<Record<string, unknown>>, object, boolean]>([
    ['that this action applied', 'nats', {}, { kind: 'ours' }, true],
    ['without labels', 'nats', { labels: {} }, { kind: 'ours' }, true],
    ['that kubectl applied from rendered files', 'nats', { managedFields: [KUBECTL] }, { kind: 'installed' }, true],
    [
      'that Helm installed from a rendered chart',
      'nats',
      { labels: helm, annotations: rendered, managedFields: [{ manager: 'helm', operation: 'Update' }] },
      { kind: 'rendered' },
      true,
    ],
    [
      'that a user labelled for another manager',
      'nats',
      { labels: helm },
      { kind: 'handed-over', manager: 'Helm' },
      true,
    ],
    [
      'of another NATS cluster',
      'nats-1',
      { labels: objectLabels('nats-1') },
      { kind: 'of-deployment', deployment: 'nats-1' },
      false,
    ],
    [
      'of another NATS cluster, applied by kubectl',
      'nats-1',
      { labels: objectLabels('nats-1'), managedFields: [KUBECTL] },
      { kind: 'of-deployment', deployment: 'nats-1' },
      false,
    ],
    [
      'of another NATS cluster, installed by Helm',
      'nats-1',
      { labels: { ...helm, 'app.kubernetes.io/instance': 'nats-1' }, annotations: rendered, managedFields: [] },
      { kind: 'of-deployment', deployment: 'nats-1' },
      false,
    ],
    ['with a name that this NATS cluster never uses', 'nats-proxy', {}, { kind: 'misnamed' }, false],
    ['of another Helm chart', 'nats', { labels: helm, managedFields: [] }, { kind: 'of-other', owner: 'Helm' }, false],
    [
      'of a Helm release',
      'nats',
      { labels: helm, annotations: { 'meta.helm.sh/release-name': 'web' }, managedFields: [] },
      { kind: 'of-other', owner: 'Helm (release web)' },
      false,
    ],
    [
      'that kubectl created',
      'nats',
      { labels: {}, managedFields: [KUBECTL] },
      { kind: 'of-other', owner: 'kubectl-create' },
      false,
    ],
  ])('is determined for an object %s', (_, name, metadata, expected, writable) => {
    const ownership = determineOwnership('nats', liveObject('Service', name, metadata));
    expect(ownership).toEqual(expected);
    expect(isWritable(ownership)).toBe(writable);
  });

  test('is determined by the selector of an object without labels', () => {
    const spec = { selector: { 'app.kubernetes.io/instance': 'nats-1' } };
    const service = liveObject('Service', 'nats-1', { labels: {} }, { spec });
    expect(determineOwnership('nats', service)).toEqual({ kind: 'of-deployment', deployment: 'nats-1' });
    expect(readDeploymentName(service)).toBe('nats-1');
    const budget = liveObject(
      'PodDisruptionBudget',
      'nats',
      { labels: {} },
      { spec: { selector: { matchLabels: spec.selector } } },
    );
    expect(determineOwnership('nats', budget)).toEqual({ kind: 'of-deployment', deployment: 'nats-1' });
  });

  test('of pods and volumes follows the instance label first', () => {
    const labels = objectLabels('eu-nats');
    expect(explainForeignPod('nats', liveObject('Pod', 'nats-0', { labels }), false)).toMatch(/deployment eu-nats/);
    const claim = liveObject('PersistentVolumeClaim', 'jetstream-eu-nats-0', { labels });
    expect(explainForeignClaim('nats', claim)).toMatch(/deployment eu-nats/);
    expect(explainForeignClaim('eu-nats', claim)).toBeUndefined();
  });
});
