import { describe, expect, test } from '@jest/globals';
import {
  beginReach,
  findEndpointProblems,
  findReachableSince,
  updateReach,
} from '../../../../src/commands/realization/expected-endpoints.ts';
import { decodeObject } from '../../../../src/objects/object.ts';
import { decodeEndpointSlice, type EndpointSlice } from '../../../../src/objects/service.ts';

const SPEC = { name: 'nats', replicas: 2 };
const PODS = new Map([
  ['nats-0', 'u0'],
  ['nats-1', 'u1'],
]);

const endpoint = (ordinal: number, overrides: object = {}): object => ({
  addresses: [`10.0.0.${ordinal}`],
  conditions: { ready: true },
  targetRef: { kind: 'Pod', name: `nats-${ordinal}`, uid: `u${ordinal}` },
  ...overrides,
});

function slice(service: string, endpoints: readonly unknown[]): EndpointSlice {
  const labels = { 'kubernetes.io/service-name': service };
  const metadata = { name: `${service}-abc`, namespace: 'n', uid: 'u', resourceVersion: '1', labels };
  return decodeEndpointSlice(
    decodeObject({ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata, endpoints }),
  );
}

const WHOLE = [
  slice('nats', [endpoint(0), endpoint(1)]),
  slice('nats-headless', [endpoint(0), endpoint(1)]),
  slice('nats-0', [endpoint(0)]),
  slice('nats-1', [endpoint(1)]),
];

/** Returns the slices with another slice, or none, for one Service. */
const besides = (service: string, endpoints?: readonly unknown[]): readonly EndpointSlice[] => [
  ...WHOLE.filter((one) => one.service !== service),
  ...(endpoints === undefined ? [] : [slice(service, endpoints)]),
];

describe('where the Services lead to', () => {
  test.each<readonly [string, readonly EndpointSlice[], readonly string[]]>([
    ['is right where each leads to its servers', WHOLE, []],
    ['is right in several slices', [...besides('nats', [endpoint(0)]), slice('nats', [endpoint(1)])], []],
    [
      'is right with a server that ends and gets no traffic',
      besides('nats', [endpoint(0), endpoint(1), endpoint(9, { conditions: { ready: false } })]),
      [],
    ],
    ['lacks every server without a slice', besides('nats'), ['Service nats: does not lead to nats-0, nats-1 yet']],
    [
      'lacks a server that gets no traffic',
      besides('nats', [endpoint(0), endpoint(1, { conditions: { ready: false } })]),
      ['Service nats: does not lead to nats-1 yet'],
    ],
    [
      'names the pod of before',
      besides('nats-1', [endpoint(1, { targetRef: { kind: 'Pod', name: 'nats-1', uid: 'old' } })]),
      [
        'Service nats-1: does not lead to nats-1 yet',
        'Service nats-1: leads to nats-1, which is not one of its servers now',
      ],
    ],
    [
      'names an address that somebody wrote by hand',
      besides('nats', [endpoint(0), endpoint(1), { addresses: ['192.0.2.1'] }]),
      ['Service nats: leads to 192.0.2.1, which is not one of its servers now'],
    ],
    [
      'names another server that answers for one',
      besides('nats-0', [endpoint(1)]),
      [
        'Service nats-0: does not lead to nats-0 yet',
        'Service nats-0: leads to nats-1, which is not one of its servers now',
      ],
    ],
    ['takes an absent condition for one that holds', besides('nats-0', [endpoint(0, { conditions: undefined })]), []],
    ['is nothing that is no list', besides('nats-0', [7, 'x', null]), ['Service nats-0: does not lead to nats-0 yet']],
  ])('%s', (_, slices, messages) => {
    expect(findEndpointProblems(SPEC, PODS, slices).map(({ message }) => message)).toEqual(messages);
  });
});

describe('a client is let in by every node', () => {
  const looks = (...all: readonly (readonly [at: number, ...ordinals: readonly number[]])[]): number => {
    const [first, ...others] = all.map(([at, ...ordinals]) => ({
      at,
      slices: [
        slice(
          'nats',
          ordinals.map((one) => endpoint(one)),
        ),
      ],
    }));
    return findReachableSince(
      others.reduce(
        (reach, { at, slices }) => updateReach(reach, 'nats', slices, at),
        beginReach('nats', first?.slices ?? []),
      ),
    );
  };

  test.each<readonly [string, number, number]>([
    ['for ever, where nothing changes', looks([0, 0, 1], [10, 0, 1]), Number.NEGATIVE_INFINITY],
    ['never, before there is a server', looks([0], [10]), Number.POSITIVE_INFINITY],
    ['since the first server, though others come', looks([0], [10, 0], [20, 0, 1]), 10],
    ['since the last of before has gone', looks([0, 0, 1], [10, 0], [20, 0, 2]), 10],
    ['since a server came back, and the last has gone', looks([0, 0], [10], [20, 1]), 20],
  ])('%s', (_, since, expected) => {
    expect(since).toBe(expected);
  });
});
