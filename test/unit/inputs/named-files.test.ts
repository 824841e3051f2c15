import { describe, expect, test } from '@jest/globals';
import { listNamedFiles } from '../../../src/inputs/named-files.ts';

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
    expect(listNamedFiles(raw({ ...INPUTS, command }))).toEqual([]);
  });
});
