import type { Ca } from '../../manifests/material.ts';
import type { StoredMaterial } from '../../manifests/stored-material.ts';
import { parseCertificates } from '../../pki/certificate.ts';
import { listAccepted, type Track } from '../../rotation/track.ts';
import {
  buildDesired,
  buildLaterPhases,
  type buildNextDesired,
  type Desired,
  requireRequestedCertificates,
} from '../desired/desired.ts';
import { describeRotation, type Tracks } from '../issuance/tracks.ts';

type PhaseOptions = Parameters<typeof buildNextDesired>[0];

/**
 * Returns every state, in the order in which they are applied and verified.
 * @throws ActionError CHANGE_FORBIDDEN when certificates cannot be issued as asked (`requireRequestedCertificates`).
 */
export async function planPhases(
  options: PhaseOptions,
  tracks: Tracks,
  stored: StoredMaterial,
): Promise<readonly [Desired, ...Desired[]]> {
  const first = await buildDesired(options, tracks, stored);
  await requireRequestedCertificates(options, first);
  return [first, ...(await buildLaterPhases(options, first))];
}

/**
 * Returns one line for each phase that a rotation goes through, including a rotation that begins with this deployment.
 */
export function describePhases(phases: readonly Desired[], stored: StoredMaterial): readonly string[] {
  const tracks = phases.map((phase) => phase.tracks);
  const [first] = tracks;
  if (first === undefined) return [];
  return tracks.flatMap((now, index) => describeRotation(tracks[index - 1] ?? readTracksBefore(first, stored), now));
}

/** Returns the tracks before this deployment. A new track counts as idle. */
function readTracksBefore({ cas, credentials }: Tracks, stored: StoredMaterial): Tracks {
  const before = <Value>(known: Track<Value> | undefined, now: Track<Value>): Track<Value> =>
    known ?? { phase: 'idle', current: now.current };
  const { client, route } = cas;
  return {
    cas: {
      client: client && before(stored.clientCa, client),
      route: route && before(stored.routeCa, route),
    },
    credentials: {
      ...credentials,
      client: before(stored.client, credentials.client),
      route: before(stored.route, credentials.route),
    },
  };
}

/**
 * Returns one line for each issued certificate with the reason, new CAs first. A new CA is called by its purpose,
 * because `deploy` will generate another one with another name.
 */
export function describeCertificates(phases: readonly Desired[], stored: StoredMaterial): readonly string[] {
  const known = new Set([stored.clientCa, stored.routeCa].flatMap((track) => subjectsOf(track)));
  const fresh = phases.flatMap(({ tracks: { cas } }) =>
    (['client', 'route'] as const).flatMap((purpose) =>
      subjectsOf(cas[purpose], isGenerated)
        .filter((subject) => !known.has(subject))
        .map((subject) => ({ purpose, subject })),
    ),
  );
  const named = (line: string): string =>
    fresh.reduce((text, { subject }) => text.replaceAll(subject, 'the new CA'), line);
  const lines = [
    ...fresh.map(({ purpose }) => `CA for ${purpose}s: a new one`),
    ...phases.flatMap(({ issued }) => issued.issued).map(named),
  ];
  return [...new Set(lines)];
}

const isGenerated = ({ custody }: Ca): boolean => custody === 'cluster';

function subjectsOf(track: Track<Ca> | undefined, which: (authority: Ca) => boolean = () => true) {
  const cas = track === undefined ? [] : listAccepted(track).filter(which);
  return cas.flatMap(({ certificate }) =>
    parseCertificates(certificate, 'ca.crt')
      .slice(0, 1)
      .map(({ subject }) => subject),
  );
}
