import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { certificatePem, privateKeyPem, subjectAltNames } from '../../../../src/inputs/grammar/certificate.ts';
import { boolean, choice, list } from '../../../../src/inputs/grammar/choice.ts';
import { clientUserName, password, routeUserName } from '../../../../src/inputs/grammar/credential.ts';
import { duration, formatDuration } from '../../../../src/inputs/grammar/duration.ts';
import { kubeconfig } from '../../../../src/inputs/grammar/kubeconfig.ts';
import {
  clientName,
  contextName,
  deploymentName,
  namespaceName,
  secretName,
} from '../../../../src/inputs/grammar/kubernetes-name.ts';
import { integer, parseQuantity, size } from '../../../../src/inputs/grammar/number.ts';
import { resources } from '../../../../src/inputs/grammar/resources.ts';
import type { Grammar } from '../../../../src/inputs/grammar/row.ts';
import { inputTable } from '../../../../src/inputs/inputs.ts';
import { imageReference } from '../../../../src/inputs/rows/cluster.ts';
import { expectedCluster } from '../../../../src/inputs/rows/target.ts';

const SHA = 'a1'.repeat(32);
const KUBECONFIG = 'apiVersion: v1\nkind: Config\nclusters: [{name: a, cluster: {server: "https://a"}}]\n';

const HUNDRED = Array.from({ length: 100 }, (_, n) => `c${n}`);
const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nMIIBcanary==\n-----END CERTIFICATE-----';
const KEY = '-----BEGIN PRIVATE KEY-----\nhunter2hunter2hunter2\n-----END PRIVATE KEY-----';
const EC_KEY = KEY.replaceAll('PRIVATE', 'EC PRIVATE');
const EC_PARAMETERS = '-----BEGIN EC PARAMETERS-----\nBggq\n-----END EC PARAMETERS-----\n';

type Case = readonly [rule: string, grammar: Grammar<unknown>, text: string, value: unknown];

const ACCEPTED: readonly Case[] = [
  ['a choice with one of its words', choice(['required', 'none']), 'none', 'none'],
  ['true', boolean, 'true', true],
  ['False with a capital', boolean, 'False', false],
  ['the smallest integer', integer(1, 99), '1', 1],
  ['the largest integer', integer(1, 99), '99', 99],
  ['a size in bytes', size(1, 99999), '65536', 65536],
  ['KB as 1024 bytes, as in nats-server', size(1, 99999), '64KB', 65536],
  ['K as 1000 bytes, as in nats-server', size(1, 99999), '64k', 64000],
  ['MiB as 1024 KiB', size(1, 1e9), '1MiB', 1048576],
  ['a duration in seconds', duration('1s', '90d'), '30s', 30_000],
  ['a duration in minutes', duration('1s', '90d'), '10m', 600_000],
  ['a duration in hours', duration('1s', '90d'), '12h', 43_200_000],
  ['a duration in days', duration('1s', '90d'), '90d', 7_776_000_000],
  ['a namespace that begins with a digit', namespaceName, '1-preview', '1-preview'],
  ['a namespace of 63 characters', namespaceName, 'a'.repeat(63), 'a'.repeat(63)],
  ['a cluster name of 52 characters', deploymentName, 'a'.repeat(52), 'a'.repeat(52)],
  ['a context with any name', contextName, 'arn:aws:eks:eu-1:1:cluster/a', 'arn:aws:eks:eu-1:1:cluster/a'],
  ['an official image', imageReference, 'nats:2.15.2', 'nats:2.15.2'],
  ['an image of a registry with a port', imageReference, 'r.example.com:5000/a/b_c:1', 'r.example.com:5000/a/b_c:1'],
  ['an image with tag and digest', imageReference, `nats:2@sha256:${SHA}`, `nats:2@sha256:${SHA}`],
  ['a user name', clientUserName, 'nats_client_user', 'nats_client_user'],
  ['a user name that leaves space for rotated names', clientUserName, 'a'.repeat(57), 'a'.repeat(57)],
  ['a route user name', routeUserName, 'a'.repeat(64), 'a'.repeat(64)],
  ['a password with every kind of character', password, `a'"$\\: {}#é`, `a'"$\\: {}#é`],
  ['resources as flow YAML', resources, '{requests: {cpu: 100m}}', { requests: { cpu: '100m' }, limits: {} }],
  ['resources as a block', resources, 'limits:\n  cpu: 2\n', { requests: {}, limits: { cpu: '2' } }],
  ['a DNS name', subjectAltNames, 'NATS.example.com', { dnsNames: ['nats.example.com'], ipAddresses: [] }],
  [
    'names separated by lines, commas and spaces, without duplicates',
    subjectAltNames,
    'a.b, *.c.d\n10.0.0.1 a.b\n2001:DB8::1',
    { dnsNames: ['a.b', '*.c.d'], ipAddresses: ['10.0.0.1', '2001:db8::1'] },
  ],
  ['a Secret name with dots', secretName, 'nats.example.com-tls', 'nats.example.com-tls'],
  ['a client name that begins with a digit', clientName, '1-orders', '1-orders'],
  ['a client name of 40 characters', clientName, 'a'.repeat(40), 'a'.repeat(40)],
  ['a list of one item', list(choice(['a', 'b'])), 'a', ['a']],
  ['a list separated by commas and lines, without duplicates', list(choice(['a', 'b'])), 'b,\r\n a\n\nb,', ['b', 'a']],
  ['a hundred items', list(clientName), HUNDRED.join('\n'), HUNDRED],
  ['a certificate', certificatePem, CERTIFICATE, CERTIFICATE],
  ['a chain', certificatePem, `${CERTIFICATE}\n${CERTIFICATE}`, `${CERTIFICATE}\n${CERTIFICATE}`],
  ['text around a certificate', certificatePem, `subject=a\n${CERTIFICATE}`, `subject=a\n${CERTIFICATE}`],
  ['Windows line ends', certificatePem, CERTIFICATE.replaceAll('\n', '\r\n'), CERTIFICATE.replaceAll('\n', '\r\n')],
  ['a key in PKCS#8', privateKeyPem, KEY, KEY],
  ['a key as openssl ecparam writes it', privateKeyPem, EC_PARAMETERS + EC_KEY, EC_PARAMETERS + EC_KEY],
  ['a path', kubeconfig, '/home/a/.kube/config', { kind: 'path', path: '/home/a/.kube/config' }],
  ['a path that looks like base64', kubeconfig, 'abcdefghijklmnop', { kind: 'path', path: 'abcdefghijklmnop' }],
  ['YAML', kubeconfig, KUBECONFIG, { kind: 'content', yaml: KUBECONFIG }],
  ['JSON', kubeconfig, '{"clusters":[]}', { kind: 'content', yaml: '{"clusters":[]}' }],
  ['base64', kubeconfig, Buffer.from(KUBECONFIG).toString('base64'), { kind: 'content', yaml: KUBECONFIG }],
  [
    'wrapped base64',
    kubeconfig,
    Buffer.from(KUBECONFIG)
      .toString('base64')
      .replaceAll(/(.{20})/g, '$1\n'),
    { kind: 'content', yaml: KUBECONFIG },
  ],
  ['a URL without its last slash', expectedCluster, 'https://a:6443/', { kind: 'url', url: 'https://a:6443' }],
  ['a URL with a path', expectedCluster, 'https://a/k8s/c1', { kind: 'url', url: 'https://a/k8s/c1' }],
  [
    'a fingerprint as openssl prints it',
    expectedCluster,
    `sha256 Fingerprint=${SHA.toUpperCase().replaceAll(/(..)(?=.)/g, '$1:')}`,
    { kind: 'ca-fingerprint', sha256: SHA },
  ],
];

type Refusal = readonly [rule: string, grammar: Grammar<unknown>, text: string, suggestion?: string];

const REFUSED: readonly Refusal[] = [
  ['a misspelt word, with the right one', choice(['required', 'preferred']), 'requried', 'required'],
  ['an unknown word, without a suggestion', choice(['required', 'preferred']), 'always'],
  ['yes, which means true', boolean, 'yes', 'true'],
  ['0, which means false', boolean, '0', 'false'],
  ['flase, which means false', boolean, 'flase', 'false'],
  ['a word in place of a number', integer(1, 99), 'three'],
  ['an integer below the smallest', integer(1, 99), '0', '1'],
  ['an integer above the largest', integer(1, 99), '100', '99'],
  ['a fraction in place of an integer', integer(1, 99), '2.5'],
  ['3.0, which means 3', integer(1, 99), '3.0', '3'],
  ['a hexadecimal number', integer(1, 99), '0x10'],
  ['a number that is too long', integer(1, 99), '9'.repeat(400)],
  ['a size with an unknown unit', size(1, 99), '1TiBs'],
  ['a size that is too large', size(1, 1024), '1MB', '1024'],
  ['a number without a unit, which means seconds', duration('1s', '90d'), '30', '30s'],
  ['a duration with two units', duration('1s', '90d'), '1h30m', '90m'],
  ['a duration in words', duration('1s', '90d'), '5 minutes', '5m'],
  ['a duration in weeks', duration('1s', '90d'), '2w', '14d'],
  ['a fractional duration', duration('1s', '90d'), '1.5h', '90m'],
  ['a duration that is too short', duration('10s', '90d'), '1s', '10s'],
  ['a duration that is too long', duration('10s', '90d'), '91d', '90d'],
  ['a negative duration', duration('10s', '90d'), '-5m'],
  ['an invalid duration', duration('10s', '90d'), 'soon'],
  ['a namespace with upper case and underscores', namespaceName, 'My_Space', 'my-space'],
  ['a namespace that is too long', namespaceName, 'a'.repeat(64), 'a'.repeat(63)],
  ['a cluster name that begins with a digit', deploymentName, '12-nats'],
  ['a cluster name that is too long', deploymentName, 'a'.repeat(53), 'a'.repeat(52)],
  ['a cluster name with a dot', deploymentName, 'nats.', 'nats'],
  ['a context of two lines', contextName, 'a\nb'],
  ['an image with upper case', imageReference, 'Nats:2', 'nats:2'],
  ['a URL as an image', imageReference, 'https://ghcr.io/a/b:1', 'ghcr.io/a/b:1'],
  ['a short digest', imageReference, 'nats@sha256:abc'],
  ['a user with a colon', clientUserName, 'a:b', 'a_b'],
  ['a user name that leaves no space for rotated names', clientUserName, 'a'.repeat(58), 'a'.repeat(57)],
  ['a user name that this action uses', clientUserName, 'nats-cluster-action-system'],
  ['a route user name that this action uses', routeUserName, 'nats-cluster-action-probe'],
  ['a client name that this action uses', clientName, 'nats-cluster-action-system'],
  ['a password of two lines', password, 'a\nb'],
  ['a bcrypt hash as a password', password, '$2a$11$3kIDaCxw.Glsl1.u5nKa6eUnNDLV5HV9tIuUp7EHhMt6Nm9myW1aS'],
  ['resources that are not a mapping', resources, '3'],
  ['resources in invalid YAML', resources, '{requests: '],
  ['an unknown section', resources, '{request: {cpu: 1}}'],
  ['an unknown resource', resources, '{requests: {mem: 1}}'],
  ['an invalid quantity', resources, '{requests: {memory: 128MB}}'],
  ['a negative quantity', resources, '{requests: {cpu: -1}}'],
  ['a request above its limit', resources, '{requests: {memory: 1Gi}, limits: {memory: 512Mi}}'],
  ['aliases', resources, '{requests: &a {cpu: 1}, limits: *a}'],
  ['a wildcard within a label', subjectAltNames, 'a*.b'],
  ['a wildcard alone', subjectAltNames, '*'],
  ['a name that no certificate can contain', subjectAltNames, 'my_host.example.com'],
  ['an incomplete address', subjectAltNames, '10.0.0'],
  ['a URL as a name', subjectAltNames, 'tls://nats.example.com:4222', 'nats.example.com'],
  ['more than a hundred names', subjectAltNames, Array.from({ length: 101 }, (_, n) => `n${n}.example.com`).join(',')],
  ['only commas', subjectAltNames, ','],
  ['a Secret name with upper case', secretName, 'Nats_TLS', 'nats-tls'],
  ['a Secret name with an empty label', secretName, 'a..b'],
  ['a Secret name that is too long', secretName, 'a'.repeat(254)],
  ['a client name that is too long', clientName, 'a'.repeat(41), 'a'.repeat(40)],
  ['a client name with a dot', clientName, 'a.b', 'a-b'],
  ['a list with a misspelt item', list(choice(['leaves', 'route-ca'])), 'route-ca\nleves', 'route-ca, leaves'],
  ['a list separated by spaces', list(choice(['leaves', 'ca'])), 'leaves ca', 'leaves, ca'],
  ['a list with an unknown item', list(choice(['leaves', 'ca'])), 'leaves, everything'],
  ['a list without items', list(clientName), ',\n,'],
  ['a list that is too long', list(clientName), [...HUNDRED, 'one'].join(',')],
  ['a certificate without its end', certificatePem, CERTIFICATE.slice(0, -5)],
  ['a certificate without a body', certificatePem, CERTIFICATE.replace('MIIBcanary==', '')],
  ['the path of a certificate', certificatePem, '/etc/ssl/ca.crt'],
  ['a certificate with its key', certificatePem, `${KEY}\n${CERTIFICATE}`],
  ['a key as a certificate', certificatePem, KEY],
  ['a certificate as a key', privateKeyPem, CERTIFICATE],
  ['a key with different begin and end lines', privateKeyPem, KEY.replace('BEGIN', 'BEGIN EC')],
  ['an encrypted key', privateKeyPem, KEY.replaceAll('PRIVATE', 'ENCRYPTED PRIVATE')],
  ['a key in the old encrypted format', privateKeyPem, EC_KEY.replace('\n', '\nProc-Type: 4,ENCRYPTED\n\n')],
  ['YAML without clusters', kubeconfig, 'apiVersion: v1\nkind: Config'],
  ['invalid YAML', kubeconfig, 'clusters: [\nusers: {'],
  ['a token instead of a kubeconfig', kubeconfig, 'x'.repeat(900)],
  ['a host without a scheme', expectedCluster, 'kubernetes.example.com:6443', 'https://kubernetes.example.com:6443'],
  ['credentials in a URL', expectedCluster, 'https://a:b@c'],
  ['an incomplete fingerprint', expectedCluster, SHA.slice(32, 60).replaceAll('1', ' ')],
];

describe('a grammar', () => {
  test.each(ACCEPTED)('accepts %s', (_rule, grammar, text, value) => {
    expect(grammar.parse(text)).toEqual({ kind: 'accepted', value });
  });

  test.each(REFUSED.map((row) => ({ row, rule: row[0] })))(
    'refuses $rule',
    ({ row: [, grammar, text, suggestion] }) => {
      const parsed = grammar.parse(text);
      expect(parsed.kind).toBe('refused');
      expect(parsed.kind === 'refused' ? parsed.suggestion : undefined).toBe(suggestion);
    },
  );

  test('only suggests values that it accepts', () => {
    for (const [, grammar, text] of REFUSED) {
      const parsed = grammar.parse(text);
      if (parsed.kind === 'refused' && parsed.suggestion !== undefined) {
        expect(grammar.parse(parsed.suggestion).kind).toBe('accepted');
      }
    }
  });

  test.each(inputTable.map((row) => [row.name, row.grammar] as const))('of %s never throws', (_name, grammar) => {
    const hostile = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.json(), fc.base64String());
    fc.assert(
      fc.property(hostile, (text) => {
        const parsed = grammar.parse(text);
        const suggestion = parsed.kind === 'refused' ? parsed.suggestion : undefined;
        expect(suggestion === undefined || grammar.parse(suggestion).kind === 'accepted').toBe(true);
        expect(grammar.secrets?.(text) ?? []).toBeInstanceOf(Array);
      }),
      { numRuns: 200 },
    );
  });
});

test('a duration has the same value after formatting and parsing', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 7_776_000 }), (seconds) => {
      const text = formatDuration(seconds * 1000);
      expect(duration('1s', '90d').parse(text)).toEqual({ kind: 'accepted', value: seconds * 1000 });
    }),
  );
});

test.each([
  ['100m', 0.1],
  ['2', 2],
  ['1Ki', 1024],
  ['1.5G', 1.5e9],
  ['1e3', 1000],
  ['.5', 0.5],
  ['128MB', undefined],
  ['', undefined],
  ['-1', undefined],
])('the quantity %j has the value %j', (text, amount) => {
  expect(parseQuantity(text)).toBe(amount);
});

describe('the secrets of a kubeconfig', () => {
  const yaml = 'clusters: []\nusers:\n- user:\n    token: very-secret-token\n    client-key-data: "TFMwdExTMQ=="\n';

  test.each([
    ['are the values of its credentials', yaml, ['very-secret-token', 'TFMwdExTMQ==', 'LS0tLS1']],
    ['do not include a path', '/home/a/token', []],
  ])('%s', (_rule, text, secrets) => {
    expect(kubeconfig.secrets?.(text)).toStrictEqual(secrets);
  });

  test('include the whole text if it is base64', () => {
    const text = Buffer.from(yaml).toString('base64');
    expect(kubeconfig.secrets?.(text)).toEqual([text, 'very-secret-token', 'TFMwdExTMQ==', 'LS0tLS1']);
  });
});

describe('the secrets of PEM text', () => {
  test.each([
    ['none in certificates', certificatePem, CERTIFICATE, []],
    ['a key next to a certificate', certificatePem, `${KEY}\n${CERTIFICATE}`, [KEY]],
    ['a truncated key', certificatePem, KEY.slice(0, 40), [KEY.slice(0, 40)]],
    ['every kind of key', certificatePem, EC_KEY + KEY, [EC_KEY, KEY]],
    ['a key', privateKeyPem, KEY, [KEY]],
    ['any text in place of a key', privateKeyPem, 'hunter2', ['hunter2']],
  ] as const)('are %s', (_rule, grammar, text, secrets) => {
    expect(grammar.secrets?.(text)).toStrictEqual(secrets);
  });
});
