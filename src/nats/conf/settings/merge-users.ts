import type { InputViolation } from '../../../errors/action-error.ts';
import { createViolation } from '../reader/session.ts';
import { block, type ConfBlock, type ConfValue, isBlock, isList, list, resolveVariable } from '../reader/value.ts';
import { buildBlock, type Field, findAmbiguities, findField, readFields } from './fields.ts';
import { findRefusal, ownedAuthorizationFields } from './owned.ts';

/** The result of merging a field of the user: its value, or the reason why it is invalid. */
export type Merge = { readonly value: ConfValue; readonly violations: readonly InputViolation[] };

const EVERYTHING = block({ publish: list(['>']), subscribe: list(['>']) });

/**
 * Merges `authorization`: the Action's users come first, then the user's. The Action's users are in the global account,
 * because `authorization` names no account. The same is true if there are `accounts`, because each account has its own
 * users. Default permissions apply only to the users that the user wrote. An auth callout applies to all users except
 * the Action's (`names`).
 */
export function mergeAuthorization(input: string, ours: ConfBlock, field: Field, names: readonly string[]): Merge {
  const theirs = resolveVariable(field.value);
  if (!isBlock(theirs)) return { value: field.value, violations: [reportMissingBlock(input, field)] };
  const fields = readFields('authorization', theirs);
  const violations = fields.flatMap((each) => {
    const problem = findRefusal(ownedAuthorizationFields, each.name);
    return problem === undefined ? [] : [createViolation(input, each.position, problem)];
  });
  const hasDefaults = findField('default_permissions', fields) !== undefined;
  const users = readUsers(ours).map((user) => (hasDefaults ? grantEverything(user) : user));
  const merged = fields.map((each) => {
    if (each.name === 'users') return { ...each, value: list([...users, ...readItems(each.value)]) };
    return each.name === 'auth_callout' ? { ...each, value: exemptFromCallout(each.value, names) } : each;
  });
  const own = findField('users', fields) === undefined ? [{ key: 'users', value: list(users) }] : [];
  return { value: buildBlock([...merged, ...own]), violations: [...findAmbiguities(input, fields), ...violations] };
}

/** Merges the accounts of the user with the Action's; the system account gets the Action's user as well. */
export function mergeAccounts(input: string, ours: ConfBlock, field: Field): Merge {
  const theirs = resolveVariable(field.value);
  if (isList(theirs)) {
    // The short form is a list of names, which cannot contain users.
    const names = theirs.items
      .map(resolveVariable)
      .filter((name) => typeof name === 'string')
      .map((key) => ({ key, value: block({}) }));
    if (names.length < theirs.items.length) return { value: theirs, violations: [reportMissingBlock(input, field)] };
    return { value: buildBlock([...names, ...readFields('account', ours)]), violations: [] };
  }
  if (!isBlock(theirs)) return { value: field.value, violations: [reportMissingBlock(input, field)] };
  const own = Object.entries(ours.entries).filter(([name]) => !Object.hasOwn(theirs.entries, name));
  const fields = readFields('account', theirs).map((account) => {
    const shared = Object.hasOwn(ours.entries, account.key) ? ours.entries[account.key] : undefined;
    return isBlock(shared) ? { ...account, value: addUsers(account.value, readUsers(shared)) } : account;
  });
  return { value: buildBlock([...fields, ...own.map(([key, value]) => ({ key, value }))]), violations: [] };
}

/** Reports a name that two users share: nats-server refuses it, but does not report which users share it. */
export function findSharedNames(
  input: string,
  isTaken: (user: string) => boolean,
  theirs: readonly ConfValue[],
): readonly InputViolation[] {
  return theirs.flatMap((holder) => {
    const within = resolveVariable(holder);
    if (!isBlock(within)) return [];
    return readUsers(within).flatMap((user) => {
      const name = readFields('user', isBlock(user) ? user : block({})).find((each) => each.name === 'user');
      if (name === undefined || !isTaken(readName(user) ?? '')) return [];
      const says =
        'got a user with the name of a user that the Action creates now or in a rotation, expected another name';
      const fix = 'rename the user, or remove it and give its name and password as `client-user` and `client-password`';
      return [createViolation(input, name.position, { says, fix })];
    });
  });
}

/** Returns the names of the users in `authorization` and in every account. */
export function listUserNames(holders: readonly ConfValue[]): readonly string[] {
  return holders.flatMap((holder) => {
    const within = resolveVariable(holder);
    return isBlock(within) ? readUsers(within).flatMap((user) => readName(user) ?? []) : [];
  });
}

/** Returns the values of `users`, variables replaced. */
function readUsers(holder: ConfBlock): readonly ConfValue[] {
  return readItems(findField('users', readFields('account', holder))?.value).map(resolveVariable);
}

function readItems(value: ConfValue | undefined): readonly ConfValue[] {
  const actual = value === undefined ? undefined : resolveVariable(value);
  return isList(actual) ? actual.items : [];
}

function readName(user: ConfValue): string | undefined {
  const name = isBlock(user) ? findField('user', readFields('user', user))?.value : undefined;
  const actual = name === undefined ? undefined : resolveVariable(name);
  return typeof actual === 'string' ? actual : undefined;
}

function addUsers(account: ConfValue, users: readonly ConfValue[]): ConfValue {
  const actual = resolveVariable(account);
  if (!isBlock(actual)) return account;
  const fields = readFields('account', actual);
  const hasDefaults = findField('default_permissions', fields) !== undefined;
  const added = hasDefaults ? users.map(grantEverything) : users;
  const own = findField('users', fields) === undefined ? [{ key: 'users', value: list(added) }] : [];
  const shared = fields.map((each) =>
    each.name === 'users' ? { ...each, value: list([...added, ...readItems(each.value)]) } : each,
  );
  return buildBlock([...shared, ...own]);
}

function grantEverything(user: ConfValue): ConfValue {
  if (!isBlock(user) || findField('permissions', readFields('user', user)) !== undefined) return user;
  return block({ ...user.entries, permissions: EVERYTHING });
}

/**
 * Adds the names to `auth_users`: nats-server looks up these users in the configuration alone
 * (`processClientOrLeafAuthentication`).
 */
function exemptFromCallout(callout: ConfValue, names: readonly string[]): ConfValue {
  const actual = resolveVariable(callout);
  if (!isBlock(actual)) return callout;
  const fields = readFields('callout', actual).map((each) =>
    each.name === 'auth_users' ? { ...each, value: list([...readItems(each.value), ...names]) } : each,
  );
  return buildBlock(fields);
}

export function reportMissingBlock(input: string, { position, name }: Field): InputViolation {
  return createViolation(input, position, {
    says: `got no block, expected \`${name} { … }\``,
    fix: 'write it as a block',
  });
}
