import { describe, expect, test } from '@jest/globals';
import type { PodObservation } from '../../../../src/commands/pods/pod-observation.ts';
import { Repairs } from '../../../../src/commands/reload/repairs.ts';
import { Trial } from '../../../../src/commands/reload/trial.ts';
import { sampleOf } from '../../support/mesh-sample.ts';
import { expectedServers, patchedApi, reloadsMesh } from '../../support/reloads-mesh.ts';

const PROBLEM = { to: undefined, reason: 'NotObserved', message: 'not as it must be' } as const;
const REFUSED = { reason: 'ConnectionRefused', message: "-ERR 'maximum connections exceeded'" } as const;

const full = (name: string, uid = name): PodObservation => {
  return { name, uid, failure: REFUSED, problem: { from: name, ...PROBLEM } };
};
const failing = (reason: 'Unreachable' | 'HandshakeBroken'): PodObservation => {
  return { ...full('nats-0'), failure: { reason, message: 'the connection closed' } };
};
const well = (name: string, uid = `${name} anew`): PodObservation => ({ name, uid });
const gone = (name: string): PodObservation => ({ name, problem: { from: name, ...PROBLEM } });

/** The milliseconds between two observations. They are longer than the time after which a verdict is certain. */
const ROUND_MS = 5000;

/**
 * Returns a server outside the meta group, with the words of a real nats-server. A real one is in this state in about
 * one of fifteen starts and never on demand, so a fake is used.
 */
const outside = (name: string, uid = name): PodObservation => {
  const words = 'is not a member of the JetStream meta group, which has 2 of 3 servers';
  return { name, uid, outsider: { name, words } };
};

function scene({ isNewState = true } = {}) {
  let now = 0;
  const [removed, lines]: [string[], string[]] = [[], []];
  const trial = new Trial(() => now);
  const api = {
    ...patchedApi(() => {}),
    remove: async ({ name }: { readonly name: string }, { uid }: { readonly uid?: string }) => {
      removed.push(`${name} ${uid}`);
      return true;
    },
  };
  const repairs = new Repairs(expectedServers(api).access, {
    trial,
    isNewState,
    info: (line) => lines.push(line),
    now: () => now,
  });
  const look = async (...seen: readonly PodObservation[]): Promise<boolean> => {
    now += ROUND_MS;
    return await repairs.next(seen);
  };
  const looks = async (rounds: number, ...seen: readonly PodObservation[]): Promise<void> => {
    for (let round = 0; round < rounds; round++) await look(...seen);
  };
  return { removed, lines, trial, repairs, look, looks };
}

describe('the servers that a reload cannot repair', () => {
  test('are restarted one at a time, each when the one before is back', async () => {
    const { removed, trial, look } = scene();
    expect(await look(full('nats-0'), full('nats-1'))).toBe(false);
    expect(await look(full('nats-0'), full('nats-1'))).toBe(true);
    expect(await look(gone('nats-0'), full('nats-1'))).toBe(true);
    expect(await look(well('nats-0'), full('nats-1'))).toBe(true); // nats-0 was the first server, and is not verified yet.
    expect(removed).toEqual(['nats-0 nats-0']);
    trial.markVerified();
    expect(await look(well('nats-0'), full('nats-1'))).toBe(true);
    expect(removed).toEqual(['nats-0 nats-0', 'nats-1 nats-1']);
    expect(await look(well('nats-0'), well('nats-1'))).toBe(false);
  });

  test.each(['reload', 'restart'] as const)(
    'are restarted one at a time even after the first was verified by a %s',
    async (how) => {
      const { removed, trial, look } = scene();
      trial.touch('nats-2', how, false);
      trial.markVerified();
      await look(full('nats-0'), full('nats-1'));
      await look(full('nats-0'), full('nats-1'));
      expect(await look(gone('nats-0'), full('nats-1'))).toBe(true);
      expect(removed).toEqual(['nats-0 nats-0']);
    },
  );

  test('are restarted when the server before is back and lacks only the next one', async () => {
    const { removed, look } = scene();
    const ailment = "JetStream stream '$G > KEEP' is not current: JetStream not enabled for account (10039)";
    const without = (name: string): PodObservation => ({
      name,
      uid: name,
      ailment,
      problem: { from: name, ...PROBLEM },
    });
    const [observation] = sampleOf(1);
    if (observation === undefined) throw new Error('no server');
    const lonely: PodObservation = {
      ...without('nats-1'),
      uid: 'nats-1 anew',
      ailment: "JetStream stream '$G > KEEP' is not current: group node unhealthy",
      observation,
    };
    for (let turn = 0; turn < 3; turn++) await look(without('nats-1'), without('nats-2'));
    expect(removed).toEqual(['nats-1 nats-1']);
    expect(await look(lonely, without('nats-2'))).toBe(true);
    expect(removed).toEqual(['nats-1 nats-1']);
    await look(lonely, without('nats-2'));
    await look(lonely, without('nats-2'));
    expect(removed).toEqual(['nats-1 nats-1', 'nats-2 nats-2']);
  });

  test.each<[string, PodObservation, readonly string[]]>([
    ['a connection between two refusals does not reach the server', failing('Unreachable'), ['nats-0 nats-0']],
    ['the server answers between two refusals', well('nats-0', 'nats-0'), []],
  ])('are restarted after refusals for some time, or not: %s', async (_, between, expected) => {
    const { removed, look } = scene();
    const refusal = failing('HandshakeBroken');
    for (let turn = 0; turn < 3; turn++) {
      await look(refusal);
      await look(between);
    }
    await look(refusal);
    expect(removed).toEqual(expected);
  });

  test('are not restarted if the limit of connections would be reached again', async () => {
    const { removed, look } = scene({ isNewState: false });
    await look(full('nats-0'));
    await look(full('nats-0'));
    expect(removed).toEqual([]);
  });

  test('are not restarted while another server tries the change', async () => {
    const { removed, trial, look } = scene();
    trial.touch('nats-1', 'reload', false);
    await look(full('nats-0'));
    await look(full('nats-0'));
    expect(removed).toEqual([]);
  });

  test('are not restarted if the change itself caused the problem', async () => {
    const { removed, trial, look } = scene();
    trial.touch('nats-0', 'reload', false);
    await look(full('nats-0'));
    await look(full('nats-0'));
    expect(removed).toEqual([]);
  });

  test('are restarted if they apply a change only at a start, including the first server', async () => {
    const { removed, trial, look } = scene();
    const [state] = [...reloadsMesh().states.values()];
    if (state === undefined) throw new Error('no server');
    const outdated = { ...state, refusal: 'config reload not supported for jetstream max memory and max store' };
    trial.touch('nats-0', 'reload', false);
    await look({ ...gone('nats-0'), uid: 'nats-0', outdated });
    expect(removed).toEqual(['nats-0 nats-0']);
    expect(trial.how()).toBe('restart');
  });

  test('are restarted if they had the problem before the change', async () => {
    const { removed, trial, look } = scene();
    trial.touch('nats-0', 'reload', true);
    await look(full('nats-0'));
    await look(full('nats-0'));
    expect(removed).toEqual(['nats-0 nats-0']);
  });

  test('end the wait if a restart does not help', async () => {
    const { look } = scene();
    await look(full('nats-0'));
    await look(full('nats-0'));
    await look(full('nats-0', 'another'));
    await expect(look(full('nats-0', 'another'))).rejects.toMatchObject({
      code: 'ROLLOUT_STALLED',
      reason: 'NotHealed',
      message: "nats-0 was restarted, but the problem remains: -ERR 'maximum connections exceeded'",
    });
  });
});

describe('the servers outside of the meta group', () => {
  test('are restarted after 15 s, and the log says why', async () => {
    const { removed, lines, looks } = scene({ isNewState: false });
    await looks(3, well('nats-0'), outside('nats-1'));
    expect(removed).toEqual([]);
    await looks(1, well('nats-0'), outside('nats-1'));
    expect(removed).toEqual(['nats-1 nats-1']);
    const why = 'is not a member of the JetStream meta group, which has 2 of 3 servers';
    expect(lines).toEqual([`restarting nats-1, because a reload cannot repair it: ${why}`]);
  });

  test('are not restarted for repeated short absences', async () => {
    const { removed, looks } = scene();
    for (let turn = 0; turn < 5; turn++) {
      await looks(3, outside('nats-1'));
      await looks(1, well('nats-1', 'nats-1'));
    }
    expect(removed).toEqual([]);
  });

  test('are restarted one at a time, each 15 s after the one before has joined the meta group', async () => {
    const { removed, trial, looks } = scene();
    await looks(4, outside('nats-1'), outside('nats-2'));
    await looks(4, gone('nats-1'), well('nats-2', 'nats-2'));
    trial.markVerified();
    await looks(4, outside('nats-1', 'anew'), outside('nats-2'));
    expect(removed).toEqual(['nats-1 nats-1']);
    await looks(1, well('nats-1'), outside('nats-2'));
    expect(removed).toEqual(['nats-1 nats-1', 'nats-2 nats-2']);
  });

  test('wait for the server that tries the change', async () => {
    const { removed, trial, looks } = scene();
    trial.touch('nats-2', 'restart', false);
    await looks(4, outside('nats-1'));
    expect(removed).toEqual([]);
    trial.markVerified();
    await looks(1, outside('nats-1'));
    expect(removed).toEqual(['nats-1 nats-1']);
  });

  test('are restarted a second time later than five minutes after the first, because they may have left the group', async () => {
    const { removed, looks } = scene();
    await looks(4, outside('nats-1'));
    await looks(66, outside('nats-1', 'anew'));
    expect(removed).toEqual(['nats-1 nats-1']);
    await looks(1, outside('nats-1', 'anew'));
    expect(removed).toEqual(['nats-1 nats-1', 'nats-1 anew']);
  });

  test('end the wait if they stay outside for longer than that after their second restart', async () => {
    const { removed, look, looks } = scene();
    await looks(4, outside('nats-1'));
    await looks(67, outside('nats-1', 'anew'));
    await looks(66, outside('nats-1', 'third'));
    await expect(look(outside('nats-1', 'third'))).rejects.toMatchObject({
      code: 'ROLLOUT_STALLED',
      reason: 'NotHealed',
      message:
        'nats-1 was restarted, but the problem remains: is not a member of the JetStream meta group, which has 2 of 3 servers',
    });
    expect(removed).toEqual(['nats-1 nats-1', 'nats-1 anew']);
  });
});
