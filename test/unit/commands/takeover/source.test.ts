import { describe, expect, test } from '@jest/globals';
import {
  areJoined,
  findCuts,
  findTakeoverRefusal,
  type Source,
  type SourceServer,
  type Successor,
} from '../../../../src/commands/takeover/source.ts';

const successor: Successor = {
  name: 'nats',
  namespace: 'messaging',
  replicas: 2,
  clientUser: 'apps',
  asksForCertificates: false,
};

function server(pod: string, overrides: Partial<SourceServer> = {}): SourceServer {
  return {
    pod,
    clusterName: 'nats',
    jetstream: false,
    clients: 'tls',
    routes: 'tls',
    doesAcceptRoutes: true,
    isTrusted: true,
    doesKnowUser: true,
    ...overrides,
  };
}

const objects = [{ object: 'StatefulSet/nats', owner: 'Helm (release nats)' }];

function sourceOf(overrides: Partial<SourceServer> = {}): Source {
  return { objects, servers: [server('nats-0'), server('nats-1', overrides)] };
}

const CUTS: readonly (readonly [string, Partial<SourceServer>, string])[] = [
  ['plaintext routes', { routes: 'plaintext', doesAcceptRoutes: false }, 'PlaintextRoutes'],
  ['routes of another CA', { doesAcceptRoutes: false }, 'OtherRouteAuthority'],
  ['another cluster name', { clusterName: 'messaging' }, 'OtherClusterName'],
  ['plaintext clients', { clients: 'plaintext', isTrusted: false, doesKnowUser: undefined }, 'PlaintextClients'],
  ['another CA for clients', { isTrusted: false, doesKnowUser: undefined }, 'OtherAuthority'],
  ['other users', { doesKnowUser: false }, 'OtherUsers'],
];

describe('a takeover of existing servers', () => {
  test('cuts off no client if routes, CA and user stay the same', () => {
    expect(findCuts(sourceOf(), successor)).toEqual([]);
    expect(areJoined(sourceOf(), successor)).toBe(true);
    expect(findTakeoverRefusal(sourceOf(), successor, { adopt: true, outage: false })).toBeUndefined();
  });

  test('is refused without `allow: adopt`, with every object that it would take over', () => {
    const refusal = findTakeoverRefusal(sourceOf(), successor, { adopt: false, outage: true });
    expect(refusal).toMatchObject({ code: 'CHANGE_FORBIDDEN', reason: 'ForeignObjects' });
    expect(refusal?.message).toContain('StatefulSet/nats');
    expect(refusal?.message).toContain('Helm (release nats)');
    expect(refusal?.hint).toMatch(/allow: adopt — /);
  });

  test.each(CUTS)('needs a second permission with %s', (_, overrides, reason) => {
    const source = sourceOf(overrides);
    expect(findCuts(source, successor).map((cut) => cut.reason)).toEqual([reason]);
    const refusal = findTakeoverRefusal(source, successor, { adopt: true, outage: false });
    expect(refusal).toMatchObject({ code: 'CHANGE_FORBIDDEN', reason: 'CutsOffClients' });
    expect(refusal?.hint).toContain('allow: adopt, outage');
    expect(findTakeoverRefusal(source, successor, { adopt: true, outage: true })).toBeUndefined();
  });

  test('cuts off clients without certificates if it requires them', () => {
    const asking = { ...successor, asksForCertificates: true };
    expect(findCuts(sourceOf(), asking).map(({ reason }) => reason)).toEqual(['ClientCertificates']);
  });

  test('needs no routes for one server', () => {
    const alone = {
      objects,
      servers: [server('nats-0', { routes: 'none', clusterName: undefined, doesAcceptRoutes: false })],
    };
    expect(findCuts(alone, { ...successor, replicas: 1 })).toEqual([]);
  });

  test('cuts off no client if the objects belong to no server', () => {
    expect(findCuts({ objects, servers: [] }, successor)).toEqual([]);
  });

  test('counts the servers that an aborted run has taken over', () => {
    const source = { objects, servers: [server('nats-0')], taken: 1 };
    expect(findTakeoverRefusal(source, successor, { adopt: true, outage: true })).toBeUndefined();
  });

  test.each<readonly [string, Source, string]>([
    ['streams', sourceOf({ jetstream: true }), 'StreamsInOtherVolumes'],
    ['another number of servers', { objects, servers: [server('nats-0')] }, 'OtherReplicas'],
  ])('is always refused with %s', (_, source, reason) => {
    const refusal = findTakeoverRefusal(source, successor, { adopt: true, outage: true });
    expect(refusal).toMatchObject({ code: 'CHANGE_FORBIDDEN', reason });
  });
});
