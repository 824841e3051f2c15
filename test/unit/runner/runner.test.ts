import { describe, expect, test } from '@jest/globals';
import { inputsOf, runUrlOf } from '../../../src/runner/environment.ts';
import { masksFor } from '../../../src/runner/masking.ts';

test('inputs are the variables that the runner sets, hyphens kept', () => {
  const environment = { 'INPUT_CLIENT-USER': 'app', INPUT_REPLICAS: '', PATH: '/bin', INPUTS: 'x' };
  expect(inputsOf(environment)).toEqual(
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
])('the run is %s', (_rule, environment, url) => {
  expect(runUrlOf(environment)).toBe(url);
});

describe('a mask', () => {
  const line = 'MHcCAQEEIIrYSSNQFaA2Hwf1duRSxKtLYX5CB04fSeQ6tF1aY/PuoAoGCCqGSM49';
  const pem = `-----BEGIN EC PRIVATE KEY-----\n${line}\nAwEHoUQ=\n-----END EC PRIVATE KEY-----\n`;

  test.each([
    ['of a password is the password', 'hunter2', ['hunter2']],
    ['of a short word would ruin the log', 'abc', []],
    ['of a key is its long lines and its base64, never a header', pem, [line, Buffer.from(pem).toString('base64')]],
  ])('%s', (_rule, secret, masks) => {
    expect(masksFor(secret)).toEqual(masks);
  });
});
