import { describe, expect, test } from '@jest/globals';
import type { Track } from '../../../src/rotation/track.ts';
import { explore } from '../support/exploration.ts';
import {
  authority,
  authorityWithoutCross,
  clientUser,
  mutualAuthority,
  mutualAuthorityWithoutCross,
  type Rotated,
  routeCa,
  routePassword,
  type Value,
} from '../support/rotated.ts';

/** The limit for a busy machine; a quiet one needs some seconds for the largest case. */
const LIMIT_MS = 120_000;

describe('in no reachable state is a server or a client refused, and every one leads to the end', () => {
  test.each([
    ['an authority', 2, authority],
    ['an authority', 3, authority],
    ['the route authority', 2, routeCa],
    ['the route authority', 3, routeCa],
    ['the route authority', 5, routeCa],
    ['an authority that also certifies clients', 2, mutualAuthority],
    ['an authority that also certifies clients', 3, mutualAuthority],
    ['an authority without a cross certificate', 2, authorityWithoutCross],
    ['an authority without a cross certificate', 3, authorityWithoutCross],
    ['an authority without a cross certificate that also certifies clients', 2, mutualAuthorityWithoutCross],
    ['a client user', 2, clientUser],
    ['a client user', 3, clientUser],
    ['the route password', 2, routePassword],
    ['the route password', 3, routePassword],
    ['the route password', 5, routePassword],
    ['the route authority with an overlap that ends as it begins', 3, { ...routeCa, unproved: ['overlap'] }],
    ['the route password with an overlap that ends as it begins', 3, { ...routePassword, unproved: ['overlap'] }],
    ['an authority beside a configuration in a Secret of its own', 2, { ...mutualAuthority, objects: 2 }],
  ] as const)(
    '%s of up to %d servers',
    (_, size, rotated) => {
      const { states, violation } = explore(rotated, size);
      expect(violation).toBeUndefined();
      expect(states).toBeGreaterThan(500);
    },
    LIMIT_MS,
  );
});

/** Presents the next value as soon as it is accepted. */
const impatient = (track: Track<Value>): Track<Value> =>
  track.phase === 'trust-both' ? { phase: 'swap-leaves', current: track.next, previous: track.current } : track;

const PEER_REFUSED = /^a server .*refuse/;
const EARLIER_CLIENT = 'a client that read earlier is refused';

describe('the exploration finds what is wrong with a machine that', () => {
  test.each<readonly [string, Rotated, string | RegExp]>([
    ['swaps leaves before everyone trusts both', { ...authority, unproved: ['trust-both'] }, PEER_REFUSED],
    ['drops the old one before everyone swapped', { ...routeCa, unproved: ['swap-leaves', 'overlap'] }, PEER_REFUSED],
    [
      'publishes the new trust alone before everyone swapped',
      { ...authority, unproved: ['swap-leaves', 'overlap'] },
      'a client of today is refused',
    ],
    [
      'writes the new leaf before the trust in it',
      { ...authority, begun: (track) => impatient(authority.begun(track)) },
      PEER_REFUSED,
    ],
    ['does not wait for a server that is down', { ...authority, waitsForStopped: false }, PEER_REFUSED],
    [
      'takes the revision tag for the proof, which may reach a volume before the certificates',
      { ...authority, objects: 2, proof: 'last object' },
      PEER_REFUSED,
    ],
    [
      'swaps leaves without a cross certificate before clients could follow',
      { ...authorityWithoutCross, waitsIn: 'overlap' },
      EARLIER_CLIENT,
    ],
    [
      'counts the time before the change from the beginning of the run',
      {
        ...authorityWithoutCross,
        begun: (track) => {
          const next = authorityWithoutCross.begun(track);
          return next.phase === 'trust-both' ? { ...next, since: new Date(0) } : next;
        },
      },
      EARLIER_CLIENT,
    ],
    [
      "drops the old authority at once while clients' certificates are of it",
      { ...mutualAuthorityWithoutCross, waitsIn: 'trust-both' },
      EARLIER_CLIENT,
    ],
    ['removes the old user before clients could follow', { ...clientUser, waitsIn: 'trust-both' }, EARLIER_CLIENT],
    [
      'publishes the next user before servers accept it',
      { ...clientUser, published: (track) => ({ verifies: 'anyone', presents: nextOf(track) }) },
      'a client of today is refused',
    ],
    [
      'changes the route password while servers ask for one',
      {
        ...routePassword,
        load: ({ current }) => ({ accepts: [current], presents: current, cross: false }),
      },
      PEER_REFUSED,
    ],
    [
      'asks for the new route password before everyone shows it',
      { ...routePassword, unproved: ['swap-leaves', 'overlap'] },
      PEER_REFUSED,
    ],
    [
      'shows the new route password before everyone has stopped asking for the old',
      { ...routePassword, unproved: ['trust-both'] },
      PEER_REFUSED,
    ],
    [
      'reloads only servers without the revision tag, which may reach a volume before the certificates',
      { ...authority, objects: 2, reloads: 'last object' },
      'a run that nothing disturbs does not end the rotation',
    ],
    [
      'never leaves the overlap',
      {
        ...authority,
        advanced: (track, terms) => (track.phase === 'overlap' ? track : authority.advanced(track, terms)),
      },
      'a run that nothing disturbs does not end the rotation',
    ],
  ])('%s', (_, rotated, rule) => {
    const { violation } = explore(rotated, 2);
    expect(violation?.rule).toMatch(rule);
    expect(violation?.trace.at(0)).toBe('start');
  });

  test('a client user needs no time before the change: whoever reads late still reads one that is accepted', () => {
    expect(explore({ ...clientUser, waitsIn: 'both' }, 2).violation).toBeUndefined();
  });
});

function nextOf(track: Track<Value>): Value {
  return track.phase === 'trust-both' ? track.next : track.current;
}
