export type ServerVersion = {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** `RC.1` of `2.14.0-RC.1`. */
  readonly preRelease: string | undefined;
};

const VERSION = /^v?(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})(?:-([0-9A-Za-z.-]{1,64}))?$/;

/** A release as `varz.version` and INFO write it, with or without `v`; undefined for anything else. */
export function parseServerVersion(text: string): ServerVersion | undefined {
  const match = VERSION.exec(text);
  return match === null
    ? undefined
    : { major: Number(match[1]), minor: Number(match[2]), patch: Number(match[3]), preRelease: match[4] };
}

/** The release that the tag of an image names, as `nats:2.15.2-alpine`; undefined for other tags and for digests. */
export function imageRelease(image: string): ServerVersion | undefined {
  const [named = ''] = image.split('@', 1);
  const tag = /:([^:/]+)$/.exec(named)?.[1];
  return tag === undefined ? undefined : parseServerVersion(tag.replace(/-(alpine|scratch|linux).*/, ''));
}

/**
 * Returns the release that an image of nats-server promises by its tag; undefined where the tag need not be one of
 * nats-server's, because the repository has another name or the number is of another kind (`nats:2025.11.3`).
 */
export function promisedRelease(image: string): ServerVersion | undefined {
  const release = imageRelease(image);
  const repository = (image.split('@', 1)[0] ?? '').replace(/:[^:/]*$/, '');
  const isNats = /(?:^|\/)nats(?:-server)?$/.test(repository);
  return isNats && release !== undefined && release.major < 10 ? release : undefined;
}

/** Returns whether both are the same release; a pre-release is another one than its release. */
export function isEqualRelease(one: ServerVersion, other: ServerVersion): boolean {
  return (
    one.major === other.major &&
    one.minor === other.minor &&
    one.patch === other.patch &&
    one.preRelease === other.preRelease
  );
}

/**
 * Returns whether `stored` may be the image `asked` under another name: a mirror's, or pinned by a digest. Where no
 * release can be read, the release that the server reports decides later.
 */
export function isSameRelease(asked: string, stored: string): boolean {
  const [one, other] = [asked, stored].map(imageParts);
  if (one === undefined || other === undefined) return false;
  if (one.digest !== undefined) return one.digest === other.digest;
  if (one.tag === other.tag) return true;
  if (other.tag === undefined) return other.digest !== undefined;
  const [release, stated] = [imageRelease(asked), imageRelease(stored)];
  return release !== undefined && stated !== undefined && isEqualRelease(release, stated);
}

function imageParts(image: string): { readonly tag: string | undefined; readonly digest: string | undefined } {
  const [name = '', digest] = image.split('@', 2);
  return { tag: /:([^:/]+)$/.exec(name)?.[1], digest };
}

/** Whether a newer release is there; a pre-release counts as its release. */
export function isOlder(release: ServerVersion, than: ServerVersion): boolean {
  return !isAtLeast(release, than.major, than.minor, than.patch);
}

/** Returns the newest of these releases as it was written; undefined without one that can be read. */
export function newestRelease(releases: readonly string[]): string | undefined {
  return releases.reduce<string | undefined>((newest, text) => {
    const [release, known] = [parseServerVersion(text), newest === undefined ? undefined : parseServerVersion(newest)];
    if (release === undefined) return newest;
    return known === undefined || isOlder(known, release) ? text : newest;
  }, undefined);
}

/** Within a minor release stores are read by older ones too; a newer minor may write what older ones do not read. */
export function isOlderMinor(release: ServerVersion, than: ServerVersion): boolean {
  return release.major !== than.major ? release.major < than.major : release.minor < than.minor;
}

/** 2.10 brought `$SYS…RELOAD`, pooled routes and reliable remote names. */
export function isSupported(version: ServerVersion): boolean {
  return isAtLeast(version, 2, 10, 0);
}

/** Since then servers with different pool sizes accept each other (nats-server `server/route.go`, `effectivePoolSize`). */
export function acceptsOtherPoolSizes(version: ServerVersion): boolean {
  return isAtLeast(version, 2, 11, 2);
}

/** Since then servers raise the memory of JetStream by a reload (nats-server `server/reload.go`, `jetStreamLimitsOption`). */
export function raisesMemoryByReload(version: ServerVersion): boolean {
  return isAtLeast(version, 2, 12, 7);
}

/** A pre-release counts as its release: it already has what the release brings. */
function isAtLeast(version: ServerVersion, major: number, minor: number, patch: number): boolean {
  return version.major !== major
    ? version.major > major
    : version.minor !== minor
      ? version.minor > minor
      : version.patch >= patch;
}
