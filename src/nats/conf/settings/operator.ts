import { posix } from 'node:path';
import { serverFiles } from '../../../cluster/server-files.ts';
import type { InputViolation } from '../../../errors/action-error.ts';
import { type Problem, violationAt } from '../reader/session.ts';
import { type ConfBlock, isBlock, resolved } from '../reader/value.ts';
import { type Field, fieldNamed, fieldsOf } from './fields.ts';
import { ownedAuthorizationFields, refusal } from './owned.ts';

/** The fields that turn on JWT authentication (`validateTrustedOperators` of nats-server `server/jwt.go`). */
const OPERATOR_FIELDS: readonly string[] = ['operator', 'trusted_keys'];

/**
 * The directories of the server. A resolver may keep accounts in a directory of its own, or with the streams on their
 * volume.
 */
const { dataDirectory, streams, configurationDirectory, pidDirectory } = serverFiles;

export function isOperated(configuration: ConfBlock): boolean {
  const fields = fieldsOf('top', configuration);
  return OPERATOR_FIELDS.some((name) => fieldNamed(name, fields) !== undefined);
}

/**
 * Returns the directory where the resolver keeps accounts; the server must have write access. Returns undefined for a
 * resolver that keeps none.
 */
export function resolverDirectoryOf(configuration: ConfBlock): string | undefined {
  const { path } = directoryIn(fieldsOf('top', configuration));
  return path;
}

/** Returns the public key of the system account, if the configuration itself names it. */
export function systemAccountOf(configuration: ConfBlock): string | undefined {
  const account = resolved(fieldNamed('system_account', fieldsOf('top', configuration))?.value ?? '');
  return typeof account === 'string' && account !== '' ? account : undefined;
}

/** Checks whether a client without credentials is treated as the bearer of a JWT that the configuration names. */
export function hasSentinel(configuration: ConfBlock): boolean {
  return fieldNamed('default_sentinel', fieldsOf('top', configuration)) !== undefined;
}

/** Reports settings that conflict with JWT authentication. */
export function operatorViolations(input: string, theirs: readonly Field[]): readonly InputViolation[] {
  const accounts = fieldNamed('accounts', theirs);
  const authorization = resolved(fieldNamed('authorization', theirs)?.value ?? '');
  const within = isBlock(authorization) ? fieldsOf('authorization', authorization) : [];
  const users = within.filter(({ name }) => name === 'users' || refusal(ownedAuthorizationFields, name) !== undefined);
  return [
    ...(accounts === undefined ? [] : [violationAt(input, accounts.position, accountsByJwt)]),
    ...users.map(({ name, position }) => violationAt(input, position, usersByJwt(name))),
    ...directoryViolations(input, theirs),
  ];
}

function directoryViolations(input: string, theirs: readonly Field[]): readonly InputViolation[] {
  const { path, field } = directoryIn(theirs);
  if (path === undefined || field === undefined) return [];
  const isPlain = /^\/[\w./-]+$/.test(path) && posix.normalize(path) === path && !path.endsWith('/');
  const taken = [configurationDirectory, pidDirectory, streams];
  const isTaken = taken.some((folder) => isWithin(path, folder) || isWithin(folder, path)) && path !== dataDirectory;
  return isPlain && !isTaken ? [] : [violationAt(input, field.position, elsewhere)];
}

function directoryIn(fields: readonly Field[]): { readonly path?: string; readonly field?: Field } {
  const resolver = resolved(fieldNamed('resolver', fields)?.value ?? '');
  const field = isBlock(resolver) ? fieldNamed('dir', fieldsOf('account', resolver)) : undefined;
  const path = field === undefined ? undefined : resolved(field.value);
  return field !== undefined && typeof path === 'string' && path !== '' ? { path, field } : {};
}

function isWithin(path: string, folder: string): boolean {
  return `${path}/`.startsWith(`${folder}/`);
}

const accountsByJwt: Problem = {
  says: 'got `accounts` beside an operator, expected one of them: accounts are then JWTs, which the resolver has',
  fix: 'remove `accounts`, and give the JWTs of the accounts by `resolver_preload` or to the resolver',
};
const usersByJwt = (field: string): Problem => ({
  says: `got \`authorization.${field}\` beside an operator, expected one of them: users are then proved by JWT`,
  fix: `remove \`${field}\` from \`authorization\``,
});
const elsewhere: Problem = {
  says: 'got a folder of the resolver that cannot be a volume, expected an absolute path apart from those of the Action',
  fix: `write \`dir: "/accounts"\`, or \`dir: "${dataDirectory}/accounts"\` for the volume of JetStream`,
};
