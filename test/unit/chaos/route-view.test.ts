import { describe, expect, test } from '@jest/globals';
import { findMeshFaults, parseRouteView, type RouteView } from '../../chaos/route-view.ts';

const PODS = ['nats-0', 'nats-1', 'nats-2'];
const WHOLE = PODS.map((pod) => viewOf(pod));

describe('the route observer', () => {
  test('reports no problem for a complete mesh or a single server', () => {
    expect(findMeshFaults(WHOLE)).toEqual([]);
    expect(findMeshFaults([{ ...viewOf('nats-0'), routes: [] }])).toEqual([]);
  });

  test.each<readonly [string, Partial<RouteView>, number]>([
    ['without any route', { routes: [] }, 2],
    ['with one missing connection', { routes: viewOf('nats-0').routes.slice(1) }, 1],
    ['with a route to itself', { routes: [...viewOf('nats-0').routes, { name: 'nats-0', id: 'ID-nats-0' }] }, 1],
    [
      'with a route to an unknown server',
      { routes: [...viewOf('nats-0').routes, { name: 'other', id: 'ID-other' }] },
      1,
    ],
    ['that accepts plaintext', { tls: false }, 1],
    ['that has restarted, while the others know its earlier id', { id: 'ID-anew' }, 8],
  ])('reports a problem for a server %s', (_, change, faults) => {
    const [first = viewOf('nats-0'), ...others] = WHOLE;
    expect(findMeshFaults([{ ...first, ...change }, ...others])).toHaveLength(faults);
  });

  test.each([undefined, null, 'text', [], {}, { routes: 'none' }, { routes: [null, 7, {}] }])(
    'rejects %j as an answer of a server',
    (answer) => {
      const [, ...others] = WHOLE;
      expect(findMeshFaults([parseRouteView('nats-0', answer, answer), ...others])).not.toEqual([]);
    },
  );
});

function viewOf(pod: string): RouteView {
  const peers = PODS.filter((peer) => peer !== pod).flatMap((name) => Array.from({ length: 4 }, () => name));
  const routes = peers.map((name) => ({ remote_name: name, remote_id: `ID-${name}` }));
  return parseRouteView(pod, { server_id: `ID-${pod}`, version: '2.15.2', tls_required: true }, { routes });
}
