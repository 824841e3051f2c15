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
  ['routes of another authority', { doesAcceptRoutes: false }, 'OtherRouteAuthority'],
  ['another cluster name', { clusterName: 'messaging' }, 'OtherClusterName'],
  ['plaintext clients', { clients: 'plaintext', isTrusted: false, doesKnowUser: undefined }, 'PlaintextClients'],
  ['another authority of the clients', { isTrusted: false, doesKnowUser: undefined }, 'OtherAuthority'],
  ['other users', { doesKnowUser: false }, 'OtherUsers'],
];

describe('a takeover', () => {
  test('cuts off nobody whose routes, authority and user stay', () => {
    expect(findCuts(sourceOf(), successor)).toEqual([]);
    expect(areJoined(sourceOf(), successor)).toBe(true);
    expect(findTakeoverRefusal(sourceOf(), successor, { adopt: true, outage: false })).toBeUndefined();
  });

  test('without consent is refused, with everything that would be taken over', () => {
    const refusal = findTakeoverRefusal(sourceOf(), successor, { adopt: false, outage: true });
    expect(refusal).toMatchObject({ code: 'CHANGE_FORBIDDEN', reason: 'ForeignObjects' });
    expect(refusal?.message).toContain('StatefulSet/nats');
    expect(refusal?.message).toContain('Helm (release nats)');
    expect(refusal?.hint).toMatch(/allow: adopt — /);
  });

  test.each(CUTS)('with %s needs a second consent', (_, overrides, reason) => {
    const source = sourceOf(overrides);
    expect(findCuts(source, successor).map((cut) => cut.reason)).toEqual([reason]);
    const refusal = findTakeoverRefusal(source, successor, { adopt: true, outage: false });
    expect(refusal).toMatchObject({ code: 'CHANGE_FORBIDDEN', reason: 'CutsOffClients' });
    expect(refusal?.hint).toContain('allow: adopt, outage');
    expect(findTakeoverRefusal(source, successor, { adopt: true, outage: true })).toBeUndefined();
  });

  test('that asks clients for certificates cuts off those without', () => {
    const asking = { ...successor, asksForCertificates: true };
    expect(findCuts(sourceOf(), asking).map(({ reason }) => reason)).toEqual(['ClientCertificates']);
  });

  test('of one server needs no routes', () => {
    const alone = {
      objects,
      servers: [server('nats-0', { routes: 'none', clusterName: undefined, doesAcceptRoutes: false })],
    };
    expect(findCuts(alone, { ...successor, replicas: 1 })).toEqual([]);
  });

  test('of objects that no server belongs to cuts off nobody', () => {
    expect(findCuts({ objects, servers: [] }, successor)).toEqual([]);
  });

  test('counts the servers that a killed run had taken over already', () => {
    const source = { objects, servers: [server('nats-0')], taken: 1 };
    expect(findTakeoverRefusal(source, successor, { adopt: true, outage: true })).toBeUndefined();
  });

  test.each<readonly [string, Source, string]>([
    ['streams', sourceOf({ jetstream: true }), 'StreamsInOtherVolumes'],
    ['another number of servers', { objects, servers: [server('nats-0')] }, 'OtherReplicas'],
  ])('with %s is refused whatever is consented to', (_, source, reason) => {
    const refusal = findTakeoverRefusal(source, successor, { adopt: true, outage: true });
    expect(refusal).toMatchObject({ code: 'CHANGE_FORBIDDEN', reason });
  });
});
