import { describe, expect, test } from '@jest/globals';
import type { PodObservation, ServerState } from '../../../../src/commands/pods/pod-observation.ts';
import { ailmentOf } from '../../../../src/commands/reload/ailments.ts';
import { type Touch, Trial, TrialWatch, troubleOf } from '../../../../src/commands/reload/trial.ts';
import type { ServerFailure } from '../../../../src/servers/failure.ts';
import { reloadsMesh } from '../../support/reloads-mesh.ts';

const [state] = [...reloadsMesh().states.values()];

function outdated(refusal: string | undefined): { readonly outdated: ServerState } {
  if (state === undefined) throw new Error('no server');
  return { outdated: { ...state, refusal } };
}

const failed = (reason: ServerFailure['reason']) => ({ failure: { reason, message: 'its words' } });
const ANYTHING_NEW = { isNewState: true, isByJwt: false };
const NOT_ENABLED =
  "JetStream stream '$G > KEEP' is not current: stream assignment error: JetStream not enabled for account (10039)";

describe('the need for a restart', () => {
  test.each<[string, Pick<PodObservation, 'outdated' | 'failure' | 'ailment'>, Partial<typeof ANYTHING_NEW>, boolean]>([
    ['does not exist for a slow server', outdated(undefined), {}, true],
    ['does not exist for a server that rejects the content', outdated('variable reference can not be found'), {}, true],
    [
      'exists for an option that only a start applies',
      outdated('config reload not supported for jetstream max memory'),
      {},
      false,
    ],
    [
      'exists for a server that refuses our connection because its limit is reached',
      failed('ConnectionRefused'),
      {},
      false,
    ],
    [
      'does not exist for a server whose limit would be reached again',
      failed('ConnectionRefused'),
      { isNewState: false },
      true,
    ],
    ['exists for a server that rejects our user', failed('AuthorizationViolation'), {}, false],
    [
      'exists for a server on which our user is not in the system account',
      failed('NoResponders'),
      { isNewState: false },
      false,
    ],
    [
      'does not exist for a server that rejects the credentials of the user',
      failed('AuthorizationViolation'),
      { isByJwt: true },
      true,
    ],
    ['exists for a server with an untrusted certificate', failed('TlsUntrusted'), {}, false],
    ['exists for a server with an expired certificate', failed('TlsExpired'), {}, false],
    ['does not exist for an unreachable server', failed('Unreachable'), {}, true],
    ['does not exist for a server that times out', failed('Timeout'), {}, true],
    ['exists for streams of an account without JetStream', { ailment: NOT_ENABLED }, {}, false],
    ['does not exist for streams that catch up', { ailment: "JetStream stream 'A > B' is not current" }, {}, true],
    ['does not exist for a healthy server', {}, {}, true],
  ])('%s', (_, seen, circumstances, isReached) => {
    expect(ailmentOf(seen, { ...ANYTHING_NEW, ...circumstances }) === undefined).toBe(isReached);
  });
});

describe('the change is to blame for the state of the first server', () => {
  test.each<[string, Pick<PodObservation, 'outdated' | 'failure' | 'ailment'>, Touch, string | undefined]>([
    ['if the server rejects it', outdated('unknown field "x"'), 'reload', 'ReloadRefused'],
    ['if the server accepts no connections any more', failed('ConnectionRefused'), 'reload', 'ConnectionRefused'],
    ['if the server no longer accepts our user', failed('AuthorizationViolation'), 'restart', 'AuthorizationViolation'],
    ['if the server presents another certificate', failed('TlsNameMismatch'), 'reload', 'TlsNameMismatch'],
    ['if streams are lost after a reload', { ailment: 'a stream is not current' }, 'reload', 'NotHealthy'],
    ['if an account lost JetStream at a start', { ailment: NOT_ENABLED }, 'restart', 'NotHealthy'],
    [
      'if streams could not be recovered at a start',
      { ailment: "JetStream stream 'A > B' could not be recovered" },
      'restart',
      'NotHealthy',
    ],
    ['but not if only a start applies it', outdated('config reload not supported for x'), 'reload', undefined],
    ['but not if streams catch up after a start', { ailment: 'a stream is not current' }, 'restart', undefined],
    ['but not if the volume is late', outdated(undefined), 'reload', undefined],
    ['but not if the server is unreachable', failed('Unreachable'), 'reload', undefined],
  ])('%s', (_, seen, how, reason) => {
    expect(troubleOf(seen, how)?.reason).toBe(reason);
  });
});

describe('the observation of the first server', () => {
  const PROBLEM = {
    from: 'nats-0',
    to: undefined,
    reason: 'NotObserved',
    message: 'nats-0: not as it must be',
  } as const;
  const shut: PodObservation = { name: 'nats-0', problem: PROBLEM, ...failed('AuthorizationViolation') };

  function watched({ wasSick = false, isVerified = false } = {}) {
    let now = 0;
    const trial = new Trial(() => now);
    trial.touch('nats-0', 'reload', wasSick);
    if (isVerified) trial.markVerified();
    const watch = new TrialWatch(trial, () => now);
    return (seen: PodObservation, at: number): void => {
      now = at;
      watch.check([seen]);
    };
  }

  test('ends the run with the message of the server once it is certain', () => {
    const look = watched();
    look(shut, 0);
    look(shut, 4900);
    expect(() => look(shut, 5000)).toThrow('nats-0 was the first server with the change, and failed: its words');
  });

  test('starts again if the server was healthy in between', () => {
    const look = watched();
    look(shut, 0);
    look({ name: 'nats-0' }, 3000);
    look(shut, 4000);
    expect(() => look(shut, 8900)).not.toThrow();
  });

  test.each([
    ['the change was accepted', { isVerified: true }],
    ['the server had a problem before', { wasSick: true }],
  ])('does not end the run if %s', (_, how) => {
    const look = watched(how);
    look(shut, 0);
    expect(() => look(shut, 60_000)).not.toThrow();
  });
});
