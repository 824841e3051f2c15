import { describe, expect, test } from '@jest/globals';
import {
  addConfiguration,
  addConfigurationToSpec,
  digestConfiguration,
  parseStoredConfiguration,
  readVerifiedConfiguration,
  requireFreeUserNames,
} from '../../../../src/commands/desired/user-configuration.ts';
import type { DeploymentCredentials } from '../../../../src/manifests/material.ts';
import { readTexts } from '../../../../src/nats/conf/settings/sources.ts';
import { clusterSpec } from '../../support/cluster-spec.ts';
import { liveState } from '../../support/live-state.ts';
import { materialFor } from '../../support/material.ts';
import { storedMaterial } from '../../support/stored-material.ts';

const spec = clusterSpec();
const { credentials: plain } = materialFor(spec);
const [a, b, c] = ['ping_max: 3', 'ping_max: 4', 'ping_max: 5'].map(ownConfiguration);

function ownConfiguration(text: string) {
  return readTexts({ input: 'config', file: 'config', text, included: new Map([['beside', 'x: 1']]) });
}

type Own = ReturnType<typeof ownConfiguration> | undefined;

/** Returns the live state that the next run finds. */
function after({ configuration, previousConfiguration }: DeploymentCredentials, proved: Own) {
  const digest = digestConfiguration({ ...plain, ...(proved === undefined ? {} : { configuration: proved }) });
  return liveState({
    stored: storedMaterial({ system: plain.system, configuration: configuration?.texts, previousConfiguration }),
    verifiedDeployment: { image: 'nats', settings: '{}', ...(digest === undefined ? {} : { configuration: digest }) },
  });
}

describe('the configuration that a rollback brings back', () => {
  test.each<readonly [string, readonly Own[], Own]>([
    ['the one before', [a, b], a],
    ['the one that was proved, after two that failed', [a, b, c], a],
    ['none, where there was none', [undefined, b], undefined],
    ['the one before, of which nothing is left', [a, undefined], a],
  ])('is %s', (_, [first, ...failed], expected) => {
    let credentials = addConfiguration(plain, first, liveState());
    for (const wanted of failed) credentials = addConfiguration(plain, wanted, after(credentials, first));
    expect(readVerifiedConfiguration(after(credentials, first))).toEqual(expected);
  });

  test('replaces the one that failed', () => {
    const failed = addConfiguration(plain, b, after(addConfiguration(plain, a, liveState()), a));
    const live = after(failed, undefined);
    expect(addConfiguration(failed, readVerifiedConfiguration(live), live)).not.toHaveProperty('configuration');
  });

  test('must still be known', () => {
    const live = after(addConfiguration(plain, b, liveState()), a);
    expect(() => readVerifiedConfiguration(live)).toThrow(expect.objectContaining({ code: 'DRIFT' }));
  });
});

test('a deployment that is made again keeps what it keeps', () => {
  const second = addConfiguration(plain, b, after(addConfiguration(plain, a, liveState()), a));
  expect(addConfiguration(plain, b, after(second, b))).toEqual(second);
});

describe('the configuration of the last deployment', () => {
  test('is read again with what it includes', () => {
    const including = readTexts({ input: 'i', file: 'f', text: 'include "x"', included: new Map([['x', 'y: 1']]) });
    expect(parseStoredConfiguration(including.texts)).toEqual(including);
  });

  test.each(['', '{', 'null', '[]', '{"input":"config","file":"f","text":"a: 1"}', '{"text":1}'])(
    'that is %j is unreadable, and told without it',
    (texts) => {
      expect(() => parseStoredConfiguration(texts)).toThrow(
        expect.objectContaining({ code: 'DRIFT', reason: 'ConfigurationUnreadable' }),
      );
    },
  );

  test('that was edited into a mistake is unreadable', () => {
    const edited = JSON.stringify({ input: 'config', file: 'config', text: 'a {', included: [] });
    expect(() => parseStoredConfiguration(edited)).toThrow(expect.objectContaining({ code: 'DRIFT' }));
  });
});

describe('what a configuration asks of the objects around it', () => {
  const asked = (text: string, credentials = plain) =>
    addConfigurationToSpec(spec, { ...credentials, configuration: ownConfiguration(text) }).configuration;

  test('is ports, the routes between servers, and a restart', () => {
    const text = 'ws { port: 8080 }, leafnodes { listen: "0.0.0.0:7422" }, cluster { pool_size: 5, accounts: [A] }';
    expect(asked(text)).toEqual({
      joinsClusters: false,
      listeners: [
        { name: 'websocket', port: 8080, tls: false },
        { name: 'leafnodes', port: 7422, tls: false },
      ],
      poolSize: 5,
      pinnedAccounts: ['A'],
      restartDigest: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
  });

  test('is no restart when a reload takes all', () => {
    expect(asked('ping_max: 3')?.restartDigest).toBeUndefined();
  });

  test('is told by a digest that only the holder of a password can make', () => {
    const others = { ...plain, system: { ...plain.system, password: 'other' } };
    expect(asked('max_subscriptions: 1', others)?.restartDigest).not.toBe(asked('max_subscriptions: 1')?.restartDigest);
  });

  test('is nothing without one', () => {
    expect(addConfigurationToSpec(spec, plain)).toEqual(spec);
  });
});

describe('a user of the configuration', () => {
  const configured = (user: string) => ownConfiguration(`accounts { A { users [{user: "${user}", password: p}] } }`);

  test.each(['app-2', 'app-17', 'CN=app-2', 'nats-cluster-action-probe'])(
    'is not called as one that the Action makes, or will make in a rotation: %s',
    (user) => {
      const credentials = { ...plain, configuration: configured(user) };
      expect(() => requireFreeUserNames({ clientUser: 'app' }, credentials)).toThrow('config: config:1:');
    },
  );

  test.each(['application', 'app-x', 'app-2x', 'other-2'])('may be called anything else: %s', (user) => {
    const credentials = { ...plain, configuration: configured(user) };
    expect(() => requireFreeUserNames({ clientUser: 'app' }, credentials)).not.toThrow();
  });
});
