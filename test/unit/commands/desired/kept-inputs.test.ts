import { describe, expect, test } from '@jest/globals';
import { parseStoredFiles, parseStoredUsers } from '../../../../src/commands/desired/kept-tracks.ts';
import { hasCode } from '../../../../src/errors/action-error.ts';
import { formatFiles } from '../../../../src/inputs/grammar/files.ts';
import { formatUsers } from '../../../../src/inputs/grammar/users.ts';

describe('the users and files stored in the cluster', () => {
  test('are read as they were written', () => {
    const users = [{ user: 'orders', password: 'p', permissions: { publish: { allow: ['orders.>'] } } }];
    const files = { 'a.conf': 'port: 1\n', 'b.creds': '"ü\u2028\'\n---\n' };
    expect([parseStoredUsers(formatUsers(users)), parseStoredFiles(formatFiles(files))]).toEqual([users, files]);
    expect([parseStoredUsers(undefined), parseStoredFiles(undefined)]).toEqual([[], {}]);
  });

  test.each([
    [parseStoredUsers, 'UsersUnreadable', ''],
    [parseStoredUsers, 'UsersUnreadable', '[{user: a, password: canary'],
    [parseStoredUsers, 'UsersUnreadable', '[{user: a, passwort: canary}]'],
    [parseStoredUsers, 'UsersUnreadable', '{}'],
    [parseStoredUsers, 'UsersUnreadable', '[1]'],
    [parseStoredFiles, 'FilesUnreadable', ''],
    [parseStoredFiles, 'FilesUnreadable', '{"a.conf": "canary'],
    [parseStoredFiles, 'FilesUnreadable', '{"../canary": "a"}'],
    [parseStoredFiles, 'FilesUnreadable', '["canary"]'],
    [parseStoredFiles, 'FilesUnreadable', '{"canary": 1}'],
  ])('are reported as drift after a manual edit, without their content: %p %s %j', (read, reason, text) => {
    const error = caught(() => read(text));
    expect(hasCode(error, 'DRIFT') && error.reason).toBe(reason);
    expect(Error.isError(error) && error.message).not.toContain('canary');
  });
});

function caught(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}
