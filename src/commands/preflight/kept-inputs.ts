import type { ConfiguredUser } from '../../cluster/user.ts';
import { ActionError } from '../../errors.ts';
import { type Files, fileMap } from '../../inputs/files.ts';
import type { Grammar } from '../../inputs/grammar.ts';
import { credentialsFile } from '../../inputs/system-credentials.ts';
import { userList } from '../../inputs/users.ts';
import type { UserCredentials } from '../../nats/jwt/user-credentials.ts';

/**
 * Returns the users of the last deployment.
 * @throws ActionError DRIFT, reason UsersUnreadable, when they are not in the form that `userListText` writes
 */
export function storedUsers(text: string | undefined): readonly ConfiguredUser[] {
  return text === undefined ? [] : readAgain(userList, text, 'users', 'UsersUnreadable');
}

/**
 * Returns the files of the last deployment.
 * @throws ActionError DRIFT, reason FilesUnreadable, when they are not in the form that `filesText` writes
 */
export function storedFiles(text: string | undefined): Files {
  return text === undefined ? {} : readAgain(fileMap, text, 'files', 'FilesUnreadable');
}

/**
 * Returns the credentials by which the servers of an operator were last reached.
 * @throws ActionError DRIFT, reason SystemCredentialsUnreadable, when they are missing or not in the form that
 * `credentialsText` writes
 */
export function storedSystemCredentials(text: string | undefined): UserCredentials {
  return readAgain(credentialsFile, text ?? '', 'system-credentials', 'SystemCredentialsUnreadable');
}

/** Reads an input with secrets, which is stored with the other secrets, as the text of the input. */
function readAgain<Value>(grammar: Grammar<Value>, text: string, input: string, reason: string): Value {
  const parsed = grammar.parse(text);
  if (parsed.kind === 'accepted') {
    return parsed.value;
  }
  const message = `the ${input} stored with the deployment are unreadable: expected ${parsed.expected ?? grammar.expected}`;
  throw new ActionError('DRIFT', message, {
    reason,
    hint: `Run command: deploy again with the ${input} of this deployment, which stores them again.`,
    details: { problems: [{ object: input, reason, message }] },
  });
}
