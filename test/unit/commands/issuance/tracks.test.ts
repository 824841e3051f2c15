import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  advanceTracks,
  describeRotation,
  determinePhase,
  findNextPhaseTime,
  type Tracks,
} from '../../../../src/commands/issuance/tracks.ts';
import type { Ca, Credentials } from '../../../../src/manifests/material.ts';
import { ROTATION_PHASES, type RotationPhase, type Track } from '../../../../src/rotation/track.ts';
import { DAY_MS, NOW } from '../../support/issued-certificates.ts';
import { inPhase } from '../../support/phases.ts';

const CLIENT_VERIFY = ['none', 'verify', 'verify-and-map'] as const;
const own = { system: { user: 'sys', password: 's' }, probe: { user: 'probe', password: 'p' }, users: [], files: {} };

type State = { readonly phase: RotationPhase; readonly waited: boolean; readonly cross: boolean };
type States = { readonly [Name in keyof typeof IDLE]: State | undefined };
const RESTING: State = { phase: 'idle', waited: false, cross: true };
const IDLE = { client: RESTING, route: RESTING, user: RESTING, routeUser: RESTING };

function authorityTrack({ phase, waited, cross }: State): Track<Ca> {
  const older: Ca = { certificate: 'older', privateKey: 'key', custody: 'cluster', cross: undefined };
  const newer = { ...older, certificate: 'newer', cross: cross ? 'introduction' : undefined };
  return inPhase(phase, older, newer, waited ? NOW : undefined);
}

function userTrack({ phase, waited }: State): Track<Credentials> {
  return inPhase(phase, { user: 'a', password: 'a' }, { user: 'a-2', password: 'b' }, waited ? NOW : undefined);
}

function tracksIn(states: Partial<States>): Tracks {
  const { client, route, user, routeUser } = { ...IDLE, ...states };
  return {
    cas: { client: client && authorityTrack(client), route: route && authorityTrack(route) },
    credentials: { ...own, client: userTrack(user ?? RESTING), route: userTrack(routeUser ?? RESTING) },
  };
}

type Verify = (typeof CLIENT_VERIFY)[number];
const pace = (now: Date, clientVerify: Verify = 'none') => ({ now, caOverlapMs: 7 * DAY_MS, clientVerify });

/** Returns the phases from here to the end of the rotation, in order. `wait` stands for an overlap. */
function storyOf(begun: Tracks, clientVerify: Verify): readonly string[] {
  const story: string[] = [];
  let [tracks, now] = [begun, NOW];
  for (let step = 0; step < 30; step++) {
    const next = advanceTracks(tracks, pace(now, clientVerify));
    if (next !== tracks) {
      story.push(determinePhase(next));
      tracks = next;
      continue;
    }
    const goesOnAt = findNextPhaseTime(tracks, pace(now, clientVerify));
    if (goesOnAt === undefined) return story;
    if (goesOnAt.getTime() <= now.getTime()) throw new Error('waits for what is past');
    story.push('wait');
    now = goesOnAt;
  }
  throw new Error(`never ends: ${story.join(', ')}`);
}

function authorityOf({ client }: Tracks['cas']): Ca {
  if (client === undefined) throw new Error('no authority');
  return client.current;
}

const state = (cross: boolean): State => ({ phase: 'trust-both', waited: false, cross });

describe('a rotation', () => {
  test.each<[string, Partial<States>, Verify, readonly string[]]>([
    [
      'waits after the change for a CA with a cross-signed certificate',
      { client: state(true) },
      'verify',
      ['swap-leaves', 'overlap', 'wait', 'drop-old', 'idle'],
    ],
    [
      'waits before the change for a CA that clients do not know yet',
      { client: state(false) },
      'none',
      ['trust-both', 'wait', 'swap-leaves', 'drop-old', 'idle'],
    ],
    ...(['verify', 'verify-and-map'] as const).map((verify): [string, Partial<States>, Verify, readonly string[]] => [
      'waits before and after the change if clients have certificates of the old CA',
      { client: state(false) },
      verify,
      ['trust-both', 'wait', 'swap-leaves', 'overlap', 'wait', 'drop-old', 'idle'],
    ]),
    ['does not wait for the route CA', { route: state(false) }, 'none', ['swap-leaves', 'drop-old', 'idle']],
    [
      'waits after the change for a client user',
      { user: state(true) },
      'none',
      ['swap-leaves', 'overlap', 'wait', 'drop-old', 'idle'],
    ],
    ['does not wait for route credentials', { routeUser: state(true) }, 'none', ['swap-leaves', 'drop-old', 'idle']],
  ])('%s', (_, states, clientVerify, story) => {
    expect(storyOf(tracksIn(states), clientVerify)).toEqual(story);
  });

  const anyState = fc.record({
    phase: fc.constantFrom(...ROTATION_PHASES),
    waited: fc.boolean(),
    cross: fc.boolean(),
  });
  const states = fc.record({
    client: fc.option(anyState, { nil: undefined }),
    route: fc.option(anyState, { nil: undefined }),
    user: anyState,
    routeUser: anyState,
  });

  test('ends in phase idle after finitely many steps from any state, and every wait has an end', () => {
    fc.assert(
      fc.property(states, fc.constantFrom(...CLIENT_VERIFY), (from, clientVerify) => {
        const tracks = tracksIn(from);
        const isIdle = determinePhase(tracks) === 'idle';
        expect(storyOf(tracks, clientVerify).at(-1)).toBe(isIdle ? undefined : 'idle');
      }),
      { numRuns: 2000 },
    );
  });

  test('advances each track independently of the others', () => {
    fc.assert(
      fc.property(states, fc.constantFrom(...CLIENT_VERIFY), (from, clientVerify) => {
        const together = advanceTracks(tracksIn(from), pace(NOW, clientVerify));
        const alone = advanceTracks(tracksIn({ client: from.client }), pace(NOW, clientVerify));
        expect(together.cas.client).toEqual(alone.cas.client);
        expect(together.credentials).toMatchObject(own);
      }),
    );
  });

  test('returns the same object while it must wait, so that nothing is written', () => {
    const waiting = tracksIn({ client: { phase: 'overlap', waited: true, cross: true } });
    expect(advanceTracks(waiting, pace(new Date(NOW.getTime() + 7 * DAY_MS - 1)))).toBe(waiting);
    expect(advanceTracks(waiting, pace(new Date(NOW.getTime() + 7 * DAY_MS)))).not.toBe(waiting);
    const idle = tracksIn({});
    expect(advanceTracks(idle, pace(NOW))).toBe(idle);
  });

  test('waits in a verifiable phase for the key of the next CA, and continues with the key', () => {
    const { cas, credentials } = tracksIn({ client: { phase: 'trust-both', waited: true, cross: true } });
    const keyless = { ...authorityOf(cas), privateKey: undefined };
    const client = { ...authorityTrack(state(true)), phase: 'trust-both', next: keyless, since: undefined } as const;
    const waiting = { cas: { ...cas, client }, credentials };
    expect(advanceTracks(waiting, pace(new Date(NOW.getTime() + 365 * DAY_MS)))).toBe(waiting);
    expect(advanceTracks({ cas, credentials }, pace(NOW)).cas.client?.phase).toBe('swap-leaves');
  });

  test('continues when the first of its waits is over', () => {
    const later = new Date(NOW.getTime() + DAY_MS);
    const { cas, credentials } = tracksIn({ client: { phase: 'overlap', waited: true, cross: true } });
    const user = inPhase('overlap', credentials.client.current, { user: 'b', password: 'b' }, later);
    const both = { cas, credentials: { ...credentials, client: user } };
    expect(findNextPhaseTime(both, pace(NOW))).toEqual(new Date(NOW.getTime() + 7 * DAY_MS));
    expect(findNextPhaseTime(tracksIn({ route: state(false) }), pace(NOW))).toBeUndefined();
  });
});

describe('the report of a rotation', () => {
  test('names the earliest phase in progress', () => {
    const of = (phase: RotationPhase): State => ({ phase, waited: true, cross: true });
    expect(determinePhase(tracksIn({}))).toBe('idle');
    expect(determinePhase(tracksIn({ client: of('drop-old') }))).toBe('drop-old');
    expect(determinePhase(tracksIn({ client: of('overlap'), user: of('trust-both') }))).toBe('trust-both');
  });

  test('has one line for each track that advanced', () => {
    const before = tracksIn({ client: state(true), user: state(true) });
    const now = advanceTracks(before, pace(NOW));
    expect(describeRotation(before, now)).toEqual([
      'rotation of the CA for clients: swap-leaves (step 2 of 4)',
      'rotation of the client user: swap-leaves (step 2 of 4)',
    ]);
    expect(describeRotation(now, now)).toEqual([]);
    expect(describeRotation(tracksIn({ client: undefined }), tracksIn({ client: undefined }))).toEqual([]);
  });
});
