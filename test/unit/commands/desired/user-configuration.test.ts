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
function after({ configuration, previousConfiguration }: DeploymentCredentials, verified: Own) {
  const digest = digestConfiguration({ ...plain, ...(verified === undefined ? {} : { configuration: verified }) });
  return liveState({
    stored: storedMaterial({ system: plain.system, configuration: configuration?.texts, previousConfiguration }),
    verifiedDeployment: { image: 'nats', settings: '{}', ...(digest === undefined ? {} : { configuration: digest }) },
  });
}

describe('the configuration that a rollback restores', () => {
  test.each<readonly [string, readonly Own[], Own]>([
    ['the previous one', [a, b], a],
    ['the verified one, after two that failed', [a, b, c], a],
    ['none, if there was none', [undefined, b], undefined],
    ['the previous one, of which the last run kept nothing', [a, undefined], a],
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

  test('is refused as drift if it is no longer stored', () => {
    const live = after(addConfiguration(plain, b, liveState()), a);
    expect(() => readVerifiedConfiguration(live)).toThrow(expect.objectContaining({ code: 'DRIFT' }));
  });
});

test('a repeated deployment keeps the stored previous configuration', () => {
  const second = addConfiguration(plain, b, after(addConfiguration(plain, a, liveState()), a));
  expect(addConfiguration(plain, b, after(second, b))).toEqual(second);
});

describe('the stored configuration of the last deployment', () => {
  test('is read with the files that it includes', () => {
    const including = readTexts({ input: 'i', file: 'f', text: 'include "x"', included: new Map([['x', 'y: 1']]) });
    expect(parseStoredConfiguration(including.texts)).toEqual(including);
  });

  test.each(['', '{', 'null', '[]', '{"input":"config","file":"f","text":"a: 1"}', '{"text":1}'])(
    'with the value %j is refused as unreadable, without quoting the value',
    (texts) => {
      expect(() => parseStoredConfiguration(texts)).toThrow(
        expect.objectContaining({ code: 'DRIFT', reason: 'ConfigurationUnreadable' }),
      );
    },
  );

  test('with a syntax error from a manual edit is refused as unreadable', () => {
    const edited = JSON.stringify({ input: 'config', file: 'config', text: 'a {', included: [] });
    expect(() => parseStoredConfiguration(edited)).toThrow(expect.objectContaining({ code: 'DRIFT' }));
  });
});

describe('the influence of a custom configuration on other objects', () => {
  const asked = (text: string, credentials = plain) =>
    addConfigurationToSpec(spec, { ...credentials, configuration: ownConfiguration(text) }).configuration;

  test('covers ports, the routes between servers, and a restart', () => {
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

  test('does not include a restart if a reload applies the change', () => {
    expect(asked('ping_max: 3')?.restartDigest).toBeUndefined();
  });

  test('uses a digest that depends on a secret password, so that nobody can guess the configuration', () => {
    const others = { ...plain, system: { ...plain.system, password: 'other' } };
    expect(asked('max_subscriptions: 1', others)?.restartDigest).not.toBe(asked('max_subscriptions: 1')?.restartDigest);
  });

  test('is empty without a custom configuration', () => {
    expect(addConfigurationToSpec(spec, plain)).toEqual(spec);
  });
});

describe('the name of a user in a custom configuration', () => {
  const configured = (user: string) => ownConfiguration(`accounts { A { users [{user: "${user}", password: p}] } }`);

  test.each(['app-2', 'app-17', 'CN=app-2', 'nats-cluster-action-probe'])(
    'must not be the name of a generated user, now or after a rotation: %s',
    (user) => {
      const credentials = { ...plain, configuration: configured(user) };
      expect(() => requireFreeUserNames({ clientUser: 'app' }, credentials)).toThrow('config: config:1:');
    },
  );

  test.each(['application', 'app-x', 'app-2x', 'other-2'])('may be any other name: %s', (user) => {
    const credentials = { ...plain, configuration: configured(user) };
    expect(() => requireFreeUserNames({ clientUser: 'app' }, credentials)).not.toThrow();
  });
});
