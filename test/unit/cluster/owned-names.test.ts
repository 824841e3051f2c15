import { describe, expect, test } from '@jest/globals';
import { MAX_SERVERS, podName } from '../../../src/cluster/names.ts';
import {
  canOwn,
  findFreeName,
  findSharedNames,
  isOwnedKind,
  type OwnedKind,
} from '../../../src/cluster/owned-names.ts';
import { DEPLOYMENT_NAME, isDeploymentName } from '../../../src/cluster/preview.ts';

const LAST_SERVER = podName('nats', MAX_SERVERS - 1);
const NO_SERVER = podName('nats', MAX_SERVERS);

describe('the deployment nats', () => {
  test.each<readonly [kind: OwnedKind, name: string]>([
    ['Service', 'nats'],
    ['Service', 'nats-headless'],
    ['Service', LAST_SERVER],
    ['Pod', 'nats-0'],
    ['Pod', LAST_SERVER],
    ['StatefulSet', 'nats'],
    ['PodDisruptionBudget', 'nats'],
    ['NetworkPolicy', 'nats'],
    ['PodMonitor', 'nats'],
    ['Lease', 'nats-deploy'],
    ['Lease', 'nats-preview'],
    ['Secret', 'nats-config'],
    ['Secret', 'nats-config-1'],
    ['Secret', 'nats-config-120'],
    ['Secret', 'nats-system'],
    ['Secret', 'tls-nats-routes'],
    ['Secret', `tls-nats-client-${'a'.repeat(40)}`],
    ['PersistentVolumeClaim', `data-${LAST_SERVER}`],
    ['PersistentVolumeClaim', 'data-nats-1-nats-0'],
  ])('can own %s/%s', (kind, name) => {
    expect(canOwn('nats', { kind, name })).toBe(true);
  });

  test.each<readonly [kind: OwnedKind, name: string]>([
    ['Service', 'nats-client'],
    ['Service', NO_SERVER],
    ['Pod', 'nats'],
    ['Pod', NO_SERVER],
    ['StatefulSet', 'nats-0'],
    ['PodMonitor', 'nats-headless'],
    ['Lease', 'nats'],
    ['Secret', 'nats'],
    ['Secret', 'nats-config-0'],
    ['Secret', 'nats-config-x'],
    ['Secret', 'nats-configuration'],
    ['Secret', 'tls-nats-client-'],
    ['Secret', `tls-nats-client-${'a'.repeat(41)}`],
    ['Secret', 'tls-nats-client-A'],
    ['Secret', '1'],
    ['PersistentVolumeClaim', 'nats-0'],
    ['PersistentVolumeClaim', '-nats-0'],
    ['PersistentVolumeClaim', `data-${NO_SERVER}`],
    ['PersistentVolumeClaim', 'data-nats-x'],
    ['PersistentVolumeClaim', 'data-other-0'],
  ])('cannot own %s/%s', (kind, name) => {
    expect(canOwn('nats', { kind, name })).toBe(false);
  });

  test.each([
    ['Secret', true],
    ['Pod', true],
    ['PersistentVolumeClaim', true],
    ['ConfigMap', false],
    ['secret', false],
    ['', false],
  ])('has objects of the kind %j: %s', (kind, isOwned) => {
    expect(isOwnedKind(kind)).toBe(isOwned);
  });
});

describe('two deployments', () => {
  test('share each name once, in either order', () => {
    expect(findSharedNames('nats', 'nats-headless')).toEqual([{ kind: 'Service', name: 'nats-headless' }]);
    expect(findSharedNames('nats-headless', 'nats')).toEqual([{ kind: 'Service', name: 'nats-headless' }]);
  });

  test('share nothing if no name of one can be a name of the other', () => {
    expect(findSharedNames('nats', 'orders')).toStrictEqual([]);
    expect(findSharedNames('nats', 'nats-x')).toStrictEqual([]);
  });
});

describe('a free name', () => {
  test.each([
    ['is made from the name', 'nats', [], 'nats-cluster'],
    ['is not the name of another deployment', 'nats', ['nats-cluster'], 'cluster-nats'],
    ['is the third if both others are taken', 'nats', ['nats-cluster', 'cluster-nats'], 'nats-x'],
    ['is the last if all others are taken', 'nats', ['nats-x', 'nats-cluster', 'cluster-nats'], 'x-nats'],
    ['is missing if all are taken', 'nats', ['x-nats', 'nats-x', 'nats-cluster', 'cluster-nats'], undefined],
    ['shares no object with another deployment', 'nats-client', ['nats'], 'cluster-nats-client'],
    ['has no hyphen before its ending', `${'a'.repeat(43)}-b`, [], `${'a'.repeat(43)}-cluster`],
  ])('%s', (_, name, others, free) => {
    expect(findFreeName(name, others)).toBe(free);
  });

  test('is valid even for the longest name', () => {
    const free = findFreeName('a'.repeat(DEPLOYMENT_NAME.longest), []) ?? '';
    expect(free).toHaveLength(DEPLOYMENT_NAME.longest);
    expect(isDeploymentName(free)).toBe(true);
  });
});
