import type { ClusterSpec } from '../../cluster/spec.ts';
import type { ConfiguredUser } from '../../cluster/user.ts';
import { problemError } from '../../errors/action-error.ts';
import { credentialsFile } from '../../inputs/grammar/credential.ts';
import { type Files, fileMap } from '../../inputs/grammar/files.ts';
import type { Grammar } from '../../inputs/grammar/row.ts';
import { userList } from '../../inputs/grammar/users.ts';
import type { DeployInputs } from '../../inputs/inputs.ts';
import type { StoredMaterial } from '../../manifests/stored-material.ts';
import type { UserConfiguration } from '../../nats/conf/settings/merge.ts';
import { isOperatorMode } from '../../nats/conf/settings/operator.ts';
import type { UserCredentials } from '../../nats/jwt/user-credentials.ts';
import { type GivenCa, prepareCas } from '../issuance/cas.ts';
import { prepareCredentials } from '../issuance/credentials.ts';
import type { Tracks } from '../issuance/tracks.ts';
import type { LiveState } from '../live/live-state.ts';
import { addConfiguration, parseStoredConfiguration } from './user-configuration.ts';

/**
 * Returns the users of the last deployment.
 * @throws ActionError DRIFT, reason UsersUnreadable, when they are not in the form that `formatUsers` writes
 */
export function parseStoredUsers(text: string | undefined): readonly ConfiguredUser[] {
  return text === undefined ? [] : parseStored(userList, text, 'users', 'UsersUnreadable');
}

/**
 * Returns the files of the last deployment.
 * @throws ActionError DRIFT, reason FilesUnreadable, when they are not in the form that `formatFiles` writes
 */
export function parseStoredFiles(text: string | undefined): Files {
  return text === undefined ? {} : parseStored(fileMap, text, 'files', 'FilesUnreadable');
}

/**
 * Returns the system credentials of the last deployment, with which the servers are reached in operator mode.
 * @throws ActionError DRIFT, reason SystemCredentialsUnreadable, when they are missing or not in the form that
 * `formatCredentials` writes
 */
function parseStoredCredentials(text: string | undefined): UserCredentials {
  return parseStored(credentialsFile, text ?? '', 'system-credentials', 'SystemCredentialsUnreadable');
}

/** Parses the stored text of an input that contains secrets. */
function parseStored<Value>(grammar: Grammar<Value>, text: string, input: string, reason: string): Value {
  const parsed = grammar.parse(text);
  if (parsed.kind === 'accepted') {
    return parsed.value;
  }
  const message = `the ${input} stored with the deployment are unreadable: expected ${parsed.expected ?? grammar.expected}`;
  throw problemError('DRIFT', {
    object: input,
    reason,
    message,
    hint: `Run \`command: deploy\` again with the \`${input}\` of this deployment, which stores them again.`,
  });
}

/** Returns the present CAs and users of a deployment, for a command that gets no passwords as inputs. */
export async function readKeptTracks(
  spec: ClusterSpec,
  live: LiveState,
  deployment: DeployInputs,
  { now, given }: { readonly now: Date; readonly given: GivenCa | undefined },
): Promise<Tracks> {
  const { stored, statefulSet } = live;
  const { caValidityMs } = deployment;
  const isRunning = statefulSet !== undefined;
  const configuration = parseStoredConfiguration(stored.configuration);
  const kept = {
    users: parseStoredUsers(stored.users),
    files: parseStoredFiles(stored.files),
    systemCredentials: deployment.systemCredentials ?? readKeptCredentials(configuration, stored),
  };
  const withoutPasswords = { ...deployment, clientPassword: undefined, routePassword: undefined, ...kept };
  return {
    cas: await prepareCas(spec, stored, { now, caValidityMs, given, isRunning }),
    credentials: addConfiguration(prepareCredentials(withoutPasswords, stored), configuration, live),
  };
}

function readKeptCredentials(configuration: UserConfiguration | undefined, stored: StoredMaterial) {
  const isByJwt = configuration !== undefined && isOperatorMode(configuration.tree);
  return isByJwt ? parseStoredCredentials(stored.systemCredentials) : undefined;
}
