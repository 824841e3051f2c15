import { posix } from 'node:path';
import { serverFiles } from '../../../cluster/server-files.ts';
import type { InputViolation } from '../../../errors/action-error.ts';
import { createViolation, type Problem } from '../reader/session.ts';
import { type ConfBlock, isBlock, resolveVariable } from '../reader/value.ts';
import { type Field, findField, readFields } from './fields.ts';
import { findRefusal, ownedAuthorizationFields } from './owned.ts';

/** The fields that turn on JWT authentication (`validateTrustedOperators` of nats-server `server/jwt.go`). */
const OPERATOR_FIELDS: readonly string[] = ['operator', 'trusted_keys'];

/**
 * The directories of the server. A resolver may store accounts in a directory of its own, or on the volume of the
 * streams.
 */
const { dataDirectory, streams, configurationDirectory, pidDirectory } = serverFiles;

export function isOperatorMode(configuration: ConfBlock): boolean {
  const fields = readFields('top', configuration);
  return OPERATOR_FIELDS.some((name) => findField(name, fields) !== undefined);
}

/**
 * Returns the directory where the resolver keeps accounts; the server must have write access. Returns undefined for a
 * resolver that keeps none.
 */
export function findResolverDirectory(configuration: ConfBlock): string | undefined {
  const { path } = readDirectory(readFields('top', configuration));
  return path;
}

/** Returns the public key of the system account, if the configuration itself names it. */
export function findSystemAccount(configuration: ConfBlock): string | undefined {
  const account = resolveVariable(findField('system_account', readFields('top', configuration))?.value ?? '');
  return typeof account === 'string' && account !== '' ? account : undefined;
}

/** Checks whether the configuration names a JWT for clients without credentials (`default_sentinel`). */
export function hasSentinel(configuration: ConfBlock): boolean {
  return findField('default_sentinel', readFields('top', configuration)) !== undefined;
}

/** Reports settings that conflict with JWT authentication. */
export function checkOperatorMode(input: string, theirs: readonly Field[]): readonly InputViolation[] {
  const accounts = findField('accounts', theirs);
  const authorization = resolveVariable(findField('authorization', theirs)?.value ?? '');
  const within = isBlock(authorization) ? readFields('authorization', authorization) : [];
  const users = within.filter(
    ({ name }) => name === 'users' || findRefusal(ownedAuthorizationFields, name) !== undefined,
  );
  return [
    ...(accounts === undefined ? [] : [createViolation(input, accounts.position, accountsByJwt)]),
    ...users.map(({ name, position }) => createViolation(input, position, describeUsersByJwt(name))),
    ...checkDirectory(input, theirs),
  ];
}

function checkDirectory(input: string, theirs: readonly Field[]): readonly InputViolation[] {
  const { path, field } = readDirectory(theirs);
  if (path === undefined || field === undefined) return [];
  const isPlain = /^\/[\w./-]+$/.test(path) && posix.normalize(path) === path && !path.endsWith('/');
  const taken = [configurationDirectory, pidDirectory, streams];
  const isTaken = taken.some((folder) => isWithin(path, folder) || isWithin(folder, path)) && path !== dataDirectory;
  return isPlain && !isTaken ? [] : [createViolation(input, field.position, elsewhere)];
}

function readDirectory(fields: readonly Field[]): { readonly path?: string; readonly field?: Field } {
  const resolver = resolveVariable(findField('resolver', fields)?.value ?? '');
  const field = isBlock(resolver) ? findField('dir', readFields('account', resolver)) : undefined;
  const path = field === undefined ? undefined : resolveVariable(field.value);
  return field !== undefined && typeof path === 'string' && path !== '' ? { path, field } : {};
}

function isWithin(path: string, folder: string): boolean {
  return `${path}/`.startsWith(`${folder}/`);
}

const accountsByJwt: Problem = {
  says: 'got `accounts` together with an operator, expected only one of them: with an operator, the resolver has the accounts as JWTs',
  fix: 'remove `accounts`, and put the JWTs of the accounts in `resolver_preload` or in the resolver',
};
const describeUsersByJwt = (field: string): Problem => ({
  says: `got \`authorization.${field}\` together with an operator, expected only one of them: an operator authenticates users by JWT`,
  fix: `remove \`${field}\` from \`authorization\``,
});
const elsewhere: Problem = {
  says: 'got a resolver folder where no volume can be mounted, expected an absolute path outside of the folders of the Action',
  fix: `write \`dir: "/accounts"\`, or \`dir: "${dataDirectory}/accounts"\` for the volume of JetStream`,
};
