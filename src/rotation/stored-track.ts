import { ActionError, type ObjectProblem } from '../errors/action-error.ts';
import type { Track } from './track.ts';

type Texts = Readonly<Record<string, string>>;

/** A pattern for a time as `Date.toISOString` writes it. */
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/**
 * Converts a track to texts of a Secret. `writeValue` encodes its values under `<prefix>` (current), `<prefix>-next`
 * and `<prefix>-previous`. The key `<prefix>-rotation` holds the phase: `trust-both`, `swap-leaves`, `overlap` or
 * `drop-old`. The time at which a wait began follows the phase: `overlap 2026-11-23T00:00:00.000Z`. An idle track has
 * no such key.
 */
export function encodeTrack<Value>(
  track: Track<Value>,
  prefix: string,
  writeValue: (prefix: string, value: Value) => Texts,
): Texts {
  const current = writeValue(prefix, track.current);
  const phase = (...words: readonly string[]): Texts => ({ [phaseKey(prefix)]: [track.phase, ...words].join(' ') });
  switch (track.phase) {
    case 'idle':
      return current;
    case 'trust-both': {
      const since = track.since === undefined ? [] : [track.since.toISOString()];
      return { ...current, ...writeValue(nextPrefix(prefix), track.next), ...phase(...since) };
    }
    case 'swap-leaves':
    case 'drop-old':
      return { ...current, ...writeValue(previousPrefix(prefix), track.previous), ...phase() };
    case 'overlap':
      return {
        ...current,
        ...writeValue(previousPrefix(prefix), track.previous),
        ...phase(track.since.toISOString()),
      };
  }
}

/**
 * Reads the track that `encodeTrack` wrote; returns undefined if there is neither a current value nor a rotation.
 * @throws ActionError ROTATION_UNSAFE when a rotation is in progress and its phase is unreadable: a guess could remove
 * a value that servers or clients still need.
 */
export function decodeTrack<Value>(
  texts: Texts,
  prefix: string,
  readValue: (prefix: string) => Value | undefined,
): Track<Value> | undefined {
  const text = texts[phaseKey(prefix)];
  if (text === undefined) {
    const current = readValue(prefix);
    return current === undefined ? undefined : { phase: 'idle', current };
  }
  const value = (of: string): Value => readValue(of) ?? refuseMissing(prefix, of);
  const [phase, instant, ...more] = text.split(' ');
  const since = instant === undefined ? undefined : parseInstant(instant);
  if (more.length > 0 || (since === undefined) !== (instant === undefined)) return refuseUnreadable(prefix);
  if (phase === 'trust-both') return { phase, current: value(prefix), next: value(nextPrefix(prefix)), since };
  const roles = () => ({ current: value(prefix), previous: value(previousPrefix(prefix)) });
  if (phase === 'overlap') return { phase, ...roles(), since: since ?? refuseUnreadable(prefix) };
  if ((phase === 'swap-leaves' || phase === 'drop-old') && since === undefined) return { phase, ...roles() };
  return refuseUnreadable(prefix);
}

const phaseKey = (prefix: string): string => `${prefix}-rotation`;
const nextPrefix = (prefix: string): string => `${prefix}-next`;
const previousPrefix = (prefix: string): string => `${prefix}-previous`;

/** Parses a time. The calendar is checked too, because `Date` moves the 30th of February into March. */
function parseInstant(text: string): Date | undefined {
  const date = new Date(INSTANT.test(text) ? text : Number.NaN);
  return Number.isNaN(date.getTime()) || date.toISOString() !== text ? undefined : date;
}

/** Throws an error without the text itself, because a value in the wrong place of a Secret may be secret. */
function refuseUnreadable(prefix: string): never {
  const forms = 'trust-both, trust-both <instant>, swap-leaves, overlap <instant> or drop-old';
  const message = `does not hold a rotation phase, expected ${forms}, with an instant such as 2026-11-23T00:00:00.000Z`;
  throw createUnsafeError(prefix, { object: phaseKey(prefix), reason: 'PhaseUnreadable', message });
}

function refuseMissing(prefix: string, absent: string): never {
  const message = `is missing or incomplete, but the phase in ${phaseKey(prefix)} needs its value`;
  throw createUnsafeError(prefix, { object: absent, reason: 'ValueMissing', message });
}

function createUnsafeError(prefix: string, problem: ObjectProblem): ActionError<'ROTATION_UNSAFE'> {
  const key = phaseKey(prefix);
  return new ActionError(
    'ROTATION_UNSAFE',
    `the progress of the rotation of ${prefix} is unknown: the key ${problem.object} ${problem.message}`,
    {
      reason: problem.reason,
      hint:
        `Restore the Secret with the key \`${key}\` from a backup. Or make sure that every server presents the value under \`${prefix}\` ` +
        `and that the value under \`${previousPrefix(prefix)}\` is not needed any more, then remove the key \`${key}\` and run the job again.`,
      details: { problems: [problem] },
    },
  );
}
