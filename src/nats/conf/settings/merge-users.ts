import type { InputViolation } from '../../../errors/action-error.ts';
import { violationAt } from '../reader/session.ts';
import { block, type ConfBlock, type ConfValue, isBlock, isList, list, resolved } from '../reader/value.ts';
import { ambiguities, blockWith, type Field, fieldNamed, fieldsOf } from './fields.ts';
import { ownedAuthorizationFields, refusal } from './owned.ts';

/** The result of merging a field of the user: its value, or the reason why it is invalid. */
export type Merge = { readonly value: ConfValue; readonly violations: readonly InputViolation[] };

const EVERYTHING = block({ publish: list(['>']), subscribe: list(['>']) });

/**
 * Merges `authorization`: the Action's users come first, then the user's. The Action's users are in the global account,
 * because `authorization` names no account. That is true next to `accounts` too, whose users are separate. Default
 * permissions apply to the user's users only, and a callout to all users except the Action's (`names`).
 */
export function mergedAuthorization(input: string, ours: ConfBlock, field: Field, names: readonly string[]): Merge {
  const theirs = resolved(field.value);
  if (!isBlock(theirs)) return { value: field.value, violations: [noBlock(input, field)] };
  const fields = fieldsOf('authorization', theirs);
  const violations = fields.flatMap((each) => {
    const problem = refusal(ownedAuthorizationFields, each.name);
    return problem === undefined ? [] : [violationAt(input, each.position, problem)];
  });
  const hasDefaults = fieldNamed('default_permissions', fields) !== undefined;
  const users = usersOf(ours).map((user) => (hasDefaults ? unrestricted(user) : user));
  const merged = fields.map((each) => {
    if (each.name === 'users') return { ...each, value: list([...users, ...itemsOf(each.value)]) };
    return each.name === 'auth_callout' ? { ...each, value: withoutCallout(each.value, names) } : each;
  });
  const own = fieldNamed('users', fields) === undefined ? [{ key: 'users', value: list(users) }] : [];
  return { value: blockWith([...merged, ...own]), violations: [...ambiguities(input, fields), ...violations] };
}

/** Merges the accounts of the user with the Action's; the system account gets the Action's user as well. */
export function mergedAccounts(input: string, ours: ConfBlock, field: Field): Merge {
  const theirs = resolved(field.value);
  if (isList(theirs)) {
    // The short form, names alone, cannot hold users.
    const names = theirs.items
      .map(resolved)
      .filter((name) => typeof name === 'string')
      .map((key) => ({ key, value: block({}) }));
    if (names.length < theirs.items.length) return { value: theirs, violations: [noBlock(input, field)] };
    return { value: blockWith([...names, ...fieldsOf('account', ours)]), violations: [] };
  }
  if (!isBlock(theirs)) return { value: field.value, violations: [noBlock(input, field)] };
  const own = Object.entries(ours.entries).filter(([name]) => !Object.hasOwn(theirs.entries, name));
  const fields = fieldsOf('account', theirs).map((account) => {
    const shared = Object.hasOwn(ours.entries, account.key) ? ours.entries[account.key] : undefined;
    return isBlock(shared) ? { ...account, value: withUsers(account.value, usersOf(shared)) } : account;
  });
  return { value: blockWith([...fields, ...own.map(([key, value]) => ({ key, value }))]), violations: [] };
}

/** Reports a name that two users share: nats-server refuses it, but does not report which users share it. */
export function sharedNames(
  input: string,
  isTaken: (user: string) => boolean,
  theirs: readonly ConfValue[],
): readonly InputViolation[] {
  return theirs.flatMap((holder) => {
    const within = resolved(holder);
    if (!isBlock(within)) return [];
    return usersOf(within).flatMap((user) => {
      const name = fieldsOf('user', isBlock(user) ? user : block({})).find((each) => each.name === 'user');
      if (name === undefined || !isTaken(nameOf(user) ?? '')) return [];
      const says =
        'got a user with the name of one that the Action makes, or will make in a rotation, expected another name';
      const fix = 'rename the user, or remove it and give its name and password as `client-user` and `client-password`';
      return [violationAt(input, name.position, { says, fix })];
    });
  });
}

/** Returns the names of the users in `authorization` and in every account. */
export function userNames(holders: readonly ConfValue[]): readonly string[] {
  return holders.flatMap((holder) => {
    const within = resolved(holder);
    return isBlock(within) ? usersOf(within).flatMap((user) => nameOf(user) ?? []) : [];
  });
}

/** Returns the values of `users`, variables replaced. */
function usersOf(holder: ConfBlock): readonly ConfValue[] {
  return itemsOf(fieldNamed('users', fieldsOf('account', holder))?.value).map(resolved);
}

function itemsOf(value: ConfValue | undefined): readonly ConfValue[] {
  const actual = value === undefined ? undefined : resolved(value);
  return isList(actual) ? actual.items : [];
}

function nameOf(user: ConfValue): string | undefined {
  const name = isBlock(user) ? fieldNamed('user', fieldsOf('user', user))?.value : undefined;
  const actual = name === undefined ? undefined : resolved(name);
  return typeof actual === 'string' ? actual : undefined;
}

function withUsers(account: ConfValue, users: readonly ConfValue[]): ConfValue {
  const actual = resolved(account);
  if (!isBlock(actual)) return account;
  const fields = fieldsOf('account', actual);
  const hasDefaults = fieldNamed('default_permissions', fields) !== undefined;
  const added = hasDefaults ? users.map(unrestricted) : users;
  const own = fieldNamed('users', fields) === undefined ? [{ key: 'users', value: list(added) }] : [];
  const shared = fields.map((each) =>
    each.name === 'users' ? { ...each, value: list([...added, ...itemsOf(each.value)]) } : each,
  );
  return blockWith([...shared, ...own]);
}

function unrestricted(user: ConfValue): ConfValue {
  if (!isBlock(user) || fieldNamed('permissions', fieldsOf('user', user)) !== undefined) return user;
  return block({ ...user.entries, permissions: EVERYTHING });
}

/**
 * Adds the names to `auth_users`: nats-server looks up these users in the configuration alone
 * (`processClientOrLeafAuthentication`).
 */
function withoutCallout(callout: ConfValue, names: readonly string[]): ConfValue {
  const actual = resolved(callout);
  if (!isBlock(actual)) return callout;
  const fields = fieldsOf('callout', actual).map((each) =>
    each.name === 'auth_users' ? { ...each, value: list([...itemsOf(each.value), ...names]) } : each,
  );
  return blockWith(fields);
}

export function noBlock(input: string, { position, name }: Field): InputViolation {
  return violationAt(input, position, { says: `got no block, expected \`${name} { … }\``, fix: 'write it as a block' });
}
