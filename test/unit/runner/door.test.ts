import { describe, expect, test } from '@jest/globals';
import { markForeignText } from '../../../src/secrets/likely-secrets.ts';
import { type RecordedDoor, recordedDoor } from '../../support/recorded-door.ts';
import { readAsRunner } from '../../support/runner-grammar.ts';
import { makeAuthority } from '../support/issuance.ts';

const HOSTILE = 'x ##[stop-commands]done\r::stop-commands::done\n::set-output name=a::b';
const SECRET = 'canary-password-1';

function readShown(use: (door: RecordedDoor['door']) => void): ReturnType<typeof readAsRunner> {
  const { door, written } = recordedDoor();
  use(door);
  door.end();
  return readAsRunner(written());
}

describe('a text from another source', () => {
  test.each<[string, (door: RecordedDoor['door']) => void, readonly string[]]>([
    ['executes no workflow command in a line', (door) => door.info(HOSTILE), []],
    ['executes no workflow command in a line of the debug log', (door) => door.debug(HOSTILE), ['debug']],
    ['executes no workflow command in a warning', (door) => door.warning(HOSTILE, HOSTILE), ['warning']],
    [
      'executes no workflow command in an error',
      (door) => door.error(HOSTILE, HOSTILE, { file: HOSTILE, line: 1, column: 1 }),
      ['error'],
    ],
    [
      'executes no workflow command in a section',
      (door) => {
        door.section(HOSTILE);
        door.info('line');
        door.section(undefined);
      },
      ['group', 'endgroup'],
    ],
    ['executes no workflow command in an output', (door) => door.setOutput('name', HOSTILE), ['set-output']],
    ['executes no workflow command as a secret', (door) => door.hide({ text: HOSTILE, source: 'files' }), ['add-mask']],
  ])('%s', (_, use, expected) => {
    const { commands, stoppedUntil } = readShown(use);
    expect([...new Set(commands.map(({ name }) => name))]).toEqual(expected);
    expect(stoppedUntil).toBeUndefined();
  });
});

describe('a known secret', () => {
  test.each<[string, (door: RecordedDoor['door']) => void]>([
    ['is hidden in a line', (door) => door.info(`is ${SECRET}`)],
    ['is hidden in the debug log', (door) => door.debug(`is ${SECRET}`)],
    ['is hidden in a warning', (door) => door.warning(SECRET, SECRET)],
    ['is hidden in an error', (door) => door.error(SECRET, SECRET)],
    ['is hidden in an output', (door) => door.setOutput('url', `tls://${SECRET}@host`)],
    [
      'is hidden in a section',
      (door) => {
        door.section(SECRET);
        door.info('line');
      },
    ],
  ])('%s', (_, use) => {
    const { door, written } = recordedDoor();
    door.hide({ text: SECRET, source: 'client-password' });
    use(door);
    const lines = written().split('\n');
    expect(lines[0]).toBe(`::add-mask::${SECRET}`);
    expect(lines.slice(1).join('\n')).not.toContain(SECRET);
    expect(lines.slice(1).join('\n')).toContain('***');
  });

  test('is hidden even if the runner executes no commands', () => {
    const { door, written } = recordedDoor();
    door.hide({ text: SECRET, source: 'client-password' });
    door.info(`${Buffer.from(SECRET).toString('base64')} ${encodeURIComponent(SECRET)}`);
    expect(written().replace(`::add-mask::${SECRET}`, '')).not.toMatch(/canary|Y2FuYX/);
  });
});

test('an unknown private key is removed from lines that arrive one by one', async () => {
  const { privateKeyPem } = await makeAuthority({ commonName: 'unknown' });
  const { door, written } = recordedDoor();
  ['before', ...privateKeyPem.trimEnd().split('\n'), 'after'].forEach((line) => door.info(line));
  expect(written()).toBe('before\n***\nafter\n');
  ['openssl: ', '2026 '].forEach((prefix) =>
    privateKeyPem.split('\n').forEach((line) => door.info(`${prefix}${line}`)),
  );
  const lines = privateKeyPem.split('\n').filter((line) => line.length > 16 && !line.startsWith('-'));
  expect(lines.filter((line) => written().includes(line))).toEqual([]);
});

describe('the withheld lines', () => {
  test('are printed without secrets that became known meanwhile', () => {
    const { door, written } = recordedDoor();
    door.withhold();
    door.section('lock');
    door.info(`took over the lock from ${SECRET}`);
    expect(written()).toBe('');
    door.hide({ text: SECRET, source: 'Secret nats-system' });
    door.release();
    expect(written()).toBe(`::add-mask::${SECRET}\n::group::lock\ntook over the lock from ***\n`);
  });

  test('are printed before an error', () => {
    const { door, written } = recordedDoor();
    door.withhold();
    door.info('first');
    door.error('CODE', 'last');
    expect(written()).toBe('first\n::error title=CODE::last\n');
  });

  test('are printed before the end', () => {
    const { door, written } = recordedDoor();
    door.withhold();
    door.info('first');
    door.end();
    expect(written()).toBe('first\n');
  });
});

describe('a long text', () => {
  test('is cut in the log, line by line', () => {
    const { door, written } = recordedDoor();
    door.info(`short\n${'x'.repeat(10_000)}\nend`);
    expect(written()).toBe(`short\n${'x'.repeat(4096)}… (5904 more characters)\nend\n`);
  });

  test('is cut in an annotation', () => {
    const { door, written } = recordedDoor();
    door.error('T'.repeat(10_000), 'x\n'.repeat(100_000));
    expect(written().length).toBeLessThan(60_000);
  });
});

describe('a warning about secrets', () => {
  test('names outputs that contain one', () => {
    const { door, written } = recordedDoor();
    door.hide({ text: 'test', source: 'client-password' });
    door.setOutput('namespace', 'test');
    door.setOutput('url', 'tls://nats.test.svc:4222');
    door.setOutput('revision', '0123456789ab');
    door.end();
    const { commands } = readAsRunner(written());
    expect(commands.filter(({ name }) => name === 'warning')).toMatchObject([
      { properties: { title: 'Secrets' }, data: expect.stringContaining('`client-password`: `namespace`, `url`') },
    ]);
    expect(commands.filter(({ name }) => name === 'set-output').map(({ data }) => data)).toEqual([
      'test',
      'tls://nats.test.svc:4222',
      '0123456789ab',
    ]);
  });

  test('names a secret that is too short to be hidden', () => {
    const { door, written } = recordedDoor();
    door.hide({ text: 'abc', source: 'users' });
    door.end();
    expect(written()).toMatch(/^::warning title=Secrets::A secret of fewer than 4 characters .*`users`/);
  });

  test('is missing for a secret that is in no output', () => {
    const { door, written } = recordedDoor();
    door.hide({ text: SECRET, source: 'client-password' });
    door.setOutput('namespace', 'test');
    door.end();
    expect(written()).not.toContain('::warning');
  });
});

test('repeated empty lines are printed as one', () => {
  const { shown } = readShown((door) =>
    ['a', ...Array.from({ length: 10_000 }, () => ''), 'b', '', 'c'].forEach(door.info),
  );
  expect(shown).toEqual(['a', '', 'b', '', 'c']);
});

test('lines that a field marks stay together, and keys in them are recognized', async () => {
  const encoded = Buffer.from(`uuuuuuuuu${'u'.repeat(21)}kd8-Q_secretTwo3jVbw_9xT`).toString('base64');
  const { privateKeyPem } = await makeAuthority({ commonName: 'unknown' });
  const pem = privateKeyPem.trimEnd().split('\n');
  const lines = [`password: ${encoded.slice(0, 48)}`, encoded.slice(48), 'then', `password=${pem[0]}`, ...pem.slice(1)];
  const { shown } = readShown((door) => {
    door.hide({ text: 'kd8-Q_secretTwo3jVbw_9xT', source: 'files' });
    lines.map((line) => markForeignText(line)).forEach(door.info);
  });
  expect(shown.join('\n')).not.toMatch(/[A-Za-z0-9+/=]{20}/);
  expect(shown.join('\n')).toContain('then');
});

test('a secret that a line end splits is not shown by its second half', () => {
  const encoded = Buffer.from('uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuukd8-Q_secretTwo3jVbw_9xT').toString('base64');
  const { shown } = readShown((door) => {
    door.hide({ text: 'kd8-Q_secretTwo3jVbw_9xT', source: 'files' });
    ['-----BEGIN PRIVATE KEY-----', encoded.slice(0, 64), `${encoded.slice(64)} then`].forEach(door.info);
  });
  expect(shown.join('\n')).not.toContain(encoded.slice(-20));
  expect(shown.join('\n')).toContain('then');
});

test('a private key of at most 200 lines is hidden completely', () => {
  const lines = Array.from({ length: 201 }, (_, line) => `line${line}`.padEnd(64, 'A'));
  const { shown } = readShown((door) => ['-----BEGIN PRIVATE KEY-----', ...lines, 'then'].forEach(door.info));
  expect(shown).toEqual(['***', lines[200], 'then']);
});
