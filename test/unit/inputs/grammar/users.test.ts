import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ConfiguredUser } from '../../../../src/cluster/user.ts';
import { type ActionError, hasCode } from '../../../../src/errors/action-error.ts';
import { formatUsers, parseBcryptCost, userList } from '../../../../src/inputs/grammar/users.ts';
import { findInputSecrets, parseInputs } from '../../../../src/inputs/parse.ts';

const BCRYPT = '$2a$11$3kIDaCxw.Glsl1.u5nKa6eUnNDLV5HV9tIuUp7EHhMt6Nm9myW1aS';

describe('users', () => {
  test.each<readonly [rule: string, text: string, users: readonly ConfiguredUser[]]>([
    ['may have any printable name', `[{user: "o'r @d", password: x}]`, [{ user: "o'r @d", password: 'x' }]],
    ['may have a bcrypt hash', `[{user: a, password: ${BCRYPT}}]`, [{ user: 'a', password: BCRYPT }]],
    [
      'may have a password like a number, in quotes',
      '[{user: "1", password: "0123"}]',
      [{ user: '1', password: '0123' }],
    ],
    ['may have no password', '- user: a', [{ user: 'a' }]],
    [
      'may publish and subscribe to one subject or several',
      '- {user: a, password: b, permissions: {publish: a.>, subscribe: [a.*, b]}}',
      [{ user: 'a', password: 'b', permissions: { publish: { allow: ['a.>'] }, subscribe: { allow: ['a.*', 'b'] } } }],
    ],
    [
      'may be denied subjects',
      '- {user: a, permissions: {publish: {deny: ">"}, subscribe: {allow: [a], deny: [b, c]}}}',
      [{ user: 'a', permissions: { publish: { deny: ['>'] }, subscribe: { allow: ['a'], deny: ['b', 'c'] } } }],
    ],
    [
      'may subscribe in one queue',
      '- {user: a, permissions: {subscribe: "a.> workers.*"}}',
      [{ user: 'a', permissions: { subscribe: { allow: ['a.> workers.*'] } } }],
    ],
    [
      'may respond',
      '- {user: a, permissions: {allow_responses: true}}\n- {user: b, permissions: {allow_responses: {max: -1, expires: 1m}}}',
      [
        { user: 'a', permissions: { allowResponses: {} } },
        { user: 'b', permissions: { allowResponses: { max: -1, expiresMs: 60_000 } } },
      ],
    ],
    [
      'may be told not to respond',
      '- {user: a, permissions: {allow_responses: false}}',
      [{ user: 'a', permissions: {} }],
    ],
  ])('%s', (_, text, users) => {
    expect(userList.parse(text)).toEqual({ kind: 'accepted', value: users });
  });

  test.each([
    ['no list', 'user: a'],
    ['an empty list', '[]'],
    ['no YAML', '[{user: a, password: "canary]'],
    ['an item that is no mapping', '[app:canary]'],
    ['no name', '[{password: canary}]'],
    ['an empty name', '[{user: "", password: canary}]'],
    ['blanks around a name', '[{user: " a", password: canary}]'],
    ['a name of two lines', '[{user: "a\\nb", password: canary}]'],
    ['a name of our own', '[{user: nats-cluster-action-system, password: canary}]'],
    ['one name twice', '[{user: a, password: canary}, {user: a, password: b}]'],
    ['a number for a password', '[{user: a, password: 123456}]'],
    ['nothing for a password', '[{user: a, password: }]'],
    ['an empty password', '[{user: a, password: ""}]'],
    ['half a surrogate pair in a name', '[{user: "a\\uD800b", password: canary}]'],
    ['half a surrogate pair in a password', '[{user: a, password: "canary\\uD800"}]'],
    ['half a surrogate pair in a subject', '[{user: a, password: canary, permissions: {publish: ["x\\uDFFF"]}}]'],
    ['the name of a variable for a password', '[{user: a, password: $CANARY_PASSWORD}]'],
    ['a password of two lines', '[{user: a, password: "canary\\nb"}]'],
    ['a hash that is cut off', `[{user: a, password: ${BCRYPT.slice(0, -1)}}]`],
    ['a hash of a cost that does not exist', `[{user: a, password: ${BCRYPT.replace('11', '32')}}]`],
    ['a hash of an unknown kind', `[{user: a, password: ${BCRYPT.replace('2a', '2')}}]`],
    ['a misspelt key', '[{user: a, pasword: canary}]'],
    ['an unknown permission', '[{user: a, permissions: {pub: canary}}]'],
    ['no subjects, which would allow all', '[{user: a, permissions: {publish: []}}]'],
    ['no rules, which would allow all', '[{user: a, permissions: {publish: {}}}]'],
    ['an empty token', '[{user: a, permissions: {publish: a..b}}]'],
    ['> before the end', '[{user: a, permissions: {publish: a.>.b}}]'],
    ['a queue to publish to', '[{user: a, permissions: {publish: a b}}]'],
    ['two queues', '[{user: a, permissions: {subscribe: a b c}}]'],
    ['a subject with a tab', '[{user: a, permissions: {subscribe: "a\\tb"}}]'],
    ['no number of responses', '[{user: a, permissions: {allow_responses: {max: 0}}}]'],
    ['a time without a unit', '[{user: a, permissions: {allow_responses: {expires: "30"}}}]'],
    ['aliases', '[&a {user: a, password: canary}, *a]'],
    ['a prototype', '[{user: a, __proto__: {password: canary}}]'],
    ['more than a thousand', JSON.stringify(Array.from({ length: 1001 }, (_, n) => ({ user: `u${n}` })))],
  ])('are refused for %s, and what is told holds no value', (_, text) => {
    const parsed = userList.parse(text);
    expect(parsed.kind).toBe('refused');
    expect(JSON.stringify(parsed)).not.toMatch(/canary|3kIDaCxw/);
  });

  test('whatever they are, are read back as they are kept', () => {
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

  test('have a cost where they have a hash', () => {
    expect([BCRYPT, 'plain', '$2a$11$short'].map(parseBcryptCost)).toEqual([11, undefined, undefined]);
  });
});

describe('the passwords of users are masked', () => {
  test.each([
    ['in block style', '- user: a\n  password: hunter-2 # why\n', ['hunter-2']],
    ['in flow style', '[{user: a, password: hunter-2}, {password: other, user: b}]', ['hunter-2', 'other']],
    ['in JSON', '[{"user":"a","password":"hunter\\"2"}]', ['hunter\\"2', 'hunter"2']],
    ['in quotes', "- {user: a, password: 'it''s'}", ["it's"]],
    ['as a hash', `- {user: a, password: ${BCRYPT}}`, [BCRYPT]],
    ['in folded text', '- user: a\n  password: >-\n    hunter-2\n', ['hunter-2']],
    ['though the text is no YAML', '- user: [\n  password: hunter-2\n', ['hunter-2']],
    ['though the user is refused', '- {user: a, password: hunter-2, permision: x}', ['hunter-2']],
  ])('%s', (_, text, secrets) => {
    expect(findInputSecrets(new Map([['users', text]])).map((secret) => secret.text)).toEqual(secrets);
  });
});

describe('users beside other inputs', () => {
  const refusal = (users: string, others: Readonly<Record<string, string>> = {}): ActionError<'INPUT_INVALID'> => {
    try {
      parseInputs(new Map(Object.entries({ ...others, users })));
    } catch (error) {
      if (hasCode(error, 'INPUT_INVALID')) return error;
      throw error;
    }
    throw new Error('the inputs were accepted');
  };

  test.each(['app', 'app-2', 'app-17'])('are not called %s when the client user is or may become app', (user) => {
    const { details, message } = refusal(`[{user: ${user}, password: canary}]`, { 'client-user': 'app' });
    expect(details.violations).toMatchObject([{ input: 'users', correction: 'users: ${{ secrets.USERS }}' }]);
    expect(message).not.toContain('canary');
  });

  test.each(['app-', 'app-x', 'application'])('may be called %s', (user) => {
    const users = `[{user: ${user}, password: p}]`;
    expect(parseInputs(new Map(Object.entries({ users, 'client-user': 'app' })))).toMatchObject({ users: [{ user }] });
  });

  test('need a password unless a certificate says who they are', () => {
    expect(refusal('[{user: a}]').details.violations).toMatchObject([{ input: 'users' }]);
    expect(refusal('[{user: a}]', { 'client-verify': 'verify' }).details.violations).toMatchObject([
      { input: 'users' },
    ]);
    const mapped = new Map(Object.entries({ users: '[{user: a}]', 'client-verify': 'verify-and-map' }));
    expect(parseInputs(mapped)).toMatchObject({ users: [{ user: 'a' }] });
  });
});
