import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ConfiguredUser } from '../../../../src/cluster/user.ts';
import { type ActionError, hasCode } from '../../../../src/errors/action-error.ts';
import { formatUsers, parseBcryptCost, userList } from '../../../../src/inputs/grammar/users.ts';
import { findInputSecrets, parseInputs } from '../../../../src/inputs/parse.ts';

const BCRYPT = '$2a$11$3kIDaCxw.Glsl1.u5nKa6eUnNDLV5HV9tIuUp7EHhMt6Nm9myW1aS';

describe('the input users', () => {
  test.each<readonly [rule: string, text: string, users: readonly ConfiguredUser[]]>([
    ['accepts any printable name', `[{user: "o'r @d", password: x}]`, [{ user: "o'r @d", password: 'x' }]],
    ['accepts a bcrypt hash', `[{user: a, password: ${BCRYPT}}]`, [{ user: 'a', password: BCRYPT }]],
    [
      'accepts a password that looks like a number, in quotes',
      '[{user: "1", password: "0123"}]',
      [{ user: '1', password: '0123' }],
    ],
    ['accepts a user without a password', '- user: a', [{ user: 'a' }]],
    [
      'accepts one or several subjects to publish and subscribe to',
      '- {user: a, password: b, permissions: {publish: a.>, subscribe: [a.*, b]}}',
      [{ user: 'a', password: 'b', permissions: { publish: { allow: ['a.>'] }, subscribe: { allow: ['a.*', 'b'] } } }],
    ],
    [
      'accepts denied subjects',
      '- {user: a, permissions: {publish: {deny: ">"}, subscribe: {allow: [a], deny: [b, c]}}}',
      [{ user: 'a', permissions: { publish: { deny: ['>'] }, subscribe: { allow: ['a'], deny: ['b', 'c'] } } }],
    ],
    [
      'accepts a queue group for a subscription',
      '- {user: a, permissions: {subscribe: "a.> workers.*"}}',
      [{ user: 'a', permissions: { subscribe: { allow: ['a.> workers.*'] } } }],
    ],
    [
      'accepts a permission to respond',
      '- {user: a, permissions: {allow_responses: true}}\n- {user: b, permissions: {allow_responses: {max: -1, expires: 1m}}}',
      [
        { user: 'a', permissions: { allowResponses: {} } },
        { user: 'b', permissions: { allowResponses: { max: -1, expiresMs: 60_000 } } },
      ],
    ],
    [
      'accepts a prohibition to respond',
      '- {user: a, permissions: {allow_responses: false}}',
      [{ user: 'a', permissions: {} }],
    ],
  ])('%s', (_, text, users) => {
    expect(userList.parse(text)).toEqual({ kind: 'accepted', value: users });
  });

  test.each([
    ['a mapping in place of a list', 'user: a'],
    ['an empty list', '[]'],
    ['invalid YAML', '[{user: a, password: "canary]'],
    ['an item that is not a mapping', '[app:canary]'],
    ['a missing name', '[{password: canary}]'],
    ['an empty name', '[{user: "", password: canary}]'],
    ['spaces around a name', '[{user: " a", password: canary}]'],
    ['a name of two lines', '[{user: "a\\nb", password: canary}]'],
    ['a name that this action uses', '[{user: nats-cluster-action-system, password: canary}]'],
    ['the same name twice', '[{user: a, password: canary}, {user: a, password: b}]'],
    ['a number as a password', '[{user: a, password: 123456}]'],
    ['a null password', '[{user: a, password: }]'],
    ['an empty password', '[{user: a, password: ""}]'],
    ['half a surrogate pair in a name', '[{user: "a\\uD800b", password: canary}]'],
    ['half a surrogate pair in a password', '[{user: a, password: "canary\\uD800"}]'],
    ['half a surrogate pair in a subject', '[{user: a, password: canary, permissions: {publish: ["x\\uDFFF"]}}]'],
    ['a variable name as a password', '[{user: a, password: $CANARY_PASSWORD}]'],
    ['a password of two lines', '[{user: a, password: "canary\\nb"}]'],
    ['a truncated hash', `[{user: a, password: ${BCRYPT.slice(0, -1)}}]`],
    ['a hash with an impossible cost', `[{user: a, password: ${BCRYPT.replace('11', '32')}}]`],
    ['a hash of an unknown kind', `[{user: a, password: ${BCRYPT.replace('2a', '2')}}]`],
    ['a misspelt key', '[{user: a, pasword: canary}]'],
    ['an unknown permission', '[{user: a, permissions: {pub: canary}}]'],
    ['missing subjects, which would allow all', '[{user: a, permissions: {publish: []}}]'],
    ['missing rules, which would allow all', '[{user: a, permissions: {publish: {}}}]'],
    ['an empty token', '[{user: a, permissions: {publish: a..b}}]'],
    ['> before the end of a subject', '[{user: a, permissions: {publish: a.>.b}}]'],
    ['a queue to publish to', '[{user: a, permissions: {publish: a b}}]'],
    ['two queues', '[{user: a, permissions: {subscribe: a b c}}]'],
    ['a subject with a tab', '[{user: a, permissions: {subscribe: "a\\tb"}}]'],
    ['an invalid number of responses', '[{user: a, permissions: {allow_responses: {max: 0}}}]'],
    ['a duration without a unit', '[{user: a, permissions: {allow_responses: {expires: "30"}}}]'],
    ['aliases', '[&a {user: a, password: canary}, *a]'],
    ['a key of the object prototype', '[{user: a, __proto__: {password: canary}}]'],
    ['more than a thousand users', JSON.stringify(Array.from({ length: 1001 }, (_, n) => ({ user: `u${n}` })))],
  ])('refuses %s, without a value in the error', (_, text) => {
    const parsed = userList.parse(text);
    expect(parsed.kind).toBe('refused');
    expect(JSON.stringify(parsed)).not.toMatch(/canary|3kIDaCxw/);
  });

  test('is read as it is stored, whatever the users are', () => {
    const subject = fc.constantFrom('a', 'a.*', 'b.>', '>', '$JS.API.>', '_INBOX.>');
    const rules = fc.record({ allow: fc.array(subject, { minLength: 1 }) });
    const user = fc.record(
      {
        user: fc.stringMatching(/^[!-~äß€]{1,20}$/),
        password: fc.stringMatching(/^[ -~ä€\u{1F600}]{1,20}$/u).filter((text) => !text.startsWith('$')),
        permissions: fc.record(
          {
            publish: rules,
            subscribe: rules,
            allowResponses: fc.constantFrom({}, { max: 3 }, { expiresMs: 3_600_000 }),
          },
          { requiredKeys: [] },
        ),
      },
      { requiredKeys: ['user'] },
    );
    fc.assert(
      fc.property(fc.uniqueArray(user, { selector: (one) => one.user, minLength: 1 }), (users) => {
        const parsed = userList.parse(formatUsers(users));
        expect(parsed.kind === 'accepted' && JSON.stringify(parsed.value)).toBe(JSON.stringify(users));
      }),
    );
  });

  test('has the cost of each hash', () => {
    expect([BCRYPT, 'plain', '$2a$11$short'].map(parseBcryptCost)).toEqual([11, undefined, undefined]);
  });
});

describe('the passwords of the input users', () => {
  test.each([
    ['in block style', '- user: a\n  password: hunter-2 # why\n', ['hunter-2']],
    ['in flow style', '[{user: a, password: hunter-2}, {password: other, user: b}]', ['hunter-2', 'other']],
    ['in JSON', '[{"user":"a","password":"hunter\\"2"}]', ['hunter\\"2', 'hunter"2']],
    ['in quotes', "- {user: a, password: 'it''s'}", ["it's"]],
    ['as a hash', `- {user: a, password: ${BCRYPT}}`, [BCRYPT]],
    ['in folded text', '- user: a\n  password: >-\n    hunter-2\n', ['hunter-2']],
    ['in invalid YAML', '- user: [\n  password: hunter-2\n', ['hunter-2']],
    ['of a user that is refused', '- {user: a, password: hunter-2, permision: x}', ['hunter-2']],
  ])('are masked %s', (_, text, secrets) => {
    expect(findInputSecrets(new Map([['users', text]])).map((secret) => secret.text)).toEqual(secrets);
  });
});

describe('the users in combination with other inputs', () => {
  const refusal = (users: string, others: Readonly<Record<string, string>> = {}): ActionError<'INPUT_INVALID'> => {
    try {
      parseInputs(new Map(Object.entries({ ...others, users })));
    } catch (error) {
      if (hasCode(error, 'INPUT_INVALID')) return error;
      throw error;
    }
    throw new Error('the inputs were accepted');
  };

  test.each(['app', 'app-2', 'app-17'])(
    'cannot be called %s if the client user is app, now or after a rotation',
    (user) => {
      const { details, message } = refusal(`[{user: ${user}, password: canary}]`, { 'client-user': 'app' });
      expect(details.violations).toMatchObject([{ input: 'users', correction: 'users: ${{ secrets.USERS }}' }]);
      expect(message).not.toContain('canary');
    },
  );

  test.each(['app-', 'app-x', 'application'])('can be called %s', (user) => {
    const users = `[{user: ${user}, password: p}]`;
    expect(parseInputs(new Map(Object.entries({ users, 'client-user': 'app' })))).toMatchObject({ users: [{ user }] });
  });

  test('need a password unless a certificate identifies them', () => {
    expect(refusal('[{user: a}]').details.violations).toMatchObject([{ input: 'users' }]);
    expect(refusal('[{user: a}]', { 'client-verify': 'verify' }).details.violations).toMatchObject([
      { input: 'users' },
    ]);
    const mapped = new Map(Object.entries({ users: '[{user: a}]', 'client-verify': 'verify-and-map' }));
    expect(parseInputs(mapped)).toMatchObject({ users: [{ user: 'a' }] });
  });
});
