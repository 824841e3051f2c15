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
} from '../support/rotation-kinds.ts';

/** The time limit, for a busy machine. An idle machine needs some seconds for the largest case. */
const LIMIT_MS = 120_000;

describe('a rotation', () => {
  test.each([
    ['a CA', 2, authority],
    ['a CA', 3, authority],
    ['the route CA', 2, routeCa],
    ['the route CA', 3, routeCa],
    ['the route CA', 5, routeCa],
    ['a CA that also signs client certificates', 2, mutualAuthority],
    ['a CA that also signs client certificates', 3, mutualAuthority],
    ['a CA without a cross-signed certificate', 2, authorityWithoutCross],
    ['a CA without a cross-signed certificate', 3, authorityWithoutCross],
    ['a CA without a cross-signed certificate that also signs client certificates', 2, mutualAuthorityWithoutCross],
    ['a client user', 2, clientUser],
    ['a client user', 3, clientUser],
    ['the route password', 2, routePassword],
    ['the route password', 3, routePassword],
    ['the route password', 5, routePassword],
    ['the route CA with an overlap of no duration', 3, { ...routeCa, unverified: ['overlap'] }],
    ['the route password with an overlap of no duration', 3, { ...routePassword, unverified: ['overlap'] }],
    ['a CA, and a configuration in another Secret', 2, { ...mutualAuthority, objects: 2 }],
  ] as const)(
    'refuses no server and no client in any state, and every state leads to the end: %s, up to %d servers',
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

describe('the exploration finds the error of a state machine that', () => {
  test.each<readonly [string, Rotated, string | RegExp]>([
    [
      'changes certificates before every server trusts both CAs',
      { ...authority, unverified: ['trust-both'] },
      PEER_REFUSED,
    ],
    [
      'removes the old CA before every server has changed',
      { ...routeCa, unverified: ['swap-leaves', 'overlap'] },
      PEER_REFUSED,
    ],
    [
      'removes the old CA from the trust bundle before every server has changed',
      { ...authority, unverified: ['swap-leaves', 'overlap'] },
      'a client of today is refused',
    ],
    [
      'writes the new certificate before the new trust bundle',
      { ...authority, begun: (track) => impatient(authority.begun(track)) },
      PEER_REFUSED,
    ],
    ['does not wait for an unavailable server', { ...authority, waitsForStopped: false }, PEER_REFUSED],
    [
      'takes the revision tag as evidence, although the tag may reach a volume before the certificates',
      { ...authority, objects: 2, proof: 'last object' },
      PEER_REFUSED,
    ],
    [
      'changes certificates without a cross-signed certificate before clients trust the new CA',
      { ...authorityWithoutCross, waitsIn: 'overlap' },
      EARLIER_CLIENT,
    ],
    [
      'counts the wait before the change from the beginning of the run',
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
      'removes the old CA at once while client certificates come from it',
      { ...mutualAuthorityWithoutCross, waitsIn: 'trust-both' },
      EARLIER_CLIENT,
    ],
    ['removes the old user before clients have the new one', { ...clientUser, waitsIn: 'trust-both' }, EARLIER_CLIENT],
    [
      'publishes the next user before servers accept it',
      { ...clientUser, published: (track) => ({ verifies: 'anyone', presents: nextOf(track) }) },
      'a client of today is refused',
    ],
    [
      'changes the route password while servers require one',
      {
        ...routePassword,
        load: ({ current }) => ({ accepts: [current], presents: current, cross: false }),
      },
      PEER_REFUSED,
    ],
    [
      'requires the new route password before every server sends it',
      { ...routePassword, unverified: ['swap-leaves', 'overlap'] },
      PEER_REFUSED,
    ],
    [
      'sends the new route password before every server has stopped requiring the old one',
      { ...routePassword, unverified: ['trust-both'] },
      PEER_REFUSED,
    ],
    [
      'reloads only servers without the revision tag, although the tag may reach a volume before the certificates',
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

  test('a rotation of the client user needs no wait before the change, because an outdated client still uses an accepted user', () => {
    expect(explore({ ...clientUser, waitsIn: 'both' }, 2).violation).toBeUndefined();
  });
});

function nextOf(track: Track<Value>): Value {
  return track.phase === 'trust-both' ? track.next : track.current;
}
