import { routeAuthorization } from '../../../src/rotation/route-credentials.ts';
import {
  acceptedBy,
  advanced,
  begun,
  type OverlapTerms,
  presentedBy,
  type Track,
} from '../../../src/rotation/track.ts';

export type Value = 'old' | 'new';

type Accepted = readonly Value[] | 'anyone';

/** What a server works by once it has loaded it. */
export type Load = {
  readonly accepts: Accepted;
  readonly presents: Value;
  /** The leaf comes with its authority certified by the old one. */
  readonly cross: boolean;
};

/** What a client works by once it has read it: whose certificates it verifies, and what it shows of its own. */
export type Reader = { readonly verifies: Accepted; readonly presents: Value | undefined };

/** One thing that is rotated, and everything the exploration assumes about its surroundings. */
export type Rotated = {
  readonly begun: (track: Track<Value>) => Track<Value>;
  readonly advanced: (track: Track<Value>, terms: OverlapTerms) => Track<Value>;
  readonly waitsIn: OverlapTerms['waitsIn'];
  /** Undefined: nobody but the servers themselves uses it. */
  readonly published: ((track: Track<Value>) => Reader) | undefined;
  readonly load: (track: Track<Value>) => Load;
  /** Whether servers show it to each other. */
  readonly betweenServers: boolean;
  /** How many objects a server mounts, written one by one; the first holds the load, others only say that it is new. */
  readonly objects: 1 | 2;
  /** What takes a server for one that has followed: its whole load, or only the last object (a revision tag). */
  readonly proof: 'load' | 'last object';
  /** Which servers a run reloads: those that lack any object, or those that lack the last. */
  readonly reloads: 'any object' | 'last object';
  /** The phases whose end is entered without a proof, for machines that are to fail. */
  readonly unproved: readonly Track<Value>['phase'][];
  /** Whether the proof waits for a server that does not run. */
  readonly waitsForStopped: boolean;
};

const SOUND = {
  begun: (track) => begun(track, 'new'),
  advanced,
  waitsIn: 'overlap',
  objects: 1,
  proof: 'load',
  reloads: 'any object',
  unproved: [],
  waitsForStopped: true,
} as const satisfies Partial<Rotated>;

const certified = (cross: boolean) => (track: Track<Value>) => ({
  accepts: acceptedBy(track),
  presents: presentedBy(track),
  cross: cross && (track.phase === 'swap-leaves' || track.phase === 'overlap'),
});

/** Leaf and trust of every server in one Secret, the bundle clients verify by in another, clients without certificates. */
export const authority: Rotated = {
  ...SOUND,
  load: certified(true),
  published: (track) => ({ verifies: acceptedBy(track), presents: undefined }),
  betweenServers: true,
};

/** Only the servers use it, so nobody is waited for. */
export const routeAuthority: Rotated = { ...authority, load: certified(false), published: undefined };

/** Clients also show a certificate of the same authority. */
export const mutualAuthority: Rotated = {
  ...authority,
  published: (track) => ({ verifies: acceptedBy(track), presents: presentedBy(track) }),
};

/** Nobody can certify the new one by the old one, whose key is not at hand. */
export const authorityWithoutCross: Rotated = { ...authority, load: certified(false), waitsIn: 'trust-both' };

export const mutualAuthorityWithoutCross: Rotated = { ...mutualAuthority, load: certified(false), waitsIn: 'both' };

/** The name and password applications sign in by. */
export const clientUser: Rotated = {
  ...SOUND,
  load: certified(false),
  published: (track) => ({ verifies: 'anyone', presents: presentedBy(track) }),
  betweenServers: false,
};

export const routePassword: Rotated = {
  ...SOUND,
  load: (track) => {
    const { accepted, presented } = routeAuthorization(track);
    return { accepts: accepted === undefined ? 'anyone' : [accepted], presents: presented, cross: false };
  },
  published: undefined,
  betweenServers: true,
};

export function accepts(accepted: Accepted, presented: Value | undefined): boolean {
  return accepted === 'anyone' || presented === undefined || accepted.includes(presented);
}
