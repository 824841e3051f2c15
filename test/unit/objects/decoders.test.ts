import { describe, expect, test } from '@jest/globals';
import { decodeObject } from '../../../src/objects/object.ts';
import { decodeEvent } from '../../../src/objects/pod.ts';
import { decodeEndpointSlice } from '../../../src/objects/service.ts';
import { decodePersistentVolumeClaim } from '../../../src/objects/stateful-set.ts';

const object = (kind: string, rest: object) =>
  decodeObject({
    apiVersion: 'v1',
    kind,
    metadata: { name: 'a', uid: 'u', creationTimestamp: '2026-11-23T01:00:00Z' },
    ...rest,
  });

describe('the last time and the count of an event', () => {
  test.each<[string, object, string, number]>([
    ['come from the old fields', { count: 9, lastTimestamp: '2026-11-23T02:00:00Z' }, '2026-11-23T02:00:00Z', 9],
    [
      'come from eventTime for a single event in the new form',
      { eventTime: '2026-11-23T01:58:55.831218Z', firstTimestamp: null, lastTimestamp: null },
      '2026-11-23T01:58:55.831218Z',
      1,
    ],
    [
      'come from the series of a repeated event',
      { eventTime: '2026-11-23T01:58:55.8Z', series: { count: 2, lastObservedTime: '2026-11-23T02:00:07.8Z' } },
      '2026-11-23T02:00:07.8Z',
      2,
    ],
    ['are the creation time and one without these fields', {}, '2026-11-23T01:00:00Z', 1],
  ])('%s', (_, rest, lastSeen, count) => {
    expect(decodeEvent(object('Event', rest))).toMatchObject({ lastSeen, count });
  });
});

test.each<[string, object]>([
  ['texts in place of numbers', { count: '9', series: 'x', involvedObject: [] }],
  ['numbers in place of texts', { reason: 1, message: {}, type: null, involvedObject: { name: 5 }, lastTimestamp: 7 }],
  ['impossible counts', { count: -4, series: { count: Number.NaN } }],
])('an event with %s is decoded as far as possible', (_, rest) => {
  expect(decodeEvent(object('Event', rest))).toMatchObject({
    type: 'Normal',
    reason: '',
    message: '',
    count: 1,
    object: { kind: '', name: '', uid: '' },
    lastSeen: '2026-11-23T01:00:00Z',
  });
});

test.each<[string, object, object]>([
  [
    'bound',
    { spec: { storageClassName: 'fast' }, status: { phase: 'Bound' } },
    { phase: 'Bound', storageClass: 'fast' },
  ],
  [
    'without dynamic provisioning',
    { spec: { storageClassName: '' }, status: { phase: 'Pending' } },
    { phase: 'Pending', storageClass: '' },
  ],
  ['malformed', { spec: [], status: { phase: 4 } }, { phase: 'Pending', storageClass: undefined }],
])('a PersistentVolumeClaim is decoded: %s', (_, rest, expected) => {
  expect(decodePersistentVolumeClaim(object('PersistentVolumeClaim', rest))).toMatchObject(expected);
});

describe('an endpoint', () => {
  const pod = { kind: 'Pod', name: 'nats-0', uid: 'u-0' };
  test.each([
    ['belongs to the pod that it names', { targetRef: pod }, { name: 'nats-0', uid: 'u-0' }],
    ['belongs to no pod if it names another kind', { targetRef: { ...pod, kind: 'Node' } }, undefined],
    ['belongs to no pod if the name is missing', { targetRef: { kind: 'Pod', uid: 'u-0' } }, undefined],
    ['belongs to no pod if the uid is missing', { targetRef: { kind: 'Pod', name: 'nats-0' } }, undefined],
    ['belongs to no pod if it was written manually', {}, undefined],
  ])('%s', (_, endpoint, expected) => {
    const { endpoints } = decodeEndpointSlice(object('EndpointSlice', { endpoints: [endpoint] }));
    expect(endpoints).toEqual([{ addresses: [], ready: true, pod: expected }]);
  });

  test.each([
    ['is ready unless it says otherwise', {}, true],
    ['is ready if it says so', { ready: true }, true],
    ['is not ready if it says so', { ready: false }, false],
  ])('%s', (_, conditions, ready) => {
    const { endpoints } = decodeEndpointSlice(object('EndpointSlice', { endpoints: [{ conditions }] }));
    expect(endpoints).toMatchObject([{ ready }]);
  });
});
