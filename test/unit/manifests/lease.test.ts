import { describe, expect, test } from '@jest/globals';
import { buildRenewedLease } from '../../../src/manifests/leases.ts';
import { decodeLease } from '../../../src/objects/lease.ts';
import { decodeObject } from '../../../src/objects/object.ts';

const acquiredAt = new Date('2030-01-01T00:00:00.123Z');
const hold = { holder: 'https://x/1#a', ttlMs: 30_000, acquiredAt, renewedAt: acquiredAt, transitions: 2 };

describe('a Lease', () => {
  test('is read as it was written', () => {
    const manifest = buildRenewedLease('nats', 'messaging', hold, { uid: 'u', resourceVersion: '7' });
    expect(manifest.metadata).toMatchObject({ name: 'nats-deploy', namespace: 'messaging' });
    expect(decodeLease(decodeObject(manifest))).toEqual({
      uid: 'u',
      resourceVersion: '7',
      holder: 'https://x/1#a',
      ttlMs: 30_000,
      acquiredAt: '2030-01-01T00:00:00.123000Z',
      transitions: 2,
    });
  });

  test.each<[string, unknown]>([
    ['no spec', undefined],
    ['a list', []],
    ['wrong types', { holderIdentity: 1, leaseDurationSeconds: '30', acquireTime: {}, leaseTransitions: null }],
    ['an invalid duration', { leaseDurationSeconds: -1 }],
    ['a duration of half a second', { leaseDurationSeconds: 0.5 }],
  ])('counts as not held with %s', (_what, spec) => {
    const object = decodeObject({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'l' }, spec });
    expect(decodeLease(object)).toMatchObject({ holder: '', ttlMs: undefined, transitions: 0 });
  });
});
