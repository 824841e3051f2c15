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
    ['a password', user({ username: 'admin', password: 'CANARY' }), ['CANARY']],
    ['a private key, as base64 and as PEM', user({ 'client-key-data': KEY_DATA }), [KEY_DATA, KEY]],
    [
      'all of an auth provider',
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
    ['switches of a plugin are none', exec({ env: [{ name: 'USE_AUTH_PLUGIN', value: 'true' }] }), []],
    [
      'secret arguments of a plugin',
      exec({ args: ['get-token', '--client-secret', 'CANARY-1', '--password=CANARY-2', '--region', 'eu-central-1'] }),
      ['CANARY-1', 'CANARY-2'],
    ],
    [
      'passwords in URLs, also as they are meant',
      JSON.stringify({ clusters: [{ cluster: { server: 'https://a:CAN%20ARY@h', 'proxy-url': 'http://u:PROXY@p' } }] }),
      ['CAN%20ARY', 'CAN ARY', 'PROXY'],
    ],
    ['what broken YAML seems to hold', 'clusters: [\nusers: {token: CANARY-1', ['CANARY-1']],
    ['what stands behind an alias that is broken', 'users: [*x]\ntoken: CANARY-1\n', ['CANARY-1']],
    ['nothing of a path', '/home/a/token', []],
    ['nothing of an empty text', '', []],
  ])('%s', (_rule, text, secrets) => {
    expect(findKubeconfigSecrets(text)).toEqual(secrets);
  });
});
