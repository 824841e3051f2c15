import { describe, expect, test } from '@jest/globals';
import { hasCode } from '../../../../../src/errors/action-error.ts';
import { lowerCase } from '../../../../../src/nats/conf/reader/cursor.ts';
import { block, type ConfBlock, type ConfValue } from '../../../../../src/nats/conf/reader/value.ts';
import { type BlockKind, readFields } from '../../../../../src/nats/conf/settings/fields.ts';
import { mergeConfiguration } from '../../../../../src/nats/conf/settings/merge.ts';
import { buildServerConfiguration } from '../../../../../src/nats/conf/writer/server.ts';
import { FIELD_BLOCKS, type FieldBlock, recordedFields } from '../../../../support/nats-server-fields.ts';
import { settings } from '../../../support/settings.ts';

const recorded = await recordedFields();

const KINDS: Readonly<Record<FieldBlock, BlockKind>> = {
  top: 'top',
  cluster: 'cluster',
  tls: 'tls',
  authorization: 'authorization',
  callout: 'callout',
  account: 'account',
  user: 'user',
  jetstream: 'jetstream',
  websocket: 'listener',
  leafnodes: 'listener',
  mqtt: 'listener',
  gateway: 'listener',
};

/**
 * Fields that the action sets, by the name under which the action knows the field. All other fields belong to the user.
 */
const OWNED = {
  top: `port listen host server_name client_advertise http https http_port https_port http_base_path lame_duck_duration
    lame_duck_grace_period debug trace logtime logfile syslog remote_syslog pidfile ports_file_dir max_connections
    max_control_line max_payload write_deadline jetstream store_dir allow_non_tls no_system_account proxy_protocol
    system_account trace_verbose trace_headers`,
  cluster: 'name port listen host advertise no_advertise routes authorization tls',
  tls: `cert_file key_file ca_file verify verify_and_map certs cert_store cert_match cert_match_by cert_match_skip_invalid
    ca_certs_match verify_cert_and_check_known_urls insecure handshake_first pinned_certs`,
  authorization: 'user password token proxy_required',
} as const;

/** Fields that the action leaves to the user. The test fails for a field of a new release that is in neither list. */
const THEIRS = {
  top: `accounts authorization cluster connect_error_reports default_js_domain default_sentinel disable_sublist_cache
    feature_flags gateway leafnodes logfile_max_num logfile_size_limit logtime_utc mappings max_closed_clients max_pending
    max_sub_tokens max_subscriptions max_traced_msg_len mqtt no_auth_user no_fast_producer_stall no_header_support ocsp
    ocsp_cache operator ping_interval ping_max prof_block_rate prof_port proxies reconnect_error_reports resolver
    resolver_pinned_accounts resolver_preload resolver_tls server_metadata server_tags tls trusted_keys websocket
    write_timeout`,
  cluster: `accounts compression connect_backoff connect_retries permissions ping_interval ping_max pool_size write_deadline
    write_timeout`,
  tls: `allow_insecure_cipher_suites cipher_suites connection_rate_limit curve_preferences min_version ocsp_peer timeout`,
  authorization: 'auth_callout default_permissions timeout users',
} as const;

const words = (text: string): readonly string[] => text.split(/\s+/);
const nameOf = (kind: BlockKind, spelling: string): string =>
  readFields(kind, block({ [spelling]: 'x' })).map(({ name }) => name)[0] ?? '';
const BLOCKS_WITH_OWNED = ['top', 'cluster', 'tls', 'authorization'] as const;

describe('a spelling that nats-server accepts', () => {
  test.each(FIELD_BLOCKS)('has one name for a field of %s, different from any other field', (name) => {
    const groups = [...recorded.fields[name].keys()];
    const names = groups.map((group) => new Set(words(group).map((spelling) => nameOf(KINDS[name], spelling))));
    expect(names.filter(({ size }) => size !== 1)).toEqual([]);
    expect(new Set(names.map((set) => [...set].join())).size).toBe(groups.length);
  });

  test.each(BLOCKS_WITH_OWNED)('belongs either to this action or to the user, for a field of %s', (name) => {
    const known = [...words(OWNED[name]), ...words(THEIRS[name])].toSorted();
    const read = [...recorded.fields[name].keys()].map((group) => nameOf(KINDS[name], words(group)[0] ?? ''));
    expect(known).toEqual(read.toSorted());
  });

  const owned = BLOCKS_WITH_OWNED.flatMap((name) =>
    [...recorded.fields[name].keys()]
      .flatMap(words)
      .filter((spelling) => words(OWNED[name]).includes(nameOf(KINDS[name], spelling)))
      .flatMap((spelling) => [spelling, spelling.toUpperCase(), spelling.replaceAll('i', '\u0130')])
      .map((spelling) => [name, spelling] as const),
  );

  test.each(owned)('is refused for a field of this action in any notation: %s %s', (name, spelling) => {
    // The entry is in the block of the field, and its value differs from every generated value.
    const value: ConfValue = spelling.toLowerCase().startsWith('trace_') ? true : 'of-the-user';
    const inner = block({ [spelling]: value });
    expect(violationsOf(name === 'top' ? inner : block({ [name]: inner })).length).toBeGreaterThan(0);
  });

  test('is converted to lower case as in Go', () => {
    expect(['LISTEN', 'L\u0130STEN', 'max_\u212Aeys', 'listen'].map(lowerCase)).toEqual([
      'listen',
      'listen',
      'max_keys',
      'listen',
    ]);
  });
});

function violationsOf(tree: ConfBlock) {
  try {
    mergeConfiguration(buildServerConfiguration(settings), settings, { input: 'config', tree });
  } catch (error) {
    if (hasCode(error, 'INPUT_INVALID')) return error.details.violations;
    throw error;
  }
  return [];
}
