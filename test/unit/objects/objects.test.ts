import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hasCode } from '../../../src/errors/action-error.ts';
import { decodeNode } from '../../../src/objects/node.ts';
import { decodeObject, type KubernetesObject } from '../../../src/objects/object.ts';
import { decodePod } from '../../../src/objects/pod.ts';
import { decodeSecret } from '../../../src/objects/secret.ts';
import { decodeStatefulSet } from '../../../src/objects/stateful-set.ts';

function object(kind: string, fields: object = {}, metadata: object = {}): KubernetesObject {
  return decodeObject({
    apiVersion: 'v1',
    kind,
    metadata: { name: 'nats-0', namespace: 'nats', uid: 'u', ...metadata },
    ...fields,
  });
}

describe('a Kubernetes object', () => {
  test.each<[string, unknown]>([
    ['an empty response', undefined],
    ['a text', 'Pod'],
    ['a list', []],
    ['no kind', { apiVersion: 'v1', metadata: { name: 'a' } }],
    ['no name', { apiVersion: 'v1', kind: 'Pod', metadata: {} }],
    ['an empty name', { apiVersion: 'v1', kind: 'Pod', metadata: { name: '' } }],
    ['a name of another type', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 1 } }],
  ])('is not accepted: %s', (_name, value) => {
    expect(() => decodeObject(value)).toThrow(
      expect.objectContaining({ code: 'CLUSTER_UNREACHABLE', reason: 'InvalidResponse' }),
    );
  });

  test('gets its kind from the list that contains it', () => {
    expect(decodeObject({ metadata: { name: 'a' } }, { kind: 'Pod', apiVersion: 'v1' })).toMatchObject({
      kind: 'Pod',
      raw: { kind: 'Pod', metadata: { name: 'a' } },
    });
  });

  test('loses labels that are not texts', () => {
    expect(object('Pod', {}, { labels: { a: '1', b: 2, c: null } }).metadata.labels).toEqual({ a: '1' });
  });

  test('is decoded or refused with an ActionError, whatever the API server returns', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (metadata, spec, status) => {
        const own = typeof metadata === 'object' && !Array.isArray(metadata) ? metadata : {};
        const decoded = decodeObject({
          apiVersion: 'v1',
          kind: 'X',
          metadata: { ...own, name: 'x' },
          spec,
          status,
          data: spec,
        });
        for (const decode of [decodePod, decodeNode, decodeSecret, decodeStatefulSet]) {
          expect(decode(decoded).name).toBe('x');
        }
        try {
          decodeObject(metadata);
        } catch (error) {
          expect(hasCode(error, 'CLUSTER_UNREACHABLE')).toBe(true);
        }
      }),
    );
  });
});

describe('a pod', () => {
  test('is ready by its condition Ready, in any phase', () => {
    const ready = { type: 'Ready', status: 'True' };
    expect(decodePod(object('Pod', { status: { phase: 'Running', conditions: [ready] } })).ready).toBe(true);
    expect(
      decodePod(object('Pod', { status: { phase: 'Running', conditions: [{ ...ready, status: 'False' }] } })).ready,
    ).toBe(false);
    expect(decodePod(object('Pod', { status: { phase: 'Running' } })).ready).toBe(false);
  });

  test('has the container of the server first, in any order of the kubelet', () => {
    const status = {
      initContainerStatuses: [{ name: 'prepare' }],
      containerStatuses: [{ name: 'metrics' }, { name: 'nats' }, { name: 'zipkin' }],
    };
    const names = decodePod(object('Pod', { status })).containers.map(({ name }) => name);
    expect(names).toEqual(['nats', 'prepare', 'metrics', 'zipkin']);
  });

  test('has the reason for which a container waits, and the end of its last run', () => {
    const containerStatuses = [
      {
        name: 'nats',
        restartCount: 3,
        state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 40s' } },
        lastState: { terminated: { exitCode: 1, reason: 'Error' } },
      },
    ];
    expect(decodePod(object('Pod', { status: { containerStatuses } })).containers).toEqual([
      {
        name: 'nats',
        image: '',
        ready: false,
        restartCount: 3,
        state: { kind: 'waiting', reason: 'CrashLoopBackOff', message: 'back-off 40s' },
        lastState: { kind: 'terminated', reason: 'Error', message: '', exitCode: 1 },
      },
    ]);
  });

  test('is terminating if it has a deletionTimestamp', () => {
    const metadata = { deletionTimestamp: '2026-01-01T00:00:00Z', labels: { 'controller-revision-hash': 'nats-1' } };
    expect(decodePod(object('Pod', {}, metadata))).toMatchObject({ terminating: true, controllerRevision: 'nats-1' });
  });
});

describe('a StatefulSet', () => {
  test('has no observed generation and no replicas before its controller has seen it', () => {
    expect(decodeStatefulSet(object('StatefulSet', { spec: { replicas: 3 } }, { generation: 1 }))).toMatchObject({
      generation: 1,
      observedGeneration: 0,
      desiredReplicas: 3,
      readyReplicas: 0,
    });
  });

  test('has no counts that are not whole numbers', () => {
    expect(decodeStatefulSet(object('StatefulSet', { status: { readyReplicas: '3', replicas: 1.5 } }))).toMatchObject({
      readyReplicas: 0,
      replicas: 0,
    });
  });
});

describe('a node', () => {
  const status = { conditions: [{ type: 'Ready', status: 'True' }] };
  test.each<[string, object, boolean]>([
    ['is schedulable if it is Ready', { status }, true],
    [
      'is schedulable even if it is not Ready for now',
      { status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } },
      true,
    ],
    [
      'is schedulable with a taint that Kubernetes sets for nodes that are not Ready',
      { spec: { taints: [{ key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' }] } },
      true,
    ],
    ['is not schedulable if it is cordoned', { status, spec: { unschedulable: true } }, false],
    [
      'is not schedulable with a NoSchedule taint',
      { status, spec: { taints: [{ key: 'a', effect: 'NoSchedule' }] } },
      false,
    ],
    [
      'is not schedulable with a NoExecute taint',
      { status, spec: { taints: [{ key: 'a', effect: 'NoExecute' }] } },
      false,
    ],
    [
      'is schedulable with a PreferNoSchedule taint',
      { status, spec: { taints: [{ key: 'a', effect: 'PreferNoSchedule' }] } },
      true,
    ],
  ])('%s', (_name, fields, schedulable) => {
    expect(decodeNode(object('Node', fields)).schedulable).toBe(schedulable);
  });
});

test('the values of a Secret are decoded, except binary ones', () => {
  const data = {
    text: Buffer.from('grün').toString('base64'),
    binary: Buffer.from([0xff, 0xfe]).toString('base64'),
    wrong: 1,
  };
  expect(decodeSecret(object('Secret', { data })).data).toEqual({ text: 'grün' });
});
