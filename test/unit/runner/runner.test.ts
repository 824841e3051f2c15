import { expect, test } from '@jest/globals';
import { buildRunUrl, readInputs } from '../../../src/runner/workspace.ts';

test('the inputs come from the variables of the runner, with hyphens', () => {
  const environment = { 'INPUT_CLIENT-USER': 'app', INPUT_REPLICAS: '', PATH: '/bin', INPUTS: 'x' };
  expect(readInputs(environment)).toEqual(
    new Map([
      ['client-user', 'app'],
      ['replicas', ''],
    ]),
  );
});

test.each([
  ['unknown outside of GitHub', {}, undefined],
  [
    'the page of the attempt',
    { GITHUB_SERVER_URL: 'https://github.com', GITHUB_REPOSITORY: 'a/b', GITHUB_RUN_ID: '7', GITHUB_RUN_ATTEMPT: '2' },
    'https://github.com/a/b/actions/runs/7/attempts/2',
  ],
])('the URL of a run is %s', (_rule, environment, url) => {
  expect(buildRunUrl(environment)).toBe(url);
});
