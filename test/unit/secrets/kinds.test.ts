import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { findKubeconfigSecrets } from '../../../src/inputs/grammar/kubeconfig.ts';
import { inputTable } from '../../../src/inputs/inputs.ts';
import { findInputSecrets } from '../../../src/inputs/parse.ts';
import { listCredentialSecrets } from '../../../src/kubernetes/credentials.ts';
import { secretKeys } from '../../../src/manifests/material.ts';
import { collectMaterialSecrets, findSecretsInData } from '../../../src/manifests/secret-values.ts';
import { readTexts } from '../../../src/nats/conf/settings/sources.ts';
import type { KnownSecret } from '../../../src/secrets/masks.ts';
import { recordedDoor } from '../../support/recorded-door.ts';
import { readAsRunner } from '../../support/runner-grammar.ts';
import { clusterSpec } from '../support/cluster-spec.ts';
import { liveSecrets } from '../support/live-secrets.ts';
import { materialFor } from '../support/material.ts';

const CANARY = 'canary-0123456789';
const SEED = `SU${'A'.repeat(56)}`;
const JWT = 'eyJ0eXAiOiJKV1QifQ.eyJzdWIiOiJVIn0.c2lnbmVk';
const KEY = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const KEY_LINE = KEY.split('\n')[1] ?? '';

/** A text for each input that may hold a secret, and the secret in it. */
const INPUTS: Readonly<Record<string, readonly [text: string, secret: string]>> = {
  kubeconfig: [`clusters: []\nusers: [{name: u, user: {token: ${CANARY}}}]`, CANARY],
  'ca-certificate': [KEY, KEY_LINE],
  'ca-private-key': [KEY, KEY_LINE],
  'client-password': [CANARY, CANARY],
  'route-password': [CANARY, CANARY],
  users: [`[{user: a, password: ${CANARY}}]`, CANARY],
  'system-credentials': [SEED, SEED],
  config: [`accounts { A { users: [{user: a, password: "${CANARY}"}] } }`, CANARY],
  files: [`a.txt: ${CANARY}`, CANARY],
};

/** A value for each key of the action's Secrets, and the secret in it; undefined for a value that is not secret. */
const KEYS: Readonly<Record<keyof typeof secretKeys, readonly [text: string, secret: string] | undefined>> = {
  configuration: [`authorization { user: a, password: "${CANARY}" }`, CANARY],
  url: undefined,
  user: undefined,
  password: [CANARY, CANARY],
  certificate: [KEY, KEY_LINE],
  privateKey: [KEY, KEY_LINE],
  trust: [KEY, KEY_LINE],
  trustPem: [KEY, KEY_LINE],
  routeTrust: [KEY, KEY_LINE],
  settings: undefined,
  users: [JSON.stringify([{ user: 'a', password: CANARY }]), CANARY],
  userConfiguration: [configurationTexts(), CANARY],
  previousConfiguration: [configurationTexts(), CANARY],
  files: [JSON.stringify({ 'a.txt': CANARY }), CANARY],
  systemCredentials: [`${JWT}\n${SEED}`, SEED],
};

function configurationTexts(): string {
  const text = `PASS: "${CANARY}"\naccounts { A { users: [{user: a, password: $PASS}] } }`;
  return readTexts({ input: 'config', file: 'config', text, included: new Map() }).texts;
}

/** Expects that one call masks a secret and removes it from every text. */
function expectHidden(secrets: readonly KnownSecret[], secret: string): void {
  const { door, written } = recordedDoor();
  secrets.forEach(door.hide);
  const masked = readAsRunner(written()).masks;
  expect(masked.some((mask) => secret.includes(mask) || mask.includes(secret))).toBe(true);
  door.info(`it is ${secret} and ${Buffer.from(secret).toString('base64')}`);
  door.end();
  expect(written().split('\n').at(-2)).toMatch(/^it is \*{3} and \*{3}={0,2}$/);
}

describe('an input that may contain a secret', () => {
  const holding = inputTable.filter(({ grammar }) => grammar.secrets !== undefined).map(({ name }) => name);

  test('is listed here', () => {
    expect(Object.keys(INPUTS).toSorted()).toEqual(holding.toSorted());
  });

  test.each(holding)('is masked and redacted: %s', (name) => {
    const [text = '', secret = ''] = INPUTS[name] ?? [];
    expectHidden(findInputSecrets(new Map([[name, text]])), secret);
  });

  test('is masked and redacted even if its name is misspelt', () => {
    expectHidden(findInputSecrets(new Map([['client-pasword', CANARY]])), CANARY);
  });
});

describe('a Secret value that may be secret', () => {
  test.each(Object.entries(KEYS))('is masked and redacted: %s', (kind, sample) => {
    const key = Object.entries(secretKeys).find(([name]) => name === kind)?.[1] ?? '';
    const secrets = findSecretsInData('nats-system', { [key]: sample?.[0] ?? 'public' });
    if (sample === undefined) expect(secrets).toEqual([]);
    else expectHidden(secrets, sample[1]);
  });

  test.each([
    ['client-previous-password', CANARY, CANARY],
    ['system-tls.key', KEY, KEY_LINE],
    ['route-ca-next.key', KEY, KEY_LINE],
    ['route-nats-0.key', KEY, KEY_LINE],
    ['accounts.conf', `# all of it\n${CANARY}-and-more`, `${CANARY}-and-more`],
    ['a.pem', KEY, KEY_LINE],
  ])('is masked and redacted: %s', (key, text, secret) => {
    expectHidden(findSecretsInData('s', { [key]: text }), secret);
  });

  test('covers everything in the Secrets of a cluster except certificates and names', () => {
    const spec = clusterSpec({ replicas: 2, clientCertificates: ['orders'] });
    const { door } = recordedDoor();
    const secrets = liveSecrets(spec, materialFor(spec));
    for (const { name, data } of secrets) findSecretsInData(name, data).forEach(door.hide);
    const left = secrets.flatMap(({ data }) => Object.entries(data)).map(([key, text]) => [key, door.redact(text)]);
    const values = left.filter(([, text]) => text !== '***').map(([key = '']) => key);
    expect(
      [...new Set(values)].filter((key) => !/(?:\.crt|ca\.pem|username|^url|settings\.json|nats\.conf)$/.test(key)),
    ).toEqual([]);
  });
});

test('a generated secret is masked and redacted before any text contains it', () => {
  const { credentials, certificates } = materialFor(clusterSpec({}));
  const secrets = collectMaterialSecrets(credentials, certificates.authorities).map(({ text }) => text);
  const { client, route, system, probe } = credentials;
  const passwords = [client.current, route.current, system, probe].map(({ password }) => password);
  expect(secrets).toEqual(expect.arrayContaining(passwords));
  const more = {
    ...credentials,
    users: [{ user: 'a', password: 'canary-users' }],
    files: { a: 'canary-files' },
    previousConfiguration: configurationTexts(),
    systemCredentials: { seed: SEED, jwt: JWT, account: 'A' },
  };
  const all = collectMaterialSecrets(more, certificates.authorities).map(({ text }) => text);
  expect(all).toEqual(expect.arrayContaining(['canary-users', 'canary-files', CANARY, SEED, JWT]));
});

describe('the secrets of a kubeconfig', () => {
  const user = (fields: string): string => `clusters: []\nusers: [{name: u, user: {${fields}}}]`;

  test.each([
    ['a token', user(`token: ${CANARY}`), CANARY],
    ['a token with a line end', user(`token: "${CANARY}\\n"`), CANARY],
    ['a password', user(`username: u, password: "${CANARY}"`), CANARY],
    ['a short password', user('username: u, password: pass'), 'pass'],
    ['a key', user(`client-key-data: ${Buffer.from(KEY).toString('base64')}`), KEY_LINE],
    ['a token of a provider', user(`auth-provider: {name: oidc, config: {refresh-token: ${CANARY}}}`), CANARY],
    ['a variable of a plugin', user(`exec: {env: [{name: AZURE_CLIENT_SECRET, value: ${CANARY}}]}`), CANARY],
    ['the password of a URL', `clusters: [{cluster: {server: "https://u:${CANARY}@h"}}]`, CANARY],
    ['the encoded password of a URL', 'clusters: [{cluster: {server: "https://u:can%2Fary@h"}}]', 'can/ary'],
    ['a URL with a token for a user', `clusters: [{cluster: {proxy-url: "http://${CANARY}@h"}}]`, CANARY],
    ['a token in invalid YAML', `users: [\ntoken: ${CANARY}`, CANARY],
  ])('include %s', (_, text, secret) => {
    const secrets = findKubeconfigSecrets(text).map((one) => ({ text: one, source: 'kubeconfig' }));
    expectHidden(secrets, secret);
  });

  test('do not include names and other variables', () => {
    const text =
      'clusters: [{name: c, cluster: {server: "https://h"}}]\nusers: [{name: u, user: {exec: {env: [{name: AWS_PROFILE, value: production}]}}}]';
    expect(findKubeconfigSecrets(text)).toEqual([]);
  });
});

test('the secrets of a request are its token or password and the private key', () => {
  const basic = `Basic ${Buffer.from('user:pass:word').toString('base64')}`;
  expect(
    listCredentialSecrets({ headers: { authorization: `Bearer ${CANARY}` }, tls: { rejectUnauthorized: true } }),
  ).toEqual([CANARY]);
  expect(
    listCredentialSecrets({ headers: { Authorization: basic }, tls: { rejectUnauthorized: true, key: KEY } }),
  ).toEqual([basic.slice(6), 'pass:word', KEY]);
});
