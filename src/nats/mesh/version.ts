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

/** Whether a newer release is there; a pre-release counts as its release. */
export function isOlder(release: ServerVersion, than: ServerVersion): boolean {
  return !isAtLeast(release, than.major, than.minor, than.patch);
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

/** A pre-release counts as its release: it already has what the release brings. */
function isAtLeast(version: ServerVersion, major: number, minor: number, patch: number): boolean {
  return version.major !== major
    ? version.major > major
    : version.minor !== minor
      ? version.minor > minor
      : version.patch >= patch;
}
