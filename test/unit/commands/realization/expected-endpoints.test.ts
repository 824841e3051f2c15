import { describe, expect, test } from '@jest/globals';
import {
  findEndpointProblems,
  findReachableSince,
  startHistory,
  updateHistory,
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

/** Returns the EndpointSlices, of which the slice of one Service is replaced or left out. */
const besides = (service: string, endpoints?: readonly unknown[]): readonly EndpointSlice[] => [
  ...WHOLE.filter((one) => one.service !== service),
  ...(endpoints === undefined ? [] : [slice(service, endpoints)]),
];

describe('the endpoints of a Service', () => {
  test.each<readonly [string, readonly EndpointSlice[], readonly string[]]>([
    ['are right if each Service leads to its servers', WHOLE, []],
    ['are right in several slices', [...besides('nats', [endpoint(0)]), slice('nats', [endpoint(1)])], []],
    [
      'are right if a terminating server gets no traffic',
      besides('nats', [endpoint(0), endpoint(1), endpoint(9, { conditions: { ready: false } })]),
      [],
    ],
    ['miss every server if there is no slice', besides('nats'), ['Service nats: does not lead to nats-0, nats-1 yet']],
    [
      'miss a server that gets no traffic',
      besides('nats', [endpoint(0), endpoint(1, { conditions: { ready: false } })]),
      ['Service nats: does not lead to nats-1 yet'],
    ],
    [
      'are wrong if they contain the replaced pod of the same name',
      besides('nats-1', [endpoint(1, { targetRef: { kind: 'Pod', name: 'nats-1', uid: 'old' } })]),
      [
        'Service nats-1: does not lead to nats-1 yet',
        'Service nats-1: leads to nats-1, which is not one of its servers now',
      ],
    ],
    [
      'are wrong if they contain an address that was added by hand',
      besides('nats', [endpoint(0), endpoint(1), { addresses: ['192.0.2.1'] }]),
      ['Service nats: leads to 192.0.2.1, which is not one of its servers now'],
    ],
    [
      'are wrong if they contain another server',
      besides('nats-0', [endpoint(1)]),
      [
        'Service nats-0: does not lead to nats-0 yet',
        'Service nats-0: leads to nats-1, which is not one of its servers now',
      ],
    ],
    ['count as ready without conditions', besides('nats-0', [endpoint(0, { conditions: undefined })]), []],
    [
      'are missing in a malformed list',
      besides('nats-0', [7, 'x', null]),
      ['Service nats-0: does not lead to nats-0 yet'],
    ],
  ])('%s', (_, slices, messages) => {
    expect(findEndpointProblems(SPEC, PODS, slices).map(({ message }) => message)).toEqual(messages);
  });
});

describe('a client reaches a server through every node', () => {
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
        (history, { at, slices }) => updateHistory(history, 'nats', slices, at),
        startHistory('nats', first?.slices ?? []),
      ),
    );
  };

  test.each<readonly [string, number, number]>([
    ['at all times, if nothing changes', looks([0, 0, 1], [10, 0, 1]), Number.NEGATIVE_INFINITY],
    ['never, before a server exists', looks([0], [10]), Number.POSITIVE_INFINITY],
    ['since the first server, even if others follow', looks([0], [10, 0], [20, 0, 1]), 10],
    ['since the last old server left', looks([0, 0, 1], [10, 0], [20, 0, 2]), 10],
    ['since a server returned, even if the last old one left', looks([0, 0], [10], [20, 1]), 20],
  ])('%s', (_, since, expected) => {
    expect(since).toBe(expected);
  });
});
