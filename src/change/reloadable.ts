/**
 * The parts of a setting that `nats-server -t` checks. The check ends before nats-server opens a port, an account or a
 * store (`main.go`).
 */
type Check = 'its form' | 'its form and files';

/** A group of settings that nats-server takes in the same way. */
export type Setting = {
  /**
   * The paths in nats.conf, including aliases: keys in lower case, joined by dots. A path covers everything below it.
   */
  readonly paths: readonly string[];
  /** The option types in `server/reload.go` that apply the setting. */
  readonly option: string;
  readonly reload: string;
  readonly start: string;
  readonly check: Check;
};

const THE_SAME = 'applies it';

function splitKeys(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}

/**
 * The settings that a running nats-server of 2.10 or newer applies via a configuration reload, and the effect of a
 * start if it differs. The source is `Server.diffOptions` in server/reload.go, which names the fields of `Options`; the
 * keys and their aliases are in `processConfigFileLine` in server/opts.go. Every other setting needs a restart, because
 * nats-server refuses to reload an option that it cannot change. A key that is missing here therefore costs a rolling
 * restart, and never more.
 */
export const SETTINGS: readonly Setting[] = [
  {
    paths: splitKeys(`debug trace trace_verbose logtime logtime_utc log_file
      logfile syslog max_traced_msg_len connect_error_reports reconnect_error_reports`),
    option: 'traceOption, debugOption, logtimeOption, logfileOption, syslogOption, maxTracedMsgLenOption',
    reload: THE_SAME,
    start: THE_SAME,
    check: 'its form',
  },
  {
    paths: ['max_connections', 'max_conn'],
    option: 'maxConnOption',
    reload:
      'closes connections above the limit, whichever user they have, and answers every further connection with `-ERR` before TLS, including those of the system account',
    start: 'applies it; clients connect again up to the limit',
    check: 'its form',
  },
  {
    paths: ['max_control_line', 'max_payload', 'ping_interval', 'ping_max', 'write_deadline'],
    option: 'maxControlLineOption, maxPayloadOption, pingIntervalOption, maxPingsOutOption, writeDeadlineOption',
    reload: 'applies it to every client; a line or message that is too long ends its connection',
    start: THE_SAME,
    check: 'its form',
  },
  {
    paths: ['server_tags', 'client_advertise', 'pid_file', 'pidfile'],
    option: 'tagsOption, clientAdvertiseOption, pidFileOption',
    reload: THE_SAME,
    start: THE_SAME,
    check: 'its form',
  },
  {
    // The options TLSMap, AllowNonTLS and TLSRateLimit are excluded.
    paths: splitKeys(`tls.cert_file tls.key_file tls.ca_file tls.timeout tls.verify tls.min_version
      tls.cipher_suites tls.curve_preferences tls.pinned_certs`),
    option: 'tlsOption, tlsTimeoutOption, tlsPinnedCertOption',
    reload: 'applies it to new handshakes; existing connections stay',
    start: THE_SAME,
    check: 'its form and files',
  },
  {
    // The option AuthCallout is excluded.
    paths:
      splitKeys(`authorization.users authorization.user authorization.username authorization.password authorization.pass authorization.timeout
      authorization.default_permissions`),
    option: 'usersOption, nkeysOption, usernameOption, passwordOption, authTimeoutOption',
    reload: 'closes the connections of users that were removed or have another password or account',
    start: THE_SAME,
    check: 'its form',
  },
  {
    paths: ['accounts'],
    option: 'accountsOption',
    reload:
      'applies users, exports, imports and connection limits; logs the JetStream limits that it cannot provide (`[ERR]`), keeps the JetStream of `$G` as it is, and does not compare limits with existing streams',
    start:
      'gives `$G` JetStream only if it is the only account; exits (`[FTL]`) if a standalone server cannot provide what accounts reserve; does not load streams that reserve more than their account may',
    check: 'its form',
  },
  {
    // The options host and port are excluded (`validateClusterOpts`).
    paths:
      splitKeys(`cluster.authorization cluster.routes cluster.advertise cluster.no_advertise cluster.permissions cluster.pool_size
      cluster.accounts cluster.compression`),
    option: 'clusterOption, routesOption',
    reload: 'applies it; changed routes connect again',
    start: THE_SAME,
    check: 'its form',
  },
  {
    paths: ['cluster.tls.cert_file', 'cluster.tls.key_file', 'cluster.tls.ca_file', 'cluster.tls.timeout'],
    option: 'clusterOption',
    reload: 'applies it to new handshakes; existing routes stay',
    start: THE_SAME,
    check: 'its form and files',
  },
  {
    paths:
      splitKeys(`websocket.tls.cert_file websocket.tls.key_file gateway.tls.cert_file gateway.tls.key_file gateway.tls.ca_file leafnodes.tls.cert_file
      leafnodes.tls.key_file leafnodes.tls.ca_file mqtt.tls.cert_file mqtt.tls.key_file`),
    option: 'excluded from the comparison of their listeners',
    reload: 'applies it to new handshakes; other settings of these listeners need a start',
    start: THE_SAME,
    check: 'its form and files',
  },
  {
    paths: ['mqtt.ack_wait', 'mqtt.max_ack_pending'],
    option: 'mqttAckWaitReload, mqttMaxAckPendingReload',
    reload: 'applies it to new sessions',
    start: THE_SAME,
    check: 'its form',
  },
];

/**
 * Every path that a reload applies. With JetStream, a part of `accounts` still needs a restart: `selectRestartPart`
 * returns that part.
 */
export const RELOADABLE: readonly string[] = SETTINGS.flatMap(({ paths }) => paths);

/** Checks whether a reload applies the setting at `path`. The keys of `path` are in lower case and joined by dots. */
export function isReloadable(path: string): boolean {
  return RELOADABLE.some((known) => path === known || path.startsWith(`${known}.`));
}
