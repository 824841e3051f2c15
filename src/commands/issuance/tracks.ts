import type { ClientVerify } from '../../cluster/spec.ts';
import type { Authorities, Authority, DeploymentCredentials } from '../../manifests/material.ts';
import {
  advanced,
  goesOnAt,
  type OverlapTerms,
  phaseOf,
  type RotationPhase,
  type Track,
} from '../../rotation/track.ts';

/** Everything of a deployment that two sides have to agree on. */
export type Tracks = { readonly authorities: Authorities; readonly credentials: DeploymentCredentials };

export type Pace = {
  readonly now: Date;
  readonly caOverlapMs: number;
  readonly clientVerify: ClientVerify;
};

/** What only the servers use needs no time to follow. */
const AT_ONCE = { overlapMs: 0, waitsIn: 'overlap' } as const;

/** Every track that may go on is one phase further; the same object when none may. To be asked only after a proof. */
export function advancedTracks(tracks: Tracks, pace: Pace): Tracks {
  const { authorities, credentials } = tracks;
  const atOnce = { ...AT_ONCE, now: pace.now };
  const client = further(authorities.client, pace);
  const route = authorities.route && pastOverlap(authorities.route, atOnce);
  const user = pastOverlap(credentials.client, userTerms(pace));
  const routeUser = pastOverlap(credentials.route, atOnce);
  const isSame =
    client === authorities.client &&
    route === authorities.route &&
    user === credentials.client &&
    routeUser === credentials.route;
  return isSame
    ? tracks
    : { authorities: { client, route }, credentials: { ...credentials, client: user, route: routeUser } };
}

/** Returns the tracks as one run leaves them when every phase is verified: each has ended, or waits. */
export function reachableTracks(tracks: Tracks, pace: Pace): Tracks {
  const next = advancedTracks(tracks, pace);
  return next === tracks ? tracks : reachableTracks(next, pace);
}

/**
 * The kubelet refreshes a mounted Secret within about 90 s (one sync period of 60 s and the TTL of its cache), so clients
 * that read the client Secret from a volume need that long to follow a rotation.
 */
const CLIENTS_FOLLOW_MS = 90_000;

/** Returns who loses access by an overlap that is shorter than clients need to read the client Secret again. */
export function cutOffByOverlap({ authorities, credentials }: Tracks, caOverlapMs: number): readonly string[] {
  if (caOverlapMs >= CLIENTS_FOLLOW_MS) return [];
  const { client } = credentials;
  return [
    ...(authorities.client === undefined || authorities.client.phase === 'idle'
      ? []
      : ['clients that have not read the new `ca.crt`']),
    ...(client.phase === 'idle'
      ? []
      : [
          `clients that still log in as user ${client.phase === 'trust-both' ? client.current.user : client.previous.user}`,
        ]),
  ];
}

/** One line for each track that is in another phase than before. */
export function rotationLines(before: Tracks, now: Tracks): readonly string[] {
  const phases = named(before).map(([, track]) => track?.phase);
  return named(now).flatMap(([name, track], index) =>
    track === undefined || track.phase === phases[index] ? [] : [`rotation of ${name}: ${track.phase}`],
  );
}

function named({ authorities, credentials }: Tracks): readonly (readonly [string, Track<unknown> | undefined])[] {
  return [
    ['the authority for clients', authorities.client],
    ['the authority for routes', authorities.route],
    ['the client user', credentials.client],
    ['the route password', credentials.route],
  ];
}

/** The phase of the rotation as a whole. */
export function rotationPhaseOf(tracks: Tracks): RotationPhase {
  return phaseOf(named(tracks).flatMap(([, track]) => track ?? []));
}

/** Whether what is presented is about to change, or just did: another phase follows as soon as this one is proved. */
export function isTurning(tracks: Tracks): boolean {
  return named(tracks).some(([, track]) => track?.phase === 'trust-both' || track?.phase === 'swap-leaves');
}

/** When the first of the tracks that wait goes on. */
export function rotationGoesOnAt({ authorities, credentials }: Tracks, pace: Pace): Date | undefined {
  const client = authorities.client;
  const dates = [
    client === undefined || isKeyless(client) ? undefined : goesOnAt(client, authorityTerms(client, pace)),
    goesOnAt(credentials.client, userTerms(pace)),
  ].filter((date) => date !== undefined);
  return dates.toSorted((left, right) => left.getTime() - right.getTime())[0];
}

/** An authority that can sign nothing now can neither be proved to be trusted nor be changed to. */
function further(track: Track<Authority> | undefined, pace: Pace): Track<Authority> | undefined {
  return track === undefined || isKeyless(track) ? track : pastOverlap(track, authorityTerms(track, pace));
}

function isKeyless(track: Track<Authority>): boolean {
  return track.phase === 'trust-both' && track.next.privateKey === undefined;
}

/** Nothing is written or reloaded for an overlap that is over as soon as it begins. */
function pastOverlap<Value>(track: Track<Value>, terms: OverlapTerms): Track<Value> {
  const next = advanced(track, terms);
  return track.phase === 'swap-leaves' && next.phase === 'overlap' ? advanced(next, terms) : next;
}

/**
 * An authority that its predecessor introduces may be presented at once; clients must first learn of any other, and
 * then those with certificates of their own replace them.
 */
function authorityTerms(track: Track<Authority>, { now, caOverlapMs, clientVerify }: Pace): OverlapTerms {
  const newest = track.phase === 'trust-both' ? track.next : track.current;
  const unintroduced = clientVerify === 'none' ? 'trust-both' : 'both';
  return { now, overlapMs: caOverlapMs, waitsIn: newest.cross === undefined ? unintroduced : 'overlap' };
}

function userTerms({ now, caOverlapMs }: Pace): OverlapTerms {
  return { now, overlapMs: caOverlapMs, waitsIn: 'overlap' };
}
