import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeRoutez, decodeVarz } from '../../../../src/nats/mesh/monitoring.ts';

type Channel = 'system' | 'monitor';

/**
 * Reads the recorded answers of the first of two meshed servers, for each release: `system` over
 * `$SYS.REQ.SERVER.<id>`, `monitor` over HTTP. Both ran the configuration of this action, revision R1.
 */
function recorded(version: string, channel: Channel, endpoint: 'varz' | 'routez'): unknown {
  const document: unknown = JSON.parse(readFileSync(join(import.meta.dirname, 'recorded', `${version}.json`), 'utf8'));
  return field(field(document, channel), endpoint);
}

function field(value: unknown, name: string): unknown {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  return found;
}

const releases = ['2.10.29', '2.11.17', '2.12.15', '2.14.9', '2.15.2'];

describe.each(['system', 'monitor'] as const)('the recorded responses by %s', (channel) => {
  test.each(releases)('of %s are decoded', (version) => {
    expect(decodeVarz(recorded(version, channel, 'varz'))).toMatchObject({
      kind: 'decoded',
      value: {
        serverName: '12-nats-0',
        version,
        tags: ['rev:r1'],
        systemAccount: '$SYS',
        tlsRequired: true,
        cluster: { name: 'nats', poolSize: 3, tlsRequired: true, tlsVerify: true },
      },
    });
    const decoded = decodeRoutez(recorded(version, channel, 'routez'));
    const routes = decoded.kind === 'decoded' ? decoded.value.routes : [];
    expect(routes.map(({ remoteName, account }) => ({ remoteName, account }))).toEqual(
      expect.arrayContaining([{ remoteName: '12-nats-1', account: '$SYS' }]),
    );
    expect(routes.filter(({ account }) => account === undefined)).toHaveLength(3);
    expect(routes).toHaveLength(4);
  });

  test('of 2.9.25 are decoded without pool and accounts', () => {
    const decoded = decodeVarz(recorded('2.9.25', channel, 'varz'));
    expect(decoded.kind === 'decoded' && decoded.value.cluster?.poolSize).toBeUndefined();
    expect(decodeRoutez(recorded('2.9.25', channel, 'routez'))).toMatchObject({
      kind: 'decoded',
      value: { routes: [{ remoteName: '12-nats-1', account: undefined }] },
    });
  });
});

const now = '2026-11-22T22:25:17.003190516Z';
const varz = {
  server_id: 'N1',
  server_name: 'nats-0',
  version: '2.15.2',
  now,
  config_load_time: '2026-11-22T22:25:12Z',
  start: '2026-11-22T22:20:17.003190516Z',
};
const route = { rid: 1, remote_id: 'N2', remote_name: 'nats-1', start: '2026-11-22T23:25:13.876751454+01:00' };
const routez = { server_id: 'N1', now, routes: [route] };

test('ages are measured with the clock of the server', () => {
  expect(decodeVarz(varz)).toMatchObject({ value: { loadedMs: 5003, upMs: 300_000 } });
  expect(decodeRoutez(routez)).toMatchObject({ value: { routes: [{ ageMs: 3127 }] } });
});

const config = { max_storage: 1, store_dir: '/data' };
const meta = { leader: 'nats-1', cluster_size: 3, replicas: [{ name: 'nats-0', current: true, active: 7 }] };

test.each<[string, unknown, object | undefined]>([
  ['no JetStream', undefined, undefined],
  ['an empty object', {}, undefined],
  ['a configuration without a meta group', { config }, { metaGroup: undefined }],
  [
    'a meta group with a leader',
    { config, meta },
    { metaGroup: { leader: 'nats-1', size: 3, replicas: [{ name: 'nats-0', current: true, silent: false }] } },
  ],
  [
    'a meta group without leader and members',
    { config, meta: { leader: '', cluster_size: 3, replicas: null } },
    { metaGroup: { leader: undefined, size: 3, replicas: [] } },
  ],
  [
    'members that are offline, behind, silent for ten seconds, or have never answered',
    {
      config,
      meta: {
        ...meta,
        replicas: [
          { name: 'nats-0', current: true, offline: true, active: 1 },
          { name: 'nats-2', current: false, active: 9_999_999_999 },
          { name: 'nats-3', current: false, active: 10_000_000_000 },
          { name: 'nats-4', current: false, active: 0 },
          { name: 'nats-5', current: true },
        ],
      },
    },
    {
      metaGroup: {
        leader: 'nats-1',
        size: 3,
        replicas: [
          { name: 'nats-0', current: false, silent: false },
          { name: 'nats-2', current: false, silent: false },
          { name: 'nats-3', current: false, silent: true },
          { name: 'nats-4', current: false, silent: true },
          { name: 'nats-5', current: true, silent: false },
        ],
      },
    },
  ],
])('VARZ with JetStream is decoded: %s', (_, jetstream, expected) => {
  const decoded = decodeVarz({ ...varz, jetstream });
  expect(decoded.kind === 'decoded' && decoded.value.jetstream).toEqual(expected);
});

test.each([
  ['a text', true, 'jetstream'],
  ['a meta group that is not an object', { config, meta: 'nats-1' }, 'jetstream.meta'],
  ['a meta group without a size', { config, meta: { leader: 'nats-1' } }, 'jetstream.meta.cluster_size'],
  ['an invalid leader', { config, meta: { ...meta, leader: 1 } }, 'jetstream.meta.leader'],
  ['members that are not a list', { config, meta: { ...meta, replicas: {} } }, 'jetstream.meta.replicas'],
  ['a member that is not an object', { config, meta: { ...meta, replicas: ['a'] } }, 'jetstream.meta.replicas[0]'],
])('VARZ with JetStream is malformed: %s', (_, jetstream, path) => {
  expect(decodeVarz({ ...varz, jetstream })).toMatchObject({ kind: 'malformed', path });
});

test('a server without a cluster block has no cluster', () => {
  expect(decodeVarz({ ...varz, cluster: {} })).toMatchObject({ kind: 'decoded', value: { cluster: undefined } });
});

test.each([
  ['no object', 'text', ''],
  ['no value', undefined, ''],
  ['a list', [varz], ''],
  ['an error', { server: {}, error: { code: 500, description: 'no' } }, 'error'],
  ['an envelope without data', { server: {} }, 'data'],
  ['data of another kind', { server: {}, data: [] }, 'data'],
  ['no server id', { ...varz, server_id: undefined }, 'server_id'],
  ['an empty name', { ...varz, server_name: '' }, 'server_name'],
  ['a number for a name', { ...varz, server_name: 7 }, 'server_name'],
  ['no load time of its configuration', { ...varz, config_load_time: undefined }, 'config_load_time'],
  ['an invalid time', { ...varz, now: 'soon' }, 'now'],
  ['tags that are not a list', { ...varz, tags: 'rev:r1' }, 'tags'],
  ['a tag that is not a string', { ...varz, tags: ['a', 7] }, 'tags[1]'],
  ['a pool size that is not an integer', { ...varz, cluster: { name: 'n', pool_size: 1.5 } }, 'cluster.pool_size'],
  ['a cluster that is not an object', { server: {}, data: { ...varz, cluster: 3 } }, 'data.cluster'],
])('VARZ with %s is malformed', (_, answer, path) => {
  expect(decodeVarz(answer)).toMatchObject({ kind: 'malformed', path });
});

test.each([
  ['nothing', undefined],
  ['nothing', null],
  ['an empty string', ''],
  ['the number 7', 7],
  ['a boolean', true],
  ['a list', ['canary']],
  ['an object', { canary: 1 }],
])('a malformed response is described by the kind of its value, %s, never by a text in it', (kind, value) => {
  const malformed = { kind: 'malformed', path: 'server_name', message: `expected a string with content, got ${kind}` };
  expect(decodeVarz({ ...varz, server_name: value })).toEqual(malformed);
  expect(JSON.stringify(decodeVarz({ ...varz, tags: 'canary' }))).not.toContain('canary');
});

test.each([
  ['no list of routes', { server_id: 'N1' }, 'routes'],
  ['null for the list of routes', { server_id: 'N1', routes: null }, 'routes'],
  ['an object for the list of routes', { server_id: 'N1', routes: { length: 1 } }, 'routes'],
  ['a route that is not an object', { ...routez, routes: [route, 7] }, 'routes[1]'],
  ['a route without id', { ...routez, routes: [{ ...route, rid: undefined }] }, 'routes[0].rid'],
  ['a route id too large to be exact', { ...routez, routes: [{ ...route, rid: 2 ** 60 }] }, 'routes[0].rid'],
  ['a route without a peer', { ...routez, routes: [{ ...route, remote_id: '' }] }, 'routes[0].remote_id'],
  ['a route without a start time', { ...routez, routes: [{ ...route, start: 12 }] }, 'routes[0].start'],
  ['no time', { ...routez, now: undefined }, 'now'],
])('ROUTEZ with %s is malformed', (_, answer, path) => {
  expect(decodeRoutez(answer)).toMatchObject({ kind: 'malformed', path });
});

test('keys of the object prototype do not count as fields of a response', () => {
  expect(decodeVarz(Object.create(varz))).toMatchObject({ kind: 'malformed', path: 'server_id' });
});

test.each([
  ['VARZ', decodeVarz],
  ['ROUTEZ', decodeRoutez],
])('the decoder of %s never throws, whatever the document is', (_, decode) => {
  const keys = fc.constantFrom('server', 'data', 'error', 'server_id', 'routes', 'cluster', 'tags', '__proto__');
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), fc.dictionary(keys, fc.jsonValue())), (document) => {
      expect(['decoded', 'malformed']).toContain(decode(document).kind);
    }),
  );
});
