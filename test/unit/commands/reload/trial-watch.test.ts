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
const ANYTHING_NEW = { isNews: true, isByJwt: false };
const NOT_ENABLED =
  "JetStream stream '$G > KEEP' is not current: stream assignment error: JetStream not enabled for account (10039)";

describe('a reload reaches or heals', () => {
  test.each<[string, Pick<PodObservation, 'outdated' | 'failure' | 'ailment'>, Partial<typeof ANYTHING_NEW>, boolean]>([
    ['a server that takes its time', outdated(undefined), {}, true],
    ['a server that refuses what it read', outdated('variable reference can not be found'), {}, true],
    [
      'not an option that only a start takes',
      outdated('config reload not supported for jetstream max memory'),
      {},
      false,
    ],
    ['not a server without room for us', failed('ConnectionRefused'), {}, false],
    ['a server that would fill up again', failed('ConnectionRefused'), { isNews: false }, true],
    ['not a server that does not know us', failed('AuthorizationViolation'), {}, false],
    ['not a server where we are not of the system account', failed('NoResponders'), { isNews: false }, false],
    ['a server that refuses credentials of somebody', failed('AuthorizationViolation'), { isByJwt: true }, true],
    ['not a server that shows a certificate nobody trusts', failed('TlsUntrusted'), {}, false],
    ['not a server that shows one that is over', failed('TlsExpired'), {}, false],
    ['a server that nobody reaches', failed('Unreachable'), {}, true],
    ['a server that is slow', failed('Timeout'), {}, true],
    ['not streams of an account without JetStream', { ailment: NOT_ENABLED }, {}, false],
    ['streams that catch up', { ailment: "JetStream stream 'A > B' is not current" }, {}, true],
    ['a server that is well', {}, {}, true],
  ])('%s', (_, seen, circumstances, isReached) => {
    expect(ailmentOf(seen, { ...ANYTHING_NEW, ...circumstances }) === undefined).toBe(isReached);
  });
});

describe('the change is what ails the first server', () => {
  test.each<[string, Pick<PodObservation, 'outdated' | 'failure' | 'ailment'>, Touch, string | undefined]>([
    ['that refuses it', outdated('unknown field "x"'), 'reload', 'ReloadRefused'],
    ['that lets nobody in any more', failed('ConnectionRefused'), 'reload', 'ConnectionRefused'],
    ['that no longer knows us', failed('AuthorizationViolation'), 'restart', 'AuthorizationViolation'],
    ['that shows another certificate', failed('TlsNameMismatch'), 'reload', 'TlsNameMismatch'],
    ['whose streams went away by a reload', { ailment: 'a stream is not current' }, 'reload', 'NotHealthy'],
    ['whose account lost JetStream by a start', { ailment: NOT_ENABLED }, 'restart', 'NotHealthy'],
    [
      'whose streams a start leaves out',
      { ailment: "JetStream stream 'A > B' could not be recovered" },
      'restart',
      'NotHealthy',
    ],
    ['but not one that only a start makes take it', outdated('config reload not supported for x'), 'reload', undefined],
    ['but not one whose streams catch up after a start', { ailment: 'a stream is not current' }, 'restart', undefined],
    ['but not one whose volume is late', outdated(undefined), 'reload', undefined],
    ['but not one that is away', failed('Unreachable'), 'reload', undefined],
  ])('%s', (_, seen, how, reason) => {
    expect(troubleOf(seen, how)?.reason).toBe(reason);
  });
});

describe('watching the first server', () => {
  const PROBLEM = {
    from: 'nats-0',
    to: undefined,
    reason: 'NotObserved',
    message: 'nats-0: not as it must be',
  } as const;
  const shut: PodObservation = { name: 'nats-0', problem: PROBLEM, ...failed('AuthorizationViolation') };

  function watched({ wasSick = false, isHeld = false } = {}) {
    let now = 0;
    const trial = new Trial(() => now);
    trial.touch('nats-0', 'reload', wasSick);
    if (isHeld) trial.hold();
    const watch = new TrialWatch(trial, () => now);
    return (seen: PodObservation, at: number): void => {
      now = at;
      watch.check([seen]);
    };
  }

  test('ends with its words once they are certain', () => {
    const look = watched();
    look(shut, 0);
    look(shut, 4900);
    expect(() => look(shut, 5000)).toThrow('nats-0 was first, and does not hold the change: its words');
  });

  test('begins anew when it was well in between', () => {
    const look = watched();
    look(shut, 0);
    look({ name: 'nats-0' }, 3000);
    look(shut, 4000);
    expect(() => look(shut, 8900)).not.toThrow();
  });

  test.each([
    ['it holds the change', { isHeld: true }],
    ['something ailed it before', { wasSick: true }],
  ])('says nothing where %s', (_, how) => {
    const look = watched(how);
    look(shut, 0);
    expect(() => look(shut, 60_000)).not.toThrow();
  });
});
