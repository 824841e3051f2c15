import { describe, expect, test } from '@jest/globals';
import { deploymentCredentials } from '../../../src/commands/passwords.ts';
import { hasCode } from '../../../src/errors.ts';
import type { DeployInputs } from '../../../src/inputs/inputs.ts';
import { deployInputs } from './deploy-inputs.ts';
import { storedMaterial } from './stored-material.ts';

const client = { user: 'nats_client_user', password: 'canary-stored-client' };
const route = { user: 'nats_route_user', password: 'canary-stored-route' };
const system = { user: 'sys', password: 'canary-stored-system' };
const probe = { user: 'probe', password: 'canary-stored-probe' };
const stored = storedMaterial({ clientCredentials: client, systemCredentials: { system, probe, route } });

describe('passwords of a deployment', () => {
  test('what is stored is kept', () => {
    expect(deploymentCredentials(deployInputs(), stored)).toEqual({ client, system: { system, probe, route } });
  });

  test('what is given counts where nothing is stored', () => {
    const inputs = deployInputs({ clientUser: 'app', clientPassword: 'given', routeUser: 'r', routePassword: 'too' });
    expect(deploymentCredentials(inputs, storedMaterial())).toMatchObject({
      client: { user: 'app', password: 'given' },
      system: { route: { user: 'r', password: 'too' } },
    });
  });

  test('what is neither given nor stored is new: long, and no two alike', () => {
    const passwords = [1, 2].flatMap(() => {
      const { client: one, system: rest } = deploymentCredentials(deployInputs(), storedMaterial());
      return [one, rest.system, rest.probe, rest.route].map(({ password }) => password);
    });
    expect(new Set(passwords).size).toBe(8);
    passwords.forEach((password) => expect(password).toMatch(/^[\w-]{32}$/));
  });

  test('a half-done run is finished: what it stored is kept, the rest is new', () => {
    const half = storedMaterial({ systemCredentials: { system, probe: undefined, route: undefined } });
    const credentials = deploymentCredentials(deployInputs(), half);
    expect(credentials.system.system).toEqual(system);
    expect(credentials.system.probe.password).not.toBe('');
  });

  test('giving what is stored changes nothing', () => {
    const inputs = deployInputs({ clientPassword: client.password, routePassword: route.password });
    expect(deploymentCredentials(inputs, stored)).toMatchObject({ client, system: { route } });
  });

  test.each<[string, Partial<DeployInputs>, string]>([
    ['another client password', { clientPassword: 'canary-given' }, 'client-password'],
    ['another client user', { clientUser: 'other' }, 'client-user'],
    ['another route password', { routePassword: 'canary-given' }, 'route-password'],
    ['another route user', { routeUser: 'other', routePassword: 'canary-given' }, 'route-user'],
  ])('%s is refused while the stored one is in use, and no password is told', (_, overrides, input) => {
    try {
      deploymentCredentials(deployInputs(overrides), stored);
    } catch (error) {
      if (!hasCode(error, 'CHANGE_FORBIDDEN')) throw error;
      expect(error.reason).toBe('CredentialsInUse');
      expect(error.message).toContain(input);
      expect(error.hint).toContain(input);
      expect(JSON.stringify([error.message, error.hint, error.details])).not.toContain('canary');
      return;
    }
    throw new Error('was not refused');
  });
});
