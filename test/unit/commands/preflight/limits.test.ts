import { describe, expect, test } from '@jest/globals';
import type { ClusterSpec } from '../../../../src/cluster/spec.ts';
import { requireAccountsFit } from '../../../../src/commands/preflight/account-streams.ts';
import { requireRoomToSignIn } from '../../../../src/commands/preflight/connection-limits.ts';
import type { DeploymentCredentials } from '../../../../src/manifests/material.ts';
import { parseConfiguration } from '../../../../src/nats/conf/reader/parse.ts';
import { clusterSpec } from '../../support/cluster-spec.ts';

const surroundings = { files: new Map<string, string>(), environment: new Set<string>() };

function credentials(text: string | undefined, also: Partial<DeploymentCredentials> = {}): DeploymentCredentials {
  const user = { user: 'app', password: 'p' };
  const track = { phase: 'idle', current: user } as const;
  const plain = { client: track, route: track, system: user, probe: user, users: [], files: {}, ...also };
  if (text === undefined) return plain;
  const tree = parseConfiguration({ input: 'config', file: 'config', text }, surroundings);
  return { ...plain, configuration: { input: 'config', tree, texts: text } };
}

function failureOf(check: () => void): unknown {
  try {
    check();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('the JetStream reservation of accounts', () => {
  const GIB = 2 ** 30;
  const alone = { replicas: 1, jetstream: { memoryBytes: 2 ** 20, volume: { size: '1Gi', bytes: GIB } } };
  const refused = (text: string, spec: Partial<ClusterSpec> = alone): unknown =>
    failureOf(() => requireAccountsFit(clusterSpec(spec), credentials(text)));

  test.each([
    [
      'it fits',
      'accounts { A { jetstream { max_mem: 512KB, max_file: 500MB } }, B { jetstream { max_mem: 512KB } } }',
      alone,
    ],
    ['it is empty', 'accounts { A { jetstream: enabled } }', alone],
    [
      'it is in a cluster, where nats-server does not count it',
      'accounts { A { jetstream { max_mem: 1GB } } }',
      { ...alone, replicas: 3 },
    ],
  ])('is accepted if %s', (_, text, spec) => {
    expect(refused(text, spec)).toBeUndefined();
  });

  test.each([
    [
      'memory',
      'accounts { A { jetstream { max_mem: 1MB } }, B { jetstream { max_mem: 1 } } }',
      'accounts reserve 1048577 bytes of JetStream memory (A, B), and the one server has 1048576; it would not start',
      'raise `jetstream-memory`',
    ],
    [
      'storage',
      'accounts { A { jetstream { max_file: 1GB } } }',
      'accounts reserve 1073741824 bytes of JetStream storage (A), and the one server has 966367641; it would not start',
      'raise `jetstream-storage`, because a tenth of the volume stays free',
    ],
  ])('is refused beyond the %s of a standalone server, with the numbers', (_, text, message, correction) => {
    expect(refused(text)).toMatchObject({
      code: 'INPUT_INVALID',
      details: { violations: [{ input: 'config', message, correction: expect.stringContaining(correction) }] },
    });
  });
});

describe('max-control-line', () => {
  const refused = (maxControlLine: number | undefined, given: DeploymentCredentials): unknown => {
    const limits = maxControlLine === undefined ? {} : { maxControlLine };
    return failureOf(() => requireRoomToSignIn(clusterSpec({ limits }), given));
  };
  const long = 'p'.repeat(700);

  test.each([
    [
      'it has the default of nats-server',
      undefined,
      credentials(undefined, { users: [{ user: 'till', password: long }] }),
    ],
    [
      'the CONNECT line of every user fits',
      1200,
      credentials(undefined, { users: [{ user: 'till', password: long }] }),
    ],
    ['it has the smallest value', 512, credentials(undefined)],
  ])('is accepted if %s', (_, limit, given) => {
    expect(refused(limit, given)).toBeUndefined();
  });

  test.each([
    ['user till', credentials(undefined, { users: [{ user: 'till', password: long }] })],
    ['user clerk', credentials(`accounts { SHOP { users: [ {user: clerk, password: "${long}"} ] } }`)],
    ['user clerk', credentials(`authorization { users: [ {user: clerk, pass: "${long}"} ] }`)],
    [
      'the user of system-credentials',
      credentials(undefined, { systemCredentials: { jwt: 'e'.repeat(900), seed: 'SU', account: 'A' } }),
    ],
  ])('is refused if the CONNECT line of %s does not fit, without a secret', (name, given) => {
    const error = refused(1000, given);
    expect(error).toMatchObject({
      code: 'INPUT_INVALID',
      details: { violations: [{ input: 'max-control-line', message: expect.stringContaining(`${name} needs up to`) }] },
    });
    expect(String(error)).not.toContain('ppp');
  });
});
