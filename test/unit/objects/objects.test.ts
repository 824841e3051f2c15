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

describe('objects', () => {
  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['text', 'Pod'],
    ['a list', []],
    ['no kind', { apiVersion: 'v1', metadata: { name: 'a' } }],
    ['no name', { apiVersion: 'v1', kind: 'Pod', metadata: {} }],
    ['an empty name', { apiVersion: 'v1', kind: 'Pod', metadata: { name: '' } }],
    ['a name of another type', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 1 } }],
  ])('%s is no object', (_name, value) => {
    expect(() => decodeObject(value)).toThrow(
      expect.objectContaining({ code: 'CLUSTER_UNREACHABLE', reason: 'InvalidResponse' }),
    );
  });

  test('an item of a list gets its kind from the list', () => {
    expect(decodeObject({ metadata: { name: 'a' } }, { kind: 'Pod', apiVersion: 'v1' })).toMatchObject({
      kind: 'Pod',
      raw: { kind: 'Pod', metadata: { name: 'a' } },
    });
  });

  test('labels that are no text are left out', () => {
    expect(object('Pod', {}, { labels: { a: '1', b: 2, c: null } }).metadata.labels).toEqual({ a: '1' });
  });

  test('whatever a server answers is decoded or refused as ours', () => {
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

describe('pods', () => {
  test('ready is the condition Ready, whatever the phase', () => {
    const ready = { type: 'Ready', status: 'True' };
    expect(decodePod(object('Pod', { status: { phase: 'Running', conditions: [ready] } })).ready).toBe(true);
    expect(
      decodePod(object('Pod', { status: { phase: 'Running', conditions: [{ ...ready, status: 'False' }] } })).ready,
    ).toBe(false);
    expect(decodePod(object('Pod', { status: { phase: 'Running' } })).ready).toBe(false);
  });

  test('the container of the server comes first, wherever the kubelet sorts it', () => {
    const status = {
      initContainerStatuses: [{ name: 'prepare' }],
      containerStatuses: [{ name: 'metrics' }, { name: 'nats' }, { name: 'zipkin' }],
    };
    const names = decodePod(object('Pod', { status })).containers.map(({ name }) => name);
    expect(names).toEqual(['nats', 'prepare', 'metrics', 'zipkin']);
  });

  test('what a container waits for, and how its last run ended, are told', () => {
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

  test('a pod with a deletionTimestamp is terminating', () => {
    const metadata = { deletionTimestamp: '2026-01-01T00:00:00Z', labels: { 'controller-revision-hash': 'nats-1' } };
    expect(decodePod(object('Pod', {}, metadata))).toMatchObject({ terminating: true, controllerRevision: 'nats-1' });
  });
});

describe('StatefulSets', () => {
  test('a set the controller has not seen has no observed generation and no replicas', () => {
    expect(decodeStatefulSet(object('StatefulSet', { spec: { replicas: 3 } }, { generation: 1 }))).toMatchObject({
      generation: 1,
      observedGeneration: 0,
      desiredReplicas: 3,
      readyReplicas: 0,
    });
  });

  test('counts that are no whole numbers are absent', () => {
    expect(decodeStatefulSet(object('StatefulSet', { status: { readyReplicas: '3', replicas: 1.5 } }))).toMatchObject({
      readyReplicas: 0,
      replicas: 0,
    });
  });
});

describe('nodes', () => {
  const status = { conditions: [{ type: 'Ready', status: 'True' }] };
  test.each<[string, object, boolean]>([
    ['a ready node is schedulable', { status }, true],
    ['so is one that is not ready for now', { status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } }, true],
    [
      'and says so by a taint of Kubernetes',
      { spec: { taints: [{ key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' }] } },
      true,
    ],
    ['a cordoned one is not', { status, spec: { unschedulable: true } }, false],
    ['NoSchedule repels', { status, spec: { taints: [{ key: 'a', effect: 'NoSchedule' }] } }, false],
    ['NoExecute repels', { status, spec: { taints: [{ key: 'a', effect: 'NoExecute' }] } }, false],
    ['PreferNoSchedule does not', { status, spec: { taints: [{ key: 'a', effect: 'PreferNoSchedule' }] } }, true],
  ])('%s', (_name, fields, schedulable) => {
    expect(decodeNode(object('Node', fields)).schedulable).toBe(schedulable);
  });
});

test('a Secret’s values are decoded, binary ones left out', () => {
  const data = {
    text: Buffer.from('grün').toString('base64'),
    binary: Buffer.from([0xff, 0xfe]).toString('base64'),
    wrong: 1,
  };
  expect(decodeSecret(object('Secret', { data })).data).toEqual({ text: 'grün' });
});
