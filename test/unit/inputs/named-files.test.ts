import { describe, expect, test } from '@jest/globals';
import { insertNamedTexts, listNamedFiles } from '../../../src/inputs/named-files.ts';

const raw = (inputs: Readonly<Record<string, string>>) => new Map(Object.entries(inputs));
const USERS = { input: 'users', path: 'users.yaml', entry: undefined };
const INPUTS = { users: '{path: users.yaml}', files: '{a.conf: {path: a.conf}, b.conf: text}' };

describe('the files that inputs name', () => {
  test.each([
    ['are read by deploy', { ...INPUTS, command: 'deploy' }],
    ['are read by deploy, which is the default', INPUTS],
    ['are read by deploy, whose name is surrounded by spaces', { ...INPUTS, command: ' deploy ' }],
    ['are read by plan', { ...INPUTS, command: 'plan' }],
    ['are read by render', { ...INPUTS, command: 'render' }],
  ])('%s', (_, inputs) => {
    expect(listNamedFiles(raw(inputs))).toEqual([USERS, { input: 'files', path: 'a.conf', entry: 'a.conf' }]);
  });

  test.each(['verify', 'rotate', 'delete', 'prune', 'unknown'])('are not read by %s', (command) => {
    expect(listNamedFiles(raw({ ...INPUTS, command }))).toStrictEqual([]);
  });
});

describe('a value of an input', () => {
  test.each([
    ['is a text', 'path'],
    ['has another key', '{file: users.yaml, mode: path}'],
    ['has a second key', '{path: users.yaml, mode: "0600"}'],
    ['has a path that is not a text', '{path: 5}'],
    ['has no path', '{path: }'],
    ['is a list', '[{path: users.yaml}]'],
    ['is an empty mapping', '{} # path'],
    ['is invalid YAML', '{path: users.yaml'],
    ['has an alias', '{path: *a}'],
  ])('names no file if it %s', (_, text) => {
    expect(listNamedFiles(raw({ users: text, files: `{a.conf: ${text}}` }))).toStrictEqual([]);
  });

  test('names a file although the other input names none', () => {
    expect(listNamedFiles(raw({ users: INPUTS.users }))).toEqual([USERS]);
    expect(listNamedFiles(raw({ files: '{a: {path: b}, c: {path: d}}' }))).toEqual([
      { input: 'files', path: 'b', entry: 'a' },
      { input: 'files', path: 'd', entry: 'c' },
    ]);
    expect(listNamedFiles(raw({}))).toStrictEqual([]);
  });
});

describe('the text of a named file', () => {
  const file = { input: 'files', path: 'a.conf', entry: 'a.conf' };
  const users = { file: USERS, text: '[{user: a}]' };

  test('replaces the path of users, and nothing else', () => {
    const given = raw({ ...INPUTS, name: 'nats' });
    expect(insertNamedTexts(given, [users])).toEqual(raw({ ...INPUTS, name: 'nats', users: users.text }));
  });

  test('replaces the path of its entry of files, and keeps the other entries', () => {
    const given = raw({ files: '{z: 1, a.conf: {path: a.conf}, b: {path: b}}', users: 'x' });
    const inserted = insertNamedTexts(given, [{ file, text: 'a: {path: x}' }]);
    expect(inserted.get('users')).toBe('x');
    expect(JSON.parse(inserted.get('files') ?? '')).toEqual({ z: 1, 'a.conf': 'a: {path: x}', b: { path: 'b' } });
  });

  test('may be empty', () => {
    const inserted = insertNamedTexts(raw(INPUTS), [
      { file, text: '' },
      { file: USERS, text: '' },
    ]);
    expect(inserted.get('users')).toBe('');
    expect(JSON.parse(inserted.get('files') ?? '')).toEqual({ 'a.conf': '', 'b.conf': 'text' });
  });

  test('leaves the inputs unchanged if no input names a file', () => {
    expect(insertNamedTexts(raw(INPUTS), [])).toEqual(raw(INPUTS));
    expect(insertNamedTexts(raw({}), [])).toEqual(raw({}));
  });
});
