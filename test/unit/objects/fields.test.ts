import { describe, expect, test } from '@jest/globals';
import { decodeLease } from '../../../src/objects/lease.ts';
import { decodeNode } from '../../../src/objects/node.ts';
import { decodeObject, type KubernetesObject } from '../../../src/objects/object.ts';
import { decodePod } from '../../../src/objects/pod.ts';
import { decodeStatefulSet } from '../../../src/objects/stateful-set.ts';

const object = (kind: string, fields: object = {}, metadata: object = {}): KubernetesObject =>
  decodeObject({ apiVersion: 'v1', kind, metadata: { name: 'nats-0', ...metadata }, ...fields });

describe('the metadata of an object', () => {
  const owner = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'nats', uid: 'u' };
  const noOwner = { apiVersion: '', kind: '', name: '', uid: '', controller: false };
  const noManager = { manager: '', operation: '', apiVersion: '', subresource: undefined, fields: undefined };

  test.each<[string, object, object]>([
    [
      'its controller',
      { ownerReferences: [{ ...owner, controller: true }] },
      { ownerReferences: [{ ...owner, controller: true }] },
    ],
    [
      'an owner that is not its controller',
      { ownerReferences: [owner] },
      { ownerReferences: [{ ...owner, controller: false }] },
    ],
    [
      'an owner whose fields have other types',
      { ownerReferences: [{ kind: 1, controller: 'true' }, 'x'] },
      { ownerReferences: [noOwner] },
    ],
    ['finalizers that are texts', { finalizers: ['a', 1, null, 'b'] }, { finalizers: ['a', 'b'] }],
    ['no labels in place of a text', { labels: 'ab', annotations: [] }, { labels: {}, annotations: {} }],
    ['no generation that is not a whole number', { generation: 1.5 }, { generation: undefined }],
    ['no generation that is a text', { generation: '1' }, { generation: undefined }],
    ['managers without fields', { managedFields: [{ manager: 1 }, null] }, { managedFields: [noManager] }],
  ])('has %s', (_, metadata, expected) => {
    expect(object('Pod', {}, metadata).metadata).toMatchObject(expected);
  });

  test.each<[string, unknown]>([
    ['no apiVersion', { kind: 'Pod', metadata: { name: 'a' } }],
    ['an apiVersion of another type', { apiVersion: 1, kind: 'Pod', metadata: { name: 'a' } }],
  ])('is not accepted with %s', (_, value) => {
    expect(() => decodeObject(value)).toThrow(expect.objectContaining({ reason: 'InvalidResponse' }));
  });
});

describe('the state of a pod', () => {
  test.each<[string, object, object]>([
    [
      'is ready by one of several conditions',
      {
        conditions: [
          { type: 'PodScheduled', status: 'True' },
          { type: 'Ready', status: 'True' },
        ],
      },
      { ready: true },
    ],
    [
      'is not ready by another condition',
      { conditions: [{ type: 'ContainersReady', status: 'True' }] },
      { ready: false },
    ],
    [
      'has a ready container',
      { containerStatuses: [{ name: 'nats', ready: true }] },
      { containers: [{ ready: true }] },
    ],
    [
      'has no ready container by a text',
      { containerStatuses: [{ name: 'nats', ready: 'true' }] },
      { containers: [{ ready: false }] },
    ],
    [
      'has a running container',
      { containerStatuses: [{ state: { running: {} } }] },
      { containers: [{ state: { kind: 'running' } }] },
    ],
    [
      'has a container without a state',
      { containerStatuses: [{}] },
      { containers: [{ state: { kind: 'unknown' }, lastState: { kind: 'unknown' } }] },
    ],
    [
      'has a container that ended without an exit code',
      { containerStatuses: [{ state: { terminated: null } }] },
      { containers: [{ state: { kind: 'terminated', exitCode: -1 } }] },
    ],
  ])('%s', (_, status, expected) => {
    expect(decodePod(object('Pod', { status }))).toMatchObject({ terminating: false, ...expected });
  });
});

describe('the state of a node', () => {
  const custom = { key: 'a', effect: 'NoSchedule' };
  const notReady = { key: 'node.kubernetes.io/not-ready', effect: 'NoExecute' };
  const addresses = [
    { type: 'Hostname', address: 'node-1' },
    { type: 'InternalIP', address: '10.0.0.1' },
    { type: 'ExternalIP', address: '192.0.2.1' },
    { type: 'ExternalIP', address: 7 },
    { type: 'ExternalIP', address: '2001:db8::1' },
  ];

  test.each<[string, object, object]>([
    [
      'is ready by one of several conditions',
      {
        status: {
          conditions: [
            { type: 'DiskPressure', status: 'False' },
            { type: 'Ready', status: 'True' },
          ],
        },
      },
      { ready: true },
    ],
    ['is not ready without a condition', {}, { ready: false }],
    [
      'is not ready by another condition',
      { status: { conditions: [{ type: 'DiskPressure', status: 'True' }] } },
      { ready: false },
    ],
    [
      'is not ready in an unknown condition',
      { status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } },
      { ready: false },
    ],
    ['is not cordoned by a text', { spec: { unschedulable: 'true' } }, { cordoned: false, schedulable: true }],
    [
      'repels pods by one of several taints',
      { spec: { taints: [notReady, custom] } },
      { repels: true, schedulable: false },
    ],
    ['repels no pod without a taint', { spec: { taints: [] } }, { repels: false, schedulable: true }],
    [
      'has its addresses by type',
      { status: { addresses } },
      { externalIps: ['192.0.2.1', '2001:db8::1'], internalIps: ['10.0.0.1'] },
    ],
  ])('%s', (_, fields, expected) => {
    expect(decodeNode(object('Node', fields))).toMatchObject(expected);
  });
});

describe('the update of a StatefulSet', () => {
  test.each<[string, object, object, object]>([
    [
      'has no limit and no partition by default',
      {},
      {},
      { limitsUnavailable: false, partition: 0, terminating: false, desiredReplicas: 1 },
    ],
    [
      'is limited',
      { updateStrategy: { rollingUpdate: { maxUnavailable: 1, partition: 2 } } },
      {},
      { limitsUnavailable: true, partition: 2 },
    ],
    ['ends with its deletion', {}, { deletionTimestamp: '2026-01-01T00:00:00Z' }, { terminating: true }],
  ])('%s', (_, spec, metadata, expected) => {
    expect(decodeStatefulSet(object('StatefulSet', { spec }, metadata))).toMatchObject(expected);
  });
});

describe('a Lease', () => {
  test.each<[string, object, object]>([
    [
      'of one second is held for it',
      { holderIdentity: 'run', leaseDurationSeconds: 1 },
      { holder: 'run', ttlMs: 1000 },
    ],
    ['of no second has no duration', { leaseDurationSeconds: 0 }, { ttlMs: undefined }],
    ['without a time has none', { leaseTransitions: 4 }, { acquiredAt: undefined, transitions: 4 }],
  ])('%s', (_, spec, expected) => {
    expect(decodeLease(object('Lease', { spec }))).toMatchObject(expected);
  });
});
