import { describe, expect, test } from '@jest/globals';
import { findErrorsSinceReload } from '../../../src/causes/server-log.ts';

const at = (line: string): string => `[7] 2026/01/31 12:00:00.000000 ${line}`;

/** The log lines as nats-server 2.15.2 wrote them. */
const RELOAD = [at('[INF] Reloaded: tags'), at('[INF] Reloaded: authorization users'), at('[INF] Reloaded: accounts')];
const DONE = at('[INF] Reloaded server configuration (sha256:00)');
const COMPLAINT =
  '[ERR] Error enabling jetstream on configured accounts: insufficient memory resources available (10028)';

describe('the complaint of a server about its reload', () => {
  test('is an error that the server logs while it applies the configuration', () => {
    expect(findErrorsSinceReload([...RELOAD, at(COMPLAINT), DONE])).toEqual([COMPLAINT]);
  });

  test('is an error that the server logs afterwards', () => {
    expect(findErrorsSinceReload([...RELOAD, DONE, at('[FTL] out of it')])).toEqual(['[FTL] out of it']);
  });

  test('needs no time in its line', () => {
    expect(findErrorsSinceReload(['[7] [INF] Reloaded: accounts', `[7] ${COMPLAINT}`, `[7] ${DONE}`])).toEqual([
      COMPLAINT,
    ]);
  });

  test('needs neither the id of a process nor a changed option', () => {
    expect(findErrorsSinceReload(['Starting', DONE, COMPLAINT])).toEqual([COMPLAINT]);
  });

  test.each([
    ['an error about an earlier reload', [...RELOAD, at(COMPLAINT), DONE, ...RELOAD, DONE]],
    ['an error from before the reload', [at(COMPLAINT), ...RELOAD, DONE]],
    ['an error in a log without a reload', [at(COMPLAINT)]],
    [
      'an error about a client',
      [...RELOAD, at('[ERR] 10.0.0.9:4222 - cid:9 - "v1.2:go:" - authentication error - User "till"'), DONE],
    ],
    ['an error about a handshake', [...RELOAD, DONE, at('[ERR] 10.0.0.9:4222 - cid:9 - TLS handshake error: EOF')]],
    [
      'an error about a route',
      [...RELOAD, DONE, at('[ERR] Error trying to connect to route (attempt 1): dial tcp: refused')],
    ],
    [
      'an error about Raft, which the health check covers',
      [...RELOAD, DONE, at('[ERR] RAFT [cnrtt3eg - _meta_] something')],
    ],
    ['a warning', [...RELOAD, at('[WRN] Plaintext passwords detected'), DONE]],
  ])('is not %s', (_, lines) => {
    expect(findErrorsSinceReload(lines)).toEqual([]);
  });
});
