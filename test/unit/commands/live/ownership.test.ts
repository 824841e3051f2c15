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

describe('an object under a name of the deployment', () => {
  test.each([
    ['that deploy applied is ours', {}, OURS],
    ['that somebody edited since is still ours', { managedFields: [APPLIED, KUBECTL] }, OURS],
    ['whose labels were taken away by hand is still ours', { labels: {} }, OURS],
    ['that has no managed fields is not: nobody knows who made it', { managedFields: [] }, /never applied it/],
    ['that somebody else made is theirs', { labels: {}, managedFields: [KUBECTL] }, /this action did not create it/],
    ['that has our labels alone is not ours', { managedFields: [KUBECTL] }, /never applied it/],
    [
      'that this action only wrote an annotation on is not ours',
      { managedFields: [KUBECTL, { manager: FIELD_MANAGER, operation: 'Update' }] },
      /never applied it/,
    ],
    [
      'that another manager has taken by its label is theirs',
      { labels: { ...objectLabels('nats'), 'app.kubernetes.io/managed-by': 'Helm' } },
      /to Helm/,
    ],
    ['of another deployment stays', { labels: objectLabels('nats-headless') }, /deployment nats-headless/],
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
    ['that nobody controls any more is ours', 'nats-0', {}, false, OURS],
    ['of a StatefulSet of somebody else is theirs', 'nats-0', owner('StatefulSet', 'nats'), true, /StatefulSet\/nats/],
    ['of another controller is theirs', 'nats-0', owner('Job', 'copy'), false, /Job\/copy has it/],
    ['with the name of no server is a copy', 'nats-0-debug', {}, false, /the name of no server/],
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
    ['of a further volume, which has no label of ours, is ours', 'logs-nats-12', { labels: {} }, OURS],
    ['of a deployment whose name ends like this one is not', 'jetstream-nats-eu-0', {}, /no volume/],
    ['with the name of no server is somebody else’s', 'nats-backup', {}, /no volume/],
    ['with the name of a server alone is somebody else’s', 'nats-0', {}, /no volume/],
    [
      'that another manager has is theirs',
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

describe('whose an object is', () => {
  const helm = { ...objectLabels('nats'), 'app.kubernetes.io/managed-by': 'Helm' };
  const rendered = { [RENDERED_ANNOTATION]: 'true' };

  test.each<[string, string, Readonly<Record<string, unknown>>, object, boolean]>([
    ['applied by this Action', 'nats', {}, { kind: 'ours' }, true],
    ['without its labels', 'nats', { labels: {} }, { kind: 'ours' }, true],
    ['applied by kubectl from rendered files', 'nats', { managedFields: [KUBECTL] }, { kind: 'installed' }, true],
    [
      'installed by Helm from a rendered chart',
      'nats',
      { labels: helm, annotations: rendered, managedFields: [{ manager: 'helm', operation: 'Update' }] },
      { kind: 'rendered' },
      true,
    ],
    ['given to another manager by hand', 'nats', { labels: helm }, { kind: 'handed-over', manager: 'Helm' }, true],
    [
      'of another deployment',
      'nats-1',
      { labels: objectLabels('nats-1') },
      { kind: 'of-deployment', deployment: 'nats-1' },
      false,
    ],
    [
      'of another deployment that kubectl applied',
      'nats-1',
      { labels: objectLabels('nats-1'), managedFields: [KUBECTL] },
      { kind: 'of-deployment', deployment: 'nats-1' },
      false,
    ],
    [
      'of another deployment that Helm installed',
      'nats-1',
      { labels: { ...helm, 'app.kubernetes.io/instance': 'nats-1' }, annotations: rendered, managedFields: [] },
      { kind: 'of-deployment', deployment: 'nats-1' },
      false,
    ],
    ['under a name that this deployment never uses', 'nats-proxy', {}, { kind: 'misnamed' }, false],
    ['of a chart', 'nats', { labels: helm, managedFields: [] }, { kind: 'of-other', owner: 'Helm' }, false],
    [
      'of a release',
      'nats',
      { labels: helm, annotations: { 'meta.helm.sh/release-name': 'web' }, managedFields: [] },
      { kind: 'of-other', owner: 'Helm (release web)' },
      false,
    ],
    [
      'made by kubectl',
      'nats',
      { labels: {}, managedFields: [KUBECTL] },
      { kind: 'of-other', owner: 'kubectl-create' },
      false,
    ],
  ])('is told of one %s', (_, name, metadata, expected, writable) => {
    const ownership = determineOwnership('nats', liveObject('Service', name, metadata));
    expect(ownership).toEqual(expected);
    expect(isWritable(ownership)).toBe(writable);
  });

  test('is told by what it selects where its labels were removed', () => {
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

  test('of pods and volumes goes by the instance first', () => {
    const labels = objectLabels('eu-nats');
    expect(explainForeignPod('nats', liveObject('Pod', 'nats-0', { labels }), false)).toMatch(/deployment eu-nats/);
    const claim = liveObject('PersistentVolumeClaim', 'jetstream-eu-nats-0', { labels });
    expect(explainForeignClaim('nats', claim)).toMatch(/deployment eu-nats/);
    expect(explainForeignClaim('eu-nats', claim)).toBeUndefined();
  });
});
