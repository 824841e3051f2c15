import { describe, expect, test } from '@jest/globals';
import { findKubeconfigSecrets } from '../../../../src/inputs/grammar/kubeconfig.ts';

const KEY = '-----BEGIN PRIVATE KEY-----\nCANARY\n-----END PRIVATE KEY-----\n';
const KEY_DATA = Buffer.from(KEY).toString('base64');

const user = (fields: object): string => JSON.stringify({ clusters: [], users: [{ name: 'token', user: fields }] });
const exec = (fields: object): string => user({ exec: { command: 'aws', ...fields } });

describe('the secrets of a kubeconfig', () => {
  test.each<[string, string, readonly string[]]>([
    ['a token', user({ token: 'CANARY' }), ['CANARY']],
    ['a token of digits', user({ token: 12345678 }), ['12345678']],
    ['a token with a line break, and without', user({ token: 'CANARY\n' }), ['CANARY\n', 'CANARY']],
    ['no token without a value', user({ token: null }), []],
    ['no empty token', user({ token: '' }), []],
    ['no number under another key', user({ 'token-count': 12345678 }), []],
    ['a private key under another key, as base64 and as PEM', user({ token: KEY_DATA }), [KEY_DATA, KEY]],
    ['a password', user({ username: 'admin', password: 'CANARY' }), ['CANARY']],
    ['a private key, as base64 and as PEM', user({ 'client-key-data': KEY_DATA }), [KEY_DATA, KEY]],
    [
      'all secrets of an auth provider',
      user({
        'auth-provider': { config: { 'id-token': 'A', 'refresh-token': 'B', 'client-secret': 'C', 'client-id': 'D' } },
      }),
      ['A', 'B', 'C'],
    ],
    [
      'secret variables of a plugin',
      exec({
        env: [
          { name: 'AWS_SECRET_ACCESS_KEY', value: 'CANARY-1' },
          { name: 'AWS_REGION', value: 'eu-central-1' },
        ],
      }),
      ['CANARY-1'],
    ],
    [
      'passwords in URLs among the variables of a plugin',
      exec({ env: [{ name: 'HTTPS_PROXY', value: 'http://u:PROXY@p' }] }),
      ['PROXY'],
    ],
    [
      'values of eight characters, but no shorter ones',
      exec({ args: ['--token=12345678', '--key=1234567'] }),
      ['12345678'],
    ],
    ['no number among the arguments of a plugin', exec({ args: [12345678, '--token', 12345678] }), []],
    ['no value after the last argument of a plugin', exec({ args: ['--token'] }), []],
    ['no switches of a plugin', exec({ env: [{ name: 'USE_AUTH_PLUGIN', value: 'true' }] }), []],
    [
      'secret arguments of a plugin',
      exec({ args: ['get-token', '--client-secret', 'CANARY-1', '--password=CANARY-2', '--region', 'eu-central-1'] }),
      ['CANARY-1', 'CANARY-2'],
    ],
    [
      'passwords in URLs, encoded and decoded',
      JSON.stringify({ clusters: [{ cluster: { server: 'https://a:CAN%20ARY@h', 'proxy-url': 'http://u:PROXY@p' } }] }),
      ['CAN%20ARY', 'CAN ARY', 'PROXY'],
    ],
    ['a user without a password in a URL, which is a token', 'server: https://CANARY@h', ['CANARY']],
    ['a password in a URL that does not decode', 'server: https://u:100%@h', ['100%']],
    ['no part of a URL without a user', 'server: https://example.com', []],
    ['possible secrets in invalid YAML', 'clusters: [\nusers: {token: CANARY-1', ['CANARY-1']],
    ['secrets after an unresolved alias', 'users: [*x]\ntoken: CANARY-1\n', ['CANARY-1']],
    ['no part of a path', '/home/a/token', []],
    ['no part of an empty text', '', []],
  ])('include %s', (_rule, text, secrets) => {
    expect(findKubeconfigSecrets(text)).toStrictEqual(secrets);
  });
});
