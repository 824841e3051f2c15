import {
  advanceRotation,
  beginRotation,
  decideRouteAuthorization,
  listAccepted,
  type OverlapRule,
  selectPresented,
  type Track,
} from '../../../src/rotation/track.ts';

export type Value = 'old' | 'new';

type Accepted = readonly Value[] | 'anyone';

/** The values that a server uses after it has loaded them. */
export type Load = {
  readonly accepts: Accepted;
  readonly presents: Value;
  /** True if the leaf certificate comes with its CA, cross-signed by the old one. */
  readonly cross: boolean;
};

/**
 * The values that a client uses after it has read them: the CAs that it trusts, and its own certificate or credentials.
 */
export type Reader = { readonly verifies: Accepted; readonly presents: Value | undefined };

/** One kind of rotation, and all assumptions of the exploration about its environment. */
export type Rotated = {
  readonly begun: (track: Track<Value>) => Track<Value>;
  readonly advanced: (track: Track<Value>, terms: OverlapRule) => Track<Value>;
  readonly waitsIn: OverlapRule['waitsIn'];
  /** The content that is published for clients; undefined if only the servers use it. */
  readonly published: ((track: Track<Value>) => Reader) | undefined;
  readonly load: (track: Track<Value>) => Load;
  /** True if servers present the rotated value to each other. */
  readonly betweenServers: boolean;
  /**
   * The number of objects that a server mounts. The run writes them one by one. The first one has the content; the
   * others only show that the content is new.
   */
  readonly objects: 1 | 2;
  /** The check that a server has loaded the change: all objects, or only the last one (a revision tag). */
  readonly proof: 'load' | 'last object';
  /** The servers that a run reloads: those that lack any object, or those that lack the last. */
  readonly reloads: 'any object' | 'last object';
  /**
   * The phases after which the next one begins without a check, for state machines in which the exploration must find
   * an error.
   */
  readonly unverified: readonly Track<Value>['phase'][];
  /** True if the check also waits for servers that do not run. */
  readonly waitsForStopped: boolean;
};

const SOUND = {
  begun: (track) => beginRotation(track, 'new'),
  advanced: advanceRotation,
  waitsIn: 'overlap',
  objects: 1,
  proof: 'load',
  reloads: 'any object',
  unverified: [],
  waitsForStopped: true,
} as const satisfies Partial<Rotated>;

const certified = (cross: boolean) => (track: Track<Value>) => ({
  accepts: listAccepted(track),
  presents: selectPresented(track),
  cross: cross && (track.phase === 'swap-leaves' || track.phase === 'overlap'),
});

/**
 * The client CA: leaf certificate and trust of every server in one Secret, the bundle for clients in another, clients
 * without certificates.
 */
export const authority: Rotated = {
  ...SOUND,
  load: certified(true),
  published: (track) => ({ verifies: listAccepted(track), presents: undefined }),
  betweenServers: true,
};

/** The route CA: only the servers use it, so the run does not wait for clients. */
export const routeCa: Rotated = { ...authority, load: certified(false), published: undefined };

/** The client CA with client certificates of the same CA. */
export const mutualAuthority: Rotated = {
  ...authority,
  published: (track) => ({ verifies: listAccepted(track), presents: selectPresented(track) }),
};

/** The client CA without a cross-signed certificate, because the key of the old one is not available. */
export const authorityWithoutCross: Rotated = { ...authority, load: certified(false), waitsIn: 'trust-both' };

export const mutualAuthorityWithoutCross: Rotated = { ...mutualAuthority, load: certified(false), waitsIn: 'both' };

/** The name and password by which applications authenticate. */
export const clientUser: Rotated = {
  ...SOUND,
  load: certified(false),
  published: (track) => ({ verifies: 'anyone', presents: selectPresented(track) }),
  betweenServers: false,
};

export const routePassword: Rotated = {
  ...SOUND,
  load: (track) => {
    const { accepted, presented } = decideRouteAuthorization(track);
    return { accepts: accepted === undefined ? 'anyone' : [accepted], presents: presented, cross: false };
  },
  published: undefined,
  betweenServers: true,
};

export function accepts(accepted: Accepted, presented: Value | undefined): boolean {
  return accepted === 'anyone' || presented === undefined || accepted.includes(presented);
}
