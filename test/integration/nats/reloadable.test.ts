import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { RELOADABLE } from '../../../src/change/reloadable.ts';
import { selectRestartPart } from '../../../src/change/restart-part.ts';
import { block, type ConfBlock, type ConfValue, list } from '../../../src/nats/conf/reader/value.ts';
import { renderConfiguration } from '../../../src/nats/conf/writer/write.ts';
import type { NatsServer } from '../../support/nats-server.ts';
import { type LoopbackCluster, makeLoopbackCluster, type Place } from './loopback-cluster.ts';

/**
 * The settings without JetStream, because accounts with JetStream have tests of their own (jetstream-accounts.test.ts).
 */
const ALONE = { jetstream: false } as const;

type Case = readonly [path: string, value: ConfValue | undefined, expected: 'reload' | 'rolling'];

const USER = block({ user: 'one more', password: 'of them all' });
const SUBJECTS = block({ publish: list(['some.>']) });

/** The cases. `sameFile:` stands for another spelling of the current path. */
const CASES: readonly Case[] = [
  ['debug', true, 'reload'],
  ['trace', true, 'reload'],
  ['trace_verbose', true, 'reload'],
  ['logtime', false, 'reload'],
  ['logtime_utc', true, 'reload'],
  ['syslog', false, 'reload'],
  ['max_traced_msg_len', 100, 'reload'],
  ['connect_error_reports', 7, 'reload'],
  ['reconnect_error_reports', 7, 'reload'],
  ['max_connections', 77, 'reload'],
  ['max_conn', 77, 'reload'],
  ['max_control_line', 2048, 'reload'],
  ['max_payload', 2048, 'reload'],
  ['ping_interval', '40s', 'reload'],
  ['ping_max', 5, 'reload'],
  ['write_deadline', '7s', 'reload'],
  ['server_tags', list(['other']), 'reload'],
  ['client_advertise', '127.0.0.1:4999', 'reload'],
  ['tls.cert_file', 'sameFile:', 'reload'],
  ['tls.key_file', 'sameFile:', 'reload'],
  ['tls.ca_file', 'sameFile:', 'reload'],
  ['tls.timeout', 4, 'reload'],
  ['tls.verify', true, 'reload'],
  ['tls.min_version', '1.3', 'reload'],
  ['tls.cipher_suites', list(['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256']), 'reload'],
  ['tls.curve_preferences', list(['CurveP256']), 'reload'],
  ['tls.pinned_certs', list(['a'.repeat(64)]), 'reload'],
  ['authorization.users', list([USER]), 'reload'],
  ['authorization.timeout', 4, 'reload'],
  ['authorization.default_permissions', SUBJECTS, 'reload'],
  ['accounts.other', block({ users: list([USER]) }), 'reload'],
  ['cluster.authorization', block({ user: 'other', password: 'another' }), 'reload'],
  ['cluster.routes', list([]), 'reload'],
  ['cluster.advertise', '127.0.0.1:6999', 'reload'],
  ['cluster.no_advertise', true, 'reload'],
  ['cluster.permissions', block({ import: 'some.>' }), 'reload'],
  ['cluster.pool_size', 5, 'reload'],
  ['cluster.accounts', list(['$G']), 'reload'],
  ['cluster.compression', 's2_fast', 'reload'],
  ['cluster.tls.cert_file', 'sameFile:', 'reload'],
  ['cluster.tls.key_file', 'sameFile:', 'reload'],
  ['cluster.tls.ca_file', 'sameFile:', 'reload'],
  ['cluster.tls.timeout', 4, 'reload'],
  ['websocket.tls.cert_file', 'sameFile:', 'reload'],
  ['websocket.tls.key_file', 'sameFile:', 'reload'],
  ['gateway.tls.cert_file', 'sameFile:', 'reload'],
  ['gateway.tls.key_file', 'sameFile:', 'reload'],
  ['gateway.tls.ca_file', 'sameFile:', 'reload'],
  ['leafnodes.tls.cert_file', 'sameFile:', 'reload'],
  ['leafnodes.tls.key_file', 'sameFile:', 'reload'],
  ['leafnodes.tls.ca_file', 'sameFile:', 'reload'],
  ['mqtt.ack_wait', '20s', 'reload'],
  ['mqtt.max_ack_pending', 50, 'reload'],
  ['mqtt.tls.cert_file', 'sameFile:', 'reload'],
  ['mqtt.tls.key_file', 'sameFile:', 'reload'],
  ['server_name', 'another', 'rolling'],
  ['max_pending', 1_000_000, 'rolling'],
  ['max_subscriptions', 1000, 'rolling'],
  ['lame_duck_duration', '40s', 'rolling'],
  ['lame_duck_grace_period', '7s', 'rolling'],
  ['tls.verify_and_map', true, 'rolling'],
  ['tls.connection_rate_limit', 100, 'rolling'],
  ['allow_non_tls', true, 'rolling'],
  ['websocket.same_origin', true, 'rolling'],
  ['gateway.advertise', '127.0.0.1:7999', 'rolling'],
  ['leafnodes.no_advertise', true, 'rolling'],
  ['mqtt.no_auth_user', 'true', 'rolling'],
  ['jetstream.store_dir', '/tmp/other', 'rolling'],
  ['jetstream.domain', 'other', 'rolling'],
  ['jetstream.max_file_store', 1_000_000, 'rolling'],
];

/** Fields without a test: other spellings of tested fields, and fields that make a server leave a file behind. */
const UNTESTED = new Set([
  'log_file',
  'logfile',
  'pid_file',
  'pidfile',
  'authorization.user',
  'authorization.username',
  'authorization.password',
  'authorization.pass',
  'accounts',
]);

describe('a configuration reload', () => {
  test('has a case for every path of the table', () => {
    const paths = new Set(CASES.map(([path]) => path));
    expect(RELOADABLE.filter((path) => !paths.has(path) && !UNTESTED.has(path))).toEqual([]);
  });

  describe.each(['2.10.29', '2.11.17', '2.12.15', '2.15.2'] as const)('of nats-server %s', (version) => {
    let cluster: LoopbackCluster;
    let place: Place;
    let server: NatsServer;
    let base: ConfBlock;
    let store: string;

    beforeAll(async () => {
      cluster = await makeLoopbackCluster();
      const [first] = await cluster.places(1);
      if (first === undefined) throw new Error('one place was asked for');
      place = first;
      store = await mkdtemp(join(tmpdir(), 'reloadable-'));
      const entries = listeners(cluster, store);
      const { certificate, key, trust } = cluster.certificates.route;
      const routes = block({ tls: block({ cert_file: certificate, key_file: key, ca_file: trust, verify: true }) });
      base = cluster.tree(place, [place], { entries, cluster: routes });
      server = await cluster.start(version, place, [place], { entries, cluster: routes });
    });

    afterAll(async () => {
      await cluster.stop();
      await rm(store, { recursive: true, force: true });
    });

    test.each(CASES)('applies %s: %j as the table says, by %s', async (path, value, expected) => {
      const changed = changedTree(base, path.split('.'), value);
      expect(selectRestartPart(base, ALONE) === selectRestartPart(changed, ALONE) ? 'reload' : 'rolling').toBe(
        expected,
      );
      const taken = await server.reload(renderConfiguration(changed));
      expect(taken ? 'reload' : 'rolling').toBe(expected);
      expect(await server.reload(renderConfiguration(base))).toBe(true);
    });
  });
});

/** Returns all kinds of listeners, on ports that the system assigns. */
function listeners({ certificates }: LoopbackCluster, store: string): Readonly<Record<string, ConfValue>> {
  const { certificate, key, trust } = certificates.server;
  const tls = block({ cert_file: certificate, key_file: key });
  const mutual = block({ cert_file: certificate, key_file: key, ca_file: trust });
  return {
    jetstream: block({ store_dir: store, max_memory_store: 10_000_000, max_file_store: 10_000_000 }),
    websocket: block({ port: -1, tls }),
    mqtt: block({ port: -1, tls }),
    leafnodes: block({ port: -1, tls: mutual }),
    gateway: block({ name: 'nats', port: -1, tls: mutual }),
  };
}

function changedTree(
  tree: ConfBlock,
  [key = '', ...below]: readonly string[],
  value: ConfValue | undefined,
): ConfBlock {
  const old = tree.entries[key];
  if (below.length === 0) {
    const next = value === 'sameFile:' && typeof old === 'string' ? old.replace(/\/([^/]*)$/, '/./$1') : value;
    return block({ ...tree.entries, [key]: next });
  }
  const inner = typeof old === 'object' && old.kind === 'block' ? old : block({});
  return block({ ...tree.entries, [key]: changedTree(inner, below, value) });
}
