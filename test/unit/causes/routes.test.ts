import { describe, expect, test } from '@jest/globals';
import type { Facts } from '../../../src/causes/facts.ts';
import { findRouteCauses } from '../../../src/causes/route-causes.ts';
import { container, factsWith, log, pod, waiting } from '../support/facts.ts';

const pods = ['nats-0', 'nats-1', 'nats-2'].map((name) => pod(name, { ready: true, phase: 'Running' }));
const addresses = { '10.96.0.11': 'nats-1', '10.244.1.7': 'nats-1', '10.244.2.9': 'nats-2' };
const at = '[1] 2026/11/23 02:05:26.641414';

function routes(lines: Readonly<Record<string, readonly string[]>>, overrides: Partial<Facts> = {}): Facts {
  const logs = Object.entries(lines).map(([name, logLines]) => log(name, logLines));
  return factsWith(pods, { logs, addresses, ...overrides });
}

const CN = '(CN=nats-2 SHA-256: da01402012f8003b08f85cc6a7095a43a25c194cc301ac37ab8288dea0b16b1a)';

describe('the cause of a rejected route, from logs of nats-server 2.10 to 2.15', () => {
  test.each<[string, string, string, string, boolean]>([
    [
      'an unknown CA',
      `${at} [ERR] 10.96.0.11:6222 - rid:10 - TLS route handshake error: tls: failed to verify certificate: x509: certificate signed by unknown authority`,
      'UnknownAuthority',
      'nats-0 → nats-1',
      true,
    ],
    [
      'an unknown CA with a common name',
      `${at} [ERR] 10.9.9.9:6222 - rid:10 - TLS route handshake error: tls: failed to verify certificate: x509: certificate signed by unknown authority ${CN}`,
      'UnknownAuthority',
      'nats-0 → nats-2',
      true,
    ],
    [
      'a certificate for another name',
      `${at} [ERR] 10.9.9.9:6222 - rid:5 - TLS route handshake error: tls: failed to verify certificate: x509: certificate is valid for nats-7.n.svc, not nats-1.messaging.svc`,
      'NameMismatch',
      'nats-0 → nats-1',
      true,
    ],
    [
      'an expired certificate',
      `${at} [ERR] 10.244.1.7:34838 - rid:8 - TLS route handshake error: tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-11-23T02:05:29Z is after 2020-02-01T00:00:00Z`,
      'CertificateExpired',
      'nats-0 → nats-1',
      true,
    ],
    [
      'a clock far behind',
      `${at} [ERR] 10.244.1.7:34838 - rid:8 - TLS route handshake error: tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-11-23T02:05:29Z is before 2026-11-23T04:00:00Z`,
      'CertificateNotYetValid',
      'nats-0 → nats-1',
      true,
    ],
    [
      'a clock a little behind',
      `${at} [ERR] 10.244.1.7:34838 - rid:8 - TLS route handshake error: tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-11-23T02:05:29Z is before 2026-11-23T02:05:40Z`,
      'CertificateNotYetValid',
      'nats-0 → nats-1',
      false,
    ],
    [
      'a missing client certificate',
      `${at} [ERR] 10.244.1.7:35990 - rid:7 - TLS route handshake error: tls: client didn't provide a certificate`,
      'CertificateMissing',
      'nats-0 → nats-1',
      true,
    ],
    [
      'a peer without TLS',
      `${at} [ERR] 10.96.0.11:6222 - rid:10 - TLS route handshake error: tls: first record does not look like a TLS handshake`,
      'PeerWithoutTls',
      'nats-0 → nats-1',
      true,
    ],
    [
      'a wrong password that this server rejects',
      `${at} [ERR] 10.96.0.11:6222 - rid:8 - Route Error 'Authorization Violation'`,
      'AuthorizationViolation',
      'nats-0 → nats-1',
      true,
    ],
    [
      'a wrong password that the peer rejects',
      `${at} [ERR] 10.244.1.7:37788 - rid:7 - authentication error - User "u"`,
      'AuthorizationViolation',
      'nats-0 → nats-1',
      true,
    ],
    [
      'a duplicate server name',
      `${at} [ERR] 10.244.2.9:49006 - rid:5 - Remote server has a duplicate name: "nats-0"`,
      'DuplicateName',
      'nats-0 → nats-2',
      true,
    ],
    [
      'a peer of another NATS cluster',
      `${at} [ERR] 10.96.0.11:6222 - rid:5 - Route Error 'Rejecting connection, cluster name "nats" does not match "other"'`,
      'ForeignCluster',
      'nats-0 → nats-1',
      true,
    ],
    [
      'a host name that does not resolve',
      `${at} [ERR] Error trying to connect to route (attempt 1): lookup for host "nats-1.messaging.svc": lookup nats-1.messaging.svc on 10.96.0.10:53: no such host`,
      'NameUnresolved',
      'nats-0 → nats-1',
      true,
    ],
    [
      'an unreachable DNS server',
      `${at} [ERR] Error trying to connect to route (attempt 1): lookup for host "nats-1.messaging.svc": lookup nats-1.messaging.svc on 10.96.0.10:53: read udp 10.244.0.3:4567->10.96.0.10:53: read: connection refused`,
      'NameUnresolved',
      'nats-0 → nats-1',
      true,
    ],
    [
      'a port on which the peer does not listen',
      `${at} [ERR] Error trying to connect to route (attempt 1): dial tcp 10.96.0.11:6222: connect: connection refused`,
      'ConnectionRefused',
      'nats-0 → nats-1',
      false,
    ],
    [
      'an unreachable peer',
      `${at} [ERR] Error trying to connect to route (attempt 1): dial tcp 10.96.0.11:6222: i/o timeout`,
      'ConnectionTimeout',
      'nats-0 → nats-1',
      false,
    ],
    [
      'lines without a time',
      `[1] [ERR] 10.96.0.11:6222 - rid:8 - Route Error 'Authorization Violation'`,
      'AuthorizationViolation',
      'nats-0 → nats-1',
      true,
    ],
    [
      'a peer at an unknown address',
      `${at} [ERR] 192.0.2.1:6222 - rid:8 - Route Error 'Authorization Violation'`,
      'AuthorizationViolation',
      'nats-0 → a server at 192.0.2.1',
      true,
    ],
  ])('is found for %s', (_, line, reason, object, fatal) => {
    expect(findRouteCauses(routes({ 'nats-0': [line] }))).toMatchObject([
      { code: 'MESH_INCOMPLETE', reason, object, fatal },
    ]);
  });
});

const unknown = `${at} [ERR] 10.96.0.11:6222 - rid:10 - TLS route handshake error: tls: failed to verify certificate: x509: certificate signed by unknown authority`;
const alert = `${at} [ERR] 10.244.9.9:36000 - rid:7 - TLS route handshake error: remote error: tls: bad certificate`;
const dns = `${at} [ERR] Error trying to connect to route (attempt 1): lookup for host "nats-1.messaging.svc": lookup nats-1.messaging.svc on 10.96.0.10:53: no such host`;
const created = `${at} [INF] 10.96.0.11:6222 - rid:7 - Route connection created`;

test('the cause of a missing route comes from the server that rejects it, if both ends complain', () => {
  const facts = routes(
    { 'nats-1': [alert], 'nats-0': [unknown] },
    { addresses: { ...addresses, '10.244.9.9': 'nats-0' } },
  );
  expect(findRouteCauses(facts)).toMatchObject([{ reason: 'UnknownAuthority', object: 'nats-0 → nats-1' }]);
});

test.each<[string, Facts]>([
  ['a pair that has its routes', routes({ 'nats-0': [unknown] }, { missingPairs: [{ from: 'nats-0', to: 'nats-2' }] })],
  ['a route that was created later', routes({ 'nats-0': [dns, created] })],
  [
    'a server that connects to itself',
    routes({ 'nats-1': [`${at} [ERR] 10.244.1.7:1 - rid:1 - Remote server has a duplicate name: "nats-1"`] }),
  ],
  [
    'a certificate of an unknown CA that the security check sent through a port-forward',
    routes({ 'nats-0': [unknown.replace('10.96.0.11', '127.0.0.1')] }),
  ],
  ['a client connection', routes({ 'nats-0': [`${at} [ERR] 10.96.0.11:5000 - cid:5 - TLS handshake error: EOF`] })],
  [
    'a peer that is unreachable because it does not run',
    factsWith([pod('nats-0', { ready: true }), pod('nats-1', { containers: [container({ state: waiting('x') })] })], {
      logs: [log('nats-0', [dns])],
    }),
  ],
  ['hostile text', routes({ 'nats-0': ['', '[ERR]', '[ERR] :::: - rid:1 - ', `${'['.repeat(5000)}ERR] x`] })],
  ['the log of the previous container run', factsWith(pods, { logs: [log('nats-0', [unknown], { run: 'previous' })] })],
])('%s does not count as a cause of a missing route', (_, facts) => {
  expect(findRouteCauses(facts)).toEqual([]);
});

test('a connection through a port-forward does not cancel a complaint about a peer', () => {
  const proof = created.replace('10.96.0.11', '127.0.0.1');
  const unresolved = dns.replaceAll('nats-1.', 'elsewhere.');
  expect(findRouteCauses(routes({ 'nats-0': [unresolved, proof] }))).toMatchObject([{ reason: 'NameUnresolved' }]);
});

test('a pair with routes in only one direction counts as incomplete', () => {
  const facts = routes({ 'nats-0': [unknown] }, { missingPairs: [{ from: 'nats-1', to: 'nats-0' }] });
  expect(findRouteCauses(facts)).toHaveLength(1);
});

test.each<[string, string, Facts['missingPairs']]>([
  ['nats-0 → nats-2', 'the one peer that has no routes', [{ from: 'nats-2', to: 'nats-0' }]],
  [
    'nats-0 → a server at 10.244.0.1',
    'an address, where it may be either of two',
    [
      { from: 'nats-0', to: 'nats-1' },
      { from: 'nats-2', to: 'nats-0' },
    ],
  ],
])('a wrong password from a translated source address is reported for %s: %s', (object, _, missingPairs) => {
  const line = `${at} [ERR] 10.244.0.1:61554 - rid:7 - authentication error - User "u"`;
  expect(findRouteCauses(routes({ 'nats-0': [line] }, { missingPairs }))).toMatchObject([{ object }]);
});

test('an old rejection does not end the wait, but a name that never resolved does after the DNS caches expire', () => {
  const old = { logs: [log('nats-0', [unknown], { freshFrom: 1 })] };
  expect(findRouteCauses(routes({}, old))).toMatchObject([{ fatal: false }]);
  const never = { logs: [log('nats-0', [dns], { freshFrom: 1 })] };
  expect(findRouteCauses(routes({}, never))).toMatchObject([{ fatal: true, patienceMs: 35_000 }]);
});

test('a complaint caused by the peer waits longer while the peer cannot connect, because the peer cannot give its reason yet', () => {
  const bare = `${at} [ERR] 10.244.0.1:61554 - rid:7 - TLS route handshake error: tls: client didn't provide a certificate`;
  const timeout = `${at} [ERR] Error trying to connect to route (attempt 1): dial tcp 10.96.0.11:6222: i/o timeout`;
  const patience = (lines: readonly string[]): number | undefined =>
    findRouteCauses(routes({ 'nats-0': lines })).find(({ reason }) => reason === 'CertificateMissing')?.patienceMs;
  expect(patience([bare])).toBe(1600);
  expect(patience([timeout, bare])).toBe(3500);
});
