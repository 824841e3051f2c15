import { describe, expect, test } from '@jest/globals';
import { explainServerExit } from '../../../src/causes/server-log.ts';

const FATAL = '[1] 2026/11/23 02:00:03.221870 [FTL]';

describe('the reason of an exit, from the last output of the server or from the container runtime', () => {
  test.each<[string, string, boolean, readonly string[]]>([
    ['nats-server: nats.conf:4:1: tls: failed to find any PEM data in key input', 'CertificateUnreadable', true, []],
    ['nats-server: open /etc/nats/x.conf: permission denied', 'FileUnreadable', true, ['/etc/nats/x.conf']],
    ["nats-server: Parse error on line 3: 'Unexpected end'", 'ConfigurationError', true, ['nats.conf:3']],
    [
      "nats-server: variable reference for 'PASS' on line 8 can not be found",
      'ConfigurationError',
      true,
      ['nats.conf:8', 'PASS'],
    ],
    ['nats-server: no such command', 'ConfigurationError', true, ['no such command']],
    [
      `${FATAL} Error listening: listen tcp 0.0.0.0:4222: bind: address already in use`,
      'PortInUse',
      false,
      ['0.0.0.0:4222'],
    ],
    [`${FATAL} Error listening: listen tcp: bind: address already in use`, 'PortInUse', false, []],
    ['exec /nats-server: exec format error', 'ImagePlatform', true, []],
    ['exec: "nats-serve": executable file not found in $PATH', 'ProgramMissing', true, ['nats-serve']],
    ['exec: "/srv/run": permission denied', 'ProgramNotExecutable', true, ['/srv/run']],
    ['exec /srv/run: permission denied', 'ProgramNotExecutable', true, ['/srv/run']],
    [`${FATAL} Can't start JetStream: disk quota exceeded`, 'JetStreamFailed', false, ['disk quota exceeded']],
    ['panic: runtime error: index out of range', 'ServerPanic', false, ['index out of range']],
    ['fatal error: all goroutines are asleep', 'ServerPanic', false, ['asleep']],
    [`${FATAL} unable to do it`, 'ServerFatal', false, ['unable to do it']],
  ])('is found for "%s": %s, certain: %s', (line, reason, certain, words) => {
    const exit = explainServerExit(['[1] [INF] Starting nats-server', ` ${line} `]);
    expect(exit).toMatchObject({ reason, certain, line });
    expect(words.filter((word) => exit?.says.includes(word) !== true)).toEqual([]);
  });

  test('is unknown for a log without an error', () => {
    expect(explainServerExit(['[1] [INF] Server is ready', ''])).toBeUndefined();
  });

  test('is the one that explains most, if several lines match', () => {
    const lines = [`${FATAL} stop`, 'nats-server: nats.conf:1:1: unknown field "a"'];
    expect(explainServerExit(lines)?.reason).toBe('ConfigurationError');
  });

  test('names the port only if the server does', () => {
    expect(explainServerExit(['listen tcp: bind: address already in use'])?.says).toContain('its port');
    expect(explainServerExit(['listen tcp :4222: bind: address already in use'])?.says).not.toContain('its port');
  });
});
