import { describe, expect, test } from '@jest/globals';
import type { Facts } from '../../../src/causes/facts.ts';
import { findRouteCauses } from '../../../src/causes/route-causes.ts';
import { container, factsWith, log, pod, waiting } from '../support/facts.ts';

const pods = ['nats-0', 'nats-1', 'nats-2'].map((name) => pod(name, { ready: true, phase: 'Running' }));
const addresses = { '10.0.0.1': 'nats-1', '10.0.0.2': 'nats-2' };

/** Returns the causes from the log of nats-0. */
function causesOf(
  lines: readonly string[],
  { freshFrom = 0, ...overrides }: Partial<Facts> & { freshFrom?: number } = {},
) {
  return findRouteCauses(factsWith(pods, { logs: [log('nats-0', lines, { freshFrom })], addresses, ...overrides }));
}

const refusal = (address: string, text: string) => `[1] [ERR] ${address}:6222 - rid:1 - ${text}`;
const untrusted = (address: string) =>
  refusal(address, 'TLS route handshake error: x509: certificate signed by unknown authority');
const wrongPassword = (address: string) => refusal(address, 'authentication error - User "u"');
const timeout = (address: string) =>
  `[1] [ERR] Error trying to connect to route (attempt 1): dial tcp ${address}:6222: i/o timeout`;
const created = (address: string) => refusal(address, 'Route connection created');

const pair = (from: number, to: number) => ({ from: `nats-${from}`, to: `nats-${to}` });
type Pairs = readonly ReturnType<typeof pair>[];

describe('the refusal of a peer', () => {
  test.each<[string, string, Pairs, number]>([
    ['counts while that direction lacks routes', '10.0.0.1', [pair(0, 1)], 1],
    ['counts while the other direction lacks routes', '10.0.0.1', [pair(1, 0)], 1],
    ['counts while other pairs lack routes too', '10.0.0.1', [pair(0, 2), pair(0, 1), pair(2, 1)], 1],
    ['does not count while another pair from the server lacks routes', '10.0.0.1', [pair(0, 2)], 0],
    ['does not count while another pair to the server lacks routes', '10.0.0.1', [pair(2, 0)], 0],
    ['does not count while other pairs of the peer lack routes', '10.0.0.1', [pair(1, 2), pair(2, 1)], 0],
    ['does not count once no pair lacks routes', '10.0.0.1', [], 0],
    ['counts from an unknown address while the server lacks routes to a peer', '10.0.0.9', [pair(0, 2)], 1],
    ['counts from an unknown address while a peer lacks routes to the server', '10.0.0.9', [pair(2, 0)], 1],
    ['does not count from an unknown address while only others lack routes', '10.0.0.9', [pair(1, 2)], 0],
  ])('%s', (_, address, missingPairs, count) => {
    expect(causesOf([untrusted(address)], { missingPairs })).toHaveLength(count);
  });
});

describe('a refusal from an unknown address', () => {
  test.each<[string, string, Pairs, string]>([
    ['is about the only missing peer', wrongPassword('10.0.0.9'), [pair(0, 1)], 'nats-1'],
    ['is about the only missing peer beside others', wrongPassword('10.0.0.9'), [pair(1, 2), pair(2, 0)], 'nats-2'],
    ['is about one peer that lacks both directions', wrongPassword('10.0.0.9'), [pair(0, 1), pair(1, 0)], 'nats-1'],
    ['may be about either of two', wrongPassword('10.0.0.9'), [pair(0, 1), pair(0, 2)], 'a server at 10.0.0.9'],
    ['may be about any sender before the password', untrusted('10.0.0.9'), [pair(0, 1)], 'a server at 10.0.0.9'],
    [
      'is about a host that is no server of the cluster',
      '[1] [ERR] Error trying to connect to route (attempt 1): lookup for host "elsewhere.svc": no such host',
      [pair(0, 1)],
      'a server at elsewhere.svc',
    ],
  ])('%s', (_, line, missingPairs, to) => {
    expect(causesOf([line], { missingPairs })).toMatchObject([{ object: `nats-0 → ${to}` }]);
  });
});

test.each<[string, readonly string[], readonly string[]]>([
  ['cancels an earlier failure to reach the peer', [timeout('10.0.0.1'), created('10.0.0.1')], []],
  ['does not cancel a later failure', [created('10.0.0.1'), timeout('10.0.0.1')], ['ConnectionTimeout']],
  ['does not cancel a failure to reach another', [timeout('10.0.0.1'), created('10.0.0.2')], ['ConnectionTimeout']],
  ['does not cancel a refusal', [untrusted('10.0.0.1'), created('10.0.0.1')], ['UnknownAuthority']],
])('a connection to a peer %s', (_, lines, reasons) => {
  expect(causesOf(lines).map(({ reason }) => reason)).toEqual(reasons);
});

test('the refusals that explain most come first', () => {
  const lines = [timeout('10.0.0.1'), untrusted('10.0.0.2')];
  expect(causesOf(lines).map(({ reason }) => reason)).toEqual(['UnknownAuthority', 'ConnectionTimeout']);
});

test.each<[string, number, string, boolean]>([
  ['comes from its latest lines, if there are any', 1, 'UnknownAuthority', true],
  ['comes from old lines otherwise', 2, 'NameMismatch', false],
  ['comes from the lines that explain most', 0, 'NameMismatch', true],
])('the cause of a pair %s', (_, freshFrom, reason, fatal) => {
  const mismatch = refusal('10.0.0.1', 'TLS route handshake error: x509: certificate is valid for a, not nats-1.n');
  expect(causesOf([mismatch, untrusted('10.0.0.1')], { freshFrom })).toMatchObject([{ reason, fatal }]);
});

test.each([
  ['a minute', '02:06:29Z', true],
  ['less than a minute', '02:06:28Z', false],
  ['an unknown time', 'later', true],
])('a certificate that becomes valid in %s: fatal is %s', (_, validFrom, fatal) => {
  const text = `certificate has expired or is not yet valid: current time 2026-11-23T02:05:29Z is before 2026-11-23T${validFrom}`;
  expect(causesOf([refusal('10.0.0.1', text)])).toMatchObject([{ reason: 'CertificateNotYetValid', fatal }]);
});

test.each<[string, string, number]>([
  ['is the reason why it is not reached', timeout('10.0.0.1'), 0],
  ['is not the reason why it was refused', untrusted('10.0.0.1'), 1],
])('that a peer does not run %s', (_, line, count) => {
  const stopped = pod('nats-1', { containers: [container({ state: waiting('x') })] });
  const logs = [log('nats-0', [line])];
  expect(findRouteCauses(factsWith([pod('nats-0'), stopped], { logs, addresses }))).toHaveLength(count);
});
