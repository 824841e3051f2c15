import type { ClientVerify } from '../../cluster/spec.ts';
import type { Ca, Cas, DeploymentCredentials } from '../../manifests/material.ts';
import {
  advanceRotation,
  computeNextPhaseTime,
  findEarliestPhase,
  type OverlapRule,
  ROTATION_PHASES,
  type RotationPhase,
  type Track,
} from '../../rotation/track.ts';

/** The CAs and credentials of a deployment, each with the phase of its rotation. */
export type Tracks = { readonly cas: Cas; readonly credentials: DeploymentCredentials };

export type Pace = {
  readonly now: Date;
  readonly caOverlapMs: number;
  readonly clientVerify: ClientVerify;
};

/** The overlap of values that only the servers use. It has no duration, because no client has to follow. */
const AT_ONCE = { overlapMs: 0, waitsIn: 'overlap' } as const;

/**
 * Moves each track that may continue into its next phase. Returns the same object when no track may continue. The
 * caller verifies the present phase first.
 */
export function advanceTracks(tracks: Tracks, pace: Pace): Tracks {
  const { cas, credentials } = tracks;
  const atOnce = { ...AT_ONCE, now: pace.now };
  const client = advanceCa(cas.client, pace);
  const route = cas.route && advancePastOverlap(cas.route, atOnce);
  const user = advancePastOverlap(credentials.client, decideUserOverlap(pace));
  const routeUser = advancePastOverlap(credentials.route, atOnce);
  const isSame =
    client === cas.client && route === cas.route && user === credentials.client && routeUser === credentials.route;
  return isSame ? tracks : { cas: { client, route }, credentials: { ...credentials, client: user, route: routeUser } };
}

/** Returns the tracks as one run leaves them if it verifies every phase: each rotation has ended, or waits. */
export function advanceTracksFully(tracks: Tracks, pace: Pace): Tracks {
  const next = advanceTracks(tracks, pace);
  return next === tracks ? tracks : advanceTracksFully(next, pace);
}

/**
 * The time that clients need to follow a rotation if they read the client Secret from a volume. The kubelet refreshes a
 * mounted Secret within about 90 s (one sync period of 60 s and the TTL of its cache).
 */
const CLIENTS_FOLLOW_MS = 90_000;

/**
 * Returns the clients that lose access because an overlap is shorter than clients need to read the client Secret again.
 */
export function findCutOffClients({ cas, credentials }: Tracks, caOverlapMs: number): readonly string[] {
  if (caOverlapMs >= CLIENTS_FOLLOW_MS) return [];
  const { client } = credentials;
  return [
    ...(cas.client === undefined || cas.client.phase === 'idle' ? [] : ['clients that have not read the new `ca.crt`']),
    ...(client.phase === 'idle'
      ? []
      : [
          `clients that still log in as user ${client.phase === 'trust-both' ? client.current.user : client.previous.user}`,
        ]),
  ];
}

/** Returns one line for each track that is in another phase than before. */
export function describeRotation(before: Tracks, now: Tracks): readonly string[] {
  const phases = nameTracks(before).map(([, track]) => track?.phase);
  return nameTracks(now).flatMap(([name, track], index) =>
    track === undefined || track.phase === phases[index] ? [] : [`rotation of ${name}: ${describePhase(track.phase)}`],
  );
}

/** Returns the name of a phase and its number within a rotation. */
function describePhase(phase: RotationPhase): string {
  const step = ROTATION_PHASES.indexOf(phase);
  return step === 0 ? phase : `${phase} (step ${step} of ${ROTATION_PHASES.length - 1})`;
}

function nameTracks({ cas, credentials }: Tracks): readonly (readonly [string, Track<unknown> | undefined])[] {
  return [
    ['the CA for clients', cas.client],
    ['the CA for routes', cas.route],
    ['the client user', credentials.client],
    ['the route password', credentials.route],
  ];
}

/** Returns the phase of the rotation as a whole. */
export function determinePhase(tracks: Tracks): RotationPhase {
  return findEarliestPhase(nameTracks(tracks).flatMap(([, track]) => track ?? []));
}

/**
 * Checks whether a track is in a phase that only lasts until it is verified: a presented value is about to change, or
 * has just changed.
 */
export function isTurning(tracks: Tracks): boolean {
  return nameTracks(tracks).some(([, track]) => track?.phase === 'trust-both' || track?.phase === 'swap-leaves');
}

/** Returns the time at which the first of the waiting tracks continues; undefined when none waits. */
export function findNextPhaseTime({ cas, credentials }: Tracks, pace: Pace): Date | undefined {
  const client = cas.client;
  const dates = [
    client === undefined || isKeyless(client) ? undefined : computeNextPhaseTime(client, decideCaOverlap(client, pace)),
    computeNextPhaseTime(credentials.client, decideUserOverlap(pace)),
  ].filter((date) => date !== undefined);
  return dates.toSorted((left, right) => left.getTime() - right.getTime())[0];
}

/**
 * Returns the track of a CA, one phase further if it may continue. It waits while the key of the next CA is missing,
 * because that CA can then sign neither certificates for the checks nor new leaf certificates.
 */
function advanceCa(track: Track<Ca> | undefined, pace: Pace): Track<Ca> | undefined {
  return track === undefined || isKeyless(track) ? track : advancePastOverlap(track, decideCaOverlap(track, pace));
}

function isKeyless(track: Track<Ca>): boolean {
  return track.phase === 'trust-both' && track.next.privateKey === undefined;
}

/**
 * Returns the track in its next phase. Skips an overlap that has already ended, because it needs no write or reload.
 */
function advancePastOverlap<Value>(track: Track<Value>, terms: OverlapRule): Track<Value> {
  const next = advanceRotation(track, terms);
  return track.phase === 'swap-leaves' && next.phase === 'overlap' ? advanceRotation(next, terms) : next;
}

/**
 * Returns the overlap of a CA. Servers may present a cross-signed CA at once. Before they present any other CA, clients
 * need time to read it; clients with certificates of their own then need time to replace these.
 */
function decideCaOverlap(track: Track<Ca>, { now, caOverlapMs, clientVerify }: Pace): OverlapRule {
  const newest = track.phase === 'trust-both' ? track.next : track.current;
  const withoutCross = clientVerify === 'none' ? 'trust-both' : 'both';
  return { now, overlapMs: caOverlapMs, waitsIn: newest.cross === undefined ? withoutCross : 'overlap' };
}

function decideUserOverlap({ now, caOverlapMs }: Pace): OverlapRule {
  return { now, overlapMs: caOverlapMs, waitsIn: 'overlap' };
}
