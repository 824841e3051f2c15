export type ServerVersion = {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** The part after the hyphen: `RC.1` of `2.14.0-RC.1`. */
  readonly preRelease: string | undefined;
};

const VERSION = /^v?(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})(?:-([0-9A-Za-z.-]{1,64}))?$/;

/** Parses a release as `varz.version` and INFO write it, with or without `v`; returns undefined for anything else. */
export function parseServerVersion(text: string): ServerVersion | undefined {
  const match = VERSION.exec(text);
  return match === null
    ? undefined
    : { major: Number(match[1]), minor: Number(match[2]), patch: Number(match[3]), preRelease: match[4] };
}

/**
 * Returns the release that the tag of an image names, for example of `nats:2.15.2-alpine`; undefined for other tags and
 * for digests.
 */
export function parseImageRelease(image: string): ServerVersion | undefined {
  const [named = ''] = image.split('@', 1);
  const tag = /:([^:/]+)$/.exec(named)?.[1];
  return tag === undefined ? undefined : parseServerVersion(tag.replace(/-(alpine|scratch|linux).*/, ''));
}

/**
 * Returns the release that the tag of a nats-server image names. Returns undefined if the tag may name another product,
 * because the repository has another name or the number is of another kind (`nats:2025.11.3`).
 */
export function parseNatsRelease(image: string): ServerVersion | undefined {
  const release = parseImageRelease(image);
  const repository = (image.split('@', 1)[0] ?? '').replace(/:[^:/]*$/, '');
  const isNats = /(?:^|\/)nats(?:-server)?$/.test(repository);
  return isNats && release !== undefined && release.major < 10 ? release : undefined;
}

/** Checks whether both are the same release; a pre-release is different from its release. */
export function isEqualRelease(one: ServerVersion, other: ServerVersion): boolean {
  return (
    one.major === other.major &&
    one.minor === other.minor &&
    one.patch === other.patch &&
    one.preRelease === other.preRelease
  );
}

/**
 * Checks whether `stored` may be the image `asked` under another name: from a mirror, or pinned by a digest. If no
 * release can be read, the release that the server reports decides later.
 */
export function isSameRelease(asked: string, stored: string): boolean {
  const [one, other] = [asked, stored].map(splitImage);
  if (one === undefined || other === undefined) return false;
  if (one.digest !== undefined) return one.digest === other.digest;
  if (one.tag === other.tag) return true;
  if (other.tag === undefined) return other.digest !== undefined;
  const [release, stated] = [parseImageRelease(asked), parseImageRelease(stored)];
  return release !== undefined && stated !== undefined && isEqualRelease(release, stated);
}

function splitImage(image: string): { readonly tag: string | undefined; readonly digest: string | undefined } {
  const [name = '', digest] = image.split('@', 2);
  return { tag: /:([^:/]+)$/.exec(name)?.[1], digest };
}

/** Checks whether `release` is older than `than`; a pre-release counts as its release. */
export function isOlder(release: ServerVersion, than: ServerVersion): boolean {
  return !isAtLeast(release, than.major, than.minor, than.patch);
}

/** Returns the newest of these releases as it was written; undefined if none can be read. */
export function findNewestRelease(releases: readonly string[]): string | undefined {
  return releases.reduce<string | undefined>((newest, text) => {
    const [release, known] = [parseServerVersion(text), newest === undefined ? undefined : parseServerVersion(newest)];
    if (release === undefined) return newest;
    return known === undefined || isOlder(known, release) ? text : newest;
  }, undefined);
}

/**
 * Checks whether `release` is of an older minor release than `than`. Older releases of the same minor release can read
 * a store too; a newer minor release may write what older ones do not read.
 */
export function isOlderMinor(release: ServerVersion, than: ServerVersion): boolean {
  return release.major !== than.major ? release.major < than.major : release.minor < than.minor;
}

/**
 * Checks whether the release is supported. Older releases lack `$SYS…RELOAD`, pooled routes and reliable remote names.
 */
export function isSupported(version: ServerVersion): boolean {
  return isAtLeast(version, 2, 10, 0);
}

/** The `DEFAULT_ROUTE_POOL_SIZE` of nats-server `server/const.go`. */
export const DEFAULT_POOL_SIZE = 3;

/**
 * Checks whether servers with different pool sizes accept each other, as they do since 2.11.2 (nats-server
 * `server/route.go`, `effectivePoolSize`).
 */
export function acceptsOtherPoolSizes(version: ServerVersion): boolean {
  return isAtLeast(version, 2, 11, 2);
}

/**
 * Checks whether servers raise the memory of JetStream by a reload, as they do since 2.12.7 (nats-server
 * `server/reload.go`, `jetStreamLimitsOption`).
 */
export function raisesMemoryByReload(version: ServerVersion): boolean {
  return isAtLeast(version, 2, 12, 7);
}

/** Compares with a release. A pre-release counts as its release, because it already has what the release brings. */
function isAtLeast(version: ServerVersion, major: number, minor: number, patch: number): boolean {
  return version.major !== major
    ? version.major > major
    : version.minor !== minor
      ? version.minor > minor
      : version.patch >= patch;
}
