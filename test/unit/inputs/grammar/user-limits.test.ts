import { describe, expect, test } from '@jest/globals';
import type { UserPermissions } from '../../../../src/cluster/user.ts';
import { userList } from '../../../../src/inputs/grammar/users.ts';

const MAX_USERS = 1000;
const MAX_SUBJECTS = 1000;

const usersOf = (count: number): string =>
  JSON.stringify(Array.from({ length: count }, (_, index) => ({ user: `u${index}` })));

const subjectsOf = (count: number): string =>
  JSON.stringify([
    { user: 'a', permissions: { publish: Array.from({ length: count }, (_, index) => `orders.${index}`) } },
  ]);

const named = (user: string): string => JSON.stringify([{ user }]);
const locked = (password: string): string => JSON.stringify([{ user: 'a', password }]);
const permitted = (permissions: object): string => JSON.stringify([{ user: 'a', permissions }]);

/** Returns the expectation of a refusal; the empty string if the text is accepted. */
function refusalOf(text: string): string {
  const parsed = userList.parse(text);
  return parsed.kind === 'refused' ? (parsed.expected ?? 'refused') : '';
}

describe('the limits of the input users', () => {
  test.each([
    ['a thousand users', usersOf(MAX_USERS), usersOf(MAX_USERS + 1)],
    ['a thousand subjects of one permission', subjectsOf(MAX_SUBJECTS), subjectsOf(MAX_SUBJECTS + 1)],
    ['128 characters of a name', named('ä'.repeat(128)), named('ä'.repeat(129))],
    ['256 characters of a password', locked('€'.repeat(256)), locked('€'.repeat(257))],
    [
      'the responses -1, for any number',
      permitted({ allow_responses: { max: -1 } }),
      permitted({ allow_responses: { max: -2 } }),
    ],
    [
      'the largest whole number of responses that a number holds',
      permitted({ allow_responses: { max: Number.MAX_SAFE_INTEGER } }),
      permitted({ allow_responses: { max: Number.MAX_SAFE_INTEGER + 1 } }),
    ],
    [
      'an expiry of a year',
      permitted({ allow_responses: { expires: '365d' } }),
      permitted({ allow_responses: { expires: '366d' } }),
    ],
  ])('include %s, and nothing beyond', (_, last, beyond) => {
    expect(refusalOf(last)).toBe('');
    expect(refusalOf(beyond)).not.toBe('');
  });
});

describe('the permissions of a user', () => {
  test.each<readonly [rule: string, yaml: string, permissions: UserPermissions | undefined]>([
    ['are missing if the key has no value', 'permissions:', undefined],
    ['do not allow responses if that key has no value', 'permissions: {allow_responses: }', {}],
    ['allow one response', 'permissions: {allow_responses: {max: 1}}', { allowResponses: { max: 1 } }],
    [
      'allow responses for a second',
      'permissions: {allow_responses: {expires: 1s}}',
      { allowResponses: { expiresMs: 1000 } },
    ],
    ['allow every subject with one token', 'permissions: {publish: ">"}', { publish: { allow: ['>'] } }],
    ['allow a queue of one token', 'permissions: {subscribe: a b}', { subscribe: { allow: ['a b'] } }],
  ])('%s', (_, yaml, permissions) => {
    const user = permissions === undefined ? { user: 'a' } : { user: 'a', permissions };
    expect(userList.parse(`- user: a\n  ${yaml}`)).toEqual({ kind: 'accepted', value: [user] });
  });

  test.each([
    ['a number of responses as text', { allow_responses: { max: '3' } }],
    ['a fraction of a response', { allow_responses: { max: 1.5 } }],
    ['an expiry that is a number', { allow_responses: { expires: 60 } }],
    ['a word in place of the responses', { allow_responses: 'yes' }],
    ['a subject that is a number', { publish: [1] }],
    ['one invalid subject after valid ones', { publish: ['a', 'b', 'c.'] }],
    ['an empty subject', { subscribe: '' }],
    ['a queue without a subject', { subscribe: ' workers' }],
    ['an empty queue', { subscribe: 'a ' }],
    ['a queue with an empty token', { subscribe: 'a b..c' }],
    ['a queue with > before its end', { subscribe: 'a >.b' }],
    ['an empty third word', { subscribe: 'a b ' }],
    ['a subject with a line break', { subscribe: 'a\nb' }],
  ])('do not include %s', (_, permissions) => {
    expect(refusalOf(permitted(permissions))).not.toBe('');
  });
});

describe('the refusal of users', () => {
  test.each([
    [
      'both users with the same name',
      [{ user: 'b' }, { user: 'a' }, { user: 'c' }, { user: 'a' }],
      ['user 4', 'user 2'],
    ],
    ['the first user, if that is invalid', [{ user: ' a' }, { user: 'b' }], ['user 1']],
    ['the last user, if only that is invalid', [{ user: 'a' }, { user: 'b', password: 1 }], ['user 2']],
  ])('names the position of %s, counted from 1', (_, users, positions) => {
    expect(refusalOf(JSON.stringify(users)).match(/user -?\d+/g)).toEqual(positions);
  });
});
