import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { beginReplacement, prepareCredentials } from '../../../../src/commands/issuance/credentials.ts';
import { hasCode } from '../../../../src/errors/action-error.ts';
import type { DeployInputs } from '../../../../src/inputs/inputs.ts';
import type { Credentials } from '../../../../src/manifests/material.ts';
import {
  decideRouteAuthorization,
  listAccepted,
  ROTATION_PHASES,
  type RotationPhase,
} from '../../../../src/rotation/track.ts';
import { deployInputs } from '../../support/deploy-inputs.ts';
import { inPhase } from '../../support/phases.ts';
import { storedMaterial } from '../../support/stored-material.ts';

const app = { user: 'app', password: 'canary-stored-client' };
const peer = { user: 'peer', password: 'canary-stored-route' };
const system = { user: 'sys', password: 'canary-stored-system' };
const probe = { user: 'probe', password: 'canary-stored-probe' };
const idle = (current: Credentials) => ({ phase: 'idle', current }) as const;
const held = { client: idle(app), route: idle(peer), system, probe, users: [], files: {} };
const kept = { client: held.client, route: held.route, system, probe };
const stored = storedMaterial(kept);

/** Returns the inputs of a step that knows these users. */
const given = (overrides: Partial<DeployInputs> = {}) =>
  deployInputs({ clientUser: 'app', routeUser: 'peer', ...overrides });

describe('the users of a cluster', () => {
  test('are kept as stored, in any phase', () => {
    expect(prepareCredentials(given(), stored)).toEqual(held);
    for (const phase of ROTATION_PHASES) {
      const tracks = {
        client: inPhase(phase, app, { user: 'app-2', password: 'b' }),
        route: inPhase(phase, peer, { user: 'peer', password: 'b' }),
      };
      expect(prepareCredentials(given(), storedMaterial({ ...kept, ...tracks }))).toEqual({ ...held, ...tracks });
    }
  });

  test('come from the inputs if nothing is stored', () => {
    const inputs = given({ clientPassword: 'given', routePassword: 'too' });
    expect(prepareCredentials(inputs, storedMaterial())).toMatchObject({
      client: idle({ user: 'app', password: 'given' }),
      route: idle({ user: 'peer', password: 'too' }),
    });
  });

  test('are generated if they are neither given nor stored, with long and unique passwords', () => {
    const passwords = [1, 2].flatMap(() => {
      const { client, route, ...own } = prepareCredentials(given(), storedMaterial());
      return [client.current, route.current, own.system, own.probe].map(({ password }) => password);
    });
    expect(new Set(passwords).size).toBe(8);
    passwords.forEach((password) => expect(password).toMatch(/^[\w-]{32}$/));
  });

  test('are completed after a run that stored only a part of them', () => {
    const credentials = prepareCredentials(given(), storedMaterial({ system }));
    expect(credentials.system).toEqual(system);
    expect([credentials.probe.password, credentials.client.current.password]).not.toContain('');
  });

  test('stay the same if the given values are those stored', () => {
    const inputs = given({ clientPassword: app.password, routePassword: peer.password });
    expect(prepareCredentials(inputs, stored)).toEqual(held);
  });

  test.each(['app-2', 'app-10'])('stay the same if %s is the rotated form of the given app', (user) => {
    const rotated = storedMaterial({ ...kept, client: idle({ user, password: 'p' }) });
    expect(prepareCredentials(given(), rotated).client.phase).toBe('idle');
    expect(prepareCredentials(given({ clientPassword: 'p' }), rotated).client.phase).toBe('idle');
  });

  test.each(['other', 'app-x', 'app-', 'application', 'ap'])(
    'change to %s in a rotation that begins with app',
    (clientUser) => {
      const { client } = prepareCredentials(given({ clientUser }), stored);
      expect(client).toMatchObject({ phase: 'trust-both', current: app, next: { user: clientUser } });
      expect(listAccepted(client)).toHaveLength(2);
    },
  );

  test('do not change to another client user before the rotation in progress ends', () => {
    const client = inPhase('overlap', app, { user: 'app-2', password: 'b' });
    const inputs = given({ clientUser: 'other' });
    expect(prepareCredentials(inputs, storedMaterial({ ...kept, client })).client).toEqual(client);
  });

  test.each<[string, Partial<DeployInputs>, Partial<Credentials>]>([
    ['another route password', { routePassword: 'new' }, { user: 'peer', password: 'new' }],
    ['another route user', { routeUser: 'other', routePassword: 'new' }, { user: 'other', password: 'new' }],
    ['another route user without a password', { routeUser: 'other' }, { user: 'other' }],
  ])('change by the phases of a rotation for %s, so that no server rejects another', (_, overrides, next) => {
    const { route } = prepareCredentials(given(overrides), stored);
    expect(route).toMatchObject({ phase: 'trust-both', current: peer, next });
    expect(decideRouteAuthorization(route)).toEqual({ accepted: undefined, presented: peer });
  });
});

describe('another password for the current client user', () => {
  const attempt = (overrides: Partial<DeployInputs>, phase: RotationPhase = 'idle'): unknown => {
    const client = inPhase(phase, app, { user: 'app-2', password: 'canary-next' });
    try {
      return prepareCredentials(given(overrides), storedMaterial({ ...kept, client }));
    } catch (error) {
      return error;
    }
  };

  test.each(ROTATION_PHASES)('is refused in phase %s, without quoting a password', (phase) => {
    const error = attempt({ clientPassword: 'canary-given' }, phase);
    if (!hasCode(error, 'CHANGE_FORBIDDEN')) throw new Error('was not refused');
    expect(error.reason).toBe('CredentialsInUse');
    expect(error.details.problems).toMatchObject([{ object: 'client-password', reason: 'CredentialsInUse' }]);
    expect(error.hint).toContain('allow: outage');
    expect(JSON.stringify([error.message, error.hint, error.details])).not.toContain('canary');
  });

  test('is applied in place with `allow: outage`, for the same user name', () => {
    const client = idle({ user: 'app', password: 'new' });
    expect(attempt({ clientPassword: 'new', allow: ['outage'] })).toMatchObject({ client });
  });

  test('is refused during a rotation, even with `allow: outage`', () => {
    expect(attempt({ clientPassword: 'new', allow: ['outage'] }, 'overlap')).toMatchObject({
      code: 'CHANGE_FORBIDDEN',
    });
  });
});

describe('the users after a rotation', () => {
  const both = { client: true, route: true };

  test.each([
    ['app', 'app', 'app-2'],
    ['app-2', 'app', 'app-3'],
    ['app-9', 'app', 'app-10'],
    ['other', 'app', 'app-2'],
    ['app-2', 'app-2', 'app-2-2'],
  ])('after %s, with %s given, are named %s', (current, clientUser, next) => {
    const client = idle({ user: current, password: 'p' });
    const replaced = beginReplacement(given({ clientUser }), { ...held, client }, both);
    expect(replaced.client).toMatchObject({ phase: 'trust-both', next: { user: next } });
  });

  test('have new passwords, or the given one if it is new', () => {
    const replaced = beginReplacement(given(), held, both);
    expect(replaced).toMatchObject({
      client: { next: { password: expect.stringMatching(/^[\w-]{32}$/) } },
      route: { next: { user: 'peer', password: expect.stringMatching(/^[\w-]{32}$/) } },
    });
    const withGiven = beginReplacement(given({ clientPassword: 'given' }), held, both);
    expect(withGiven).toMatchObject({ client: { next: { password: 'given' } } });
    const withKnown = beginReplacement(given({ clientPassword: app.password }), held, both);
    expect(withKnown).not.toMatchObject({ client: { next: { password: app.password } } });
  });

  test('are only the requested ones, and a rotation in progress continues', () => {
    expect(beginReplacement(given(), held, { client: false, route: false })).toEqual(held);
    const client = inPhase('swap-leaves', app, { user: 'app-2', password: 'b' });
    expect(beginReplacement(given(), { ...held, client }, both).client).toEqual(client);
  });

  test('are recognized by the next run with the same inputs, after any number of rotations', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/), fc.integer({ min: 1, max: 12 }), (clientUser, times) => {
        let client = idle({ user: clientUser, password: 'p' });
        for (let time = 0; time < times; time++) {
          const begun = beginReplacement(given({ clientUser }), { ...held, client }, both).client;
          client = idle(begun.phase === 'trust-both' ? begun.next : begun.current);
        }
        const again = prepareCredentials(given({ clientUser }), storedMaterial({ ...kept, client }));
        expect(again.client).toEqual(client);
        expect(client.current.user).toBe(`${clientUser}-${times + 1}`);
      }),
    );
  });
});

describe('the additional users', () => {
  const users = [{ user: 'app-2', password: 'canary-user' }];

  test('are exactly those of the input', () => {
    expect(prepareCredentials(given({ users }), stored).users).toEqual(users);
    expect(prepareCredentials(given(), stored).users).toEqual([]);
  });

  test.each([
    ['the client user', () => prepareCredentials(given({ users, clientUser: 'app-2' }), storedMaterial())],
    ['the next client user', () => beginReplacement(given(), { ...held, users }, { client: true, route: false })],
  ])('are refused with the name of %s', (_, decide) => {
    const error = caught(decide);
    expect(hasCode(error, 'CHANGE_FORBIDDEN') && error.reason).toBe('UserNameTaken');
    expect(Error.isError(error) && error.message).not.toContain('canary');
  });
});

function caught(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}
