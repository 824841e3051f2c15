import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ActionError, hasCode } from '../../../src/errors/action-error.ts';
import { decodeTrack, encodeTrack } from '../../../src/rotation/stored-track.ts';
import type { Track } from '../../../src/rotation/track.ts';

type User = { readonly user: string; readonly password: string };
type Texts = Readonly<Record<string, string>>;

const writeUser = (prefix: string, { user, password }: User): Texts => ({
  [`${prefix}-username`]: user,
  [`${prefix}-password`]: password,
});

const readUser =
  (texts: Texts) =>
  (prefix: string): User | undefined => {
    const [user, password] = [texts[`${prefix}-username`], texts[`${prefix}-password`]];
    return user === undefined || password === undefined ? undefined : { user, password };
  };

const stored = (texts: Texts): Track<User> | undefined => decodeTrack(texts, 'client', readUser(texts));

function refusal(texts: Texts): ActionError<'ROTATION_UNSAFE'> {
  try {
    stored(texts);
  } catch (error) {
    if (hasCode(error, 'ROTATION_UNSAFE')) return error;
    throw error;
  }
  throw new Error('was not refused');
}

const since = new Date('2026-11-23T00:00:00.000Z');
const current: User = { user: 'a', password: 'current password' };
const next: User = { user: 'b', password: 'next password' };
const previous: User = { user: 'c', password: 'previous password' };
const values: Texts = {
  ...writeUser('client', current),
  ...writeUser('client-next', next),
  ...writeUser('client-previous', previous),
};

const users = fc.record({ user: fc.string(), password: fc.string() });
const instants = fc.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true });
const trackArbitrary: fc.Arbitrary<Track<User>> = fc.oneof(
  fc.record({ phase: fc.constant('idle' as const), current: users }),
  fc.record({
    phase: fc.constant('trust-both' as const),
    current: users,
    next: users,
    since: fc.option(instants, { nil: undefined }),
  }),
  fc.record({ phase: fc.constantFrom('swap-leaves' as const, 'drop-old' as const), current: users, previous: users }),
  fc.record({ phase: fc.constant('overlap' as const), current: users, previous: users, since: instants }),
);

describe('the stored state of a rotation', () => {
  test.each<readonly [string, Track<User>, string | undefined]>([
    ['idle', { phase: 'idle', current }, undefined],
    ['trust-both', { phase: 'trust-both', current, next, since: undefined }, 'trust-both'],
    ['waiting trust-both', { phase: 'trust-both', current, next, since }, 'trust-both 2026-11-23T00:00:00.000Z'],
    ['swap-leaves', { phase: 'swap-leaves', current, previous }, 'swap-leaves'],
    ['overlap', { phase: 'overlap', current, previous, since }, 'overlap 2026-11-23T00:00:00.000Z'],
    ['drop-old', { phase: 'drop-old', current, previous }, 'drop-old'],
  ])('contains its phase: %s', (_, track, text) => {
    const texts = encodeTrack(track, 'client', writeUser);
    expect(texts['client-rotation']).toBe(text);
    expect(texts).toMatchObject(writeUser('client', current));
    expect(stored(texts)).toEqual(track);
  });

  test('is read as it was written, also if the Secret has another one', () => {
    fc.assert(
      fc.property(trackArbitrary, trackArbitrary, (one, other) => {
        const texts = { ...encodeTrack(one, 'client', writeUser), ...encodeTrack(other, 'route', writeUser) };
        expect(decodeTrack(texts, 'client', readUser(texts))).toEqual(one);
        expect(decodeTrack(texts, 'route', readUser(texts))).toEqual(other);
      }),
    );
  });

  test('has no values beyond those of its phase', () => {
    expect(Object.keys(encodeTrack({ phase: 'idle', current }, 'client', writeUser))).toEqual([
      'client-username',
      'client-password',
    ]);
  });

  test('is missing without a value and a rotation', () => {
    expect(stored({})).toBeUndefined();
    expect(stored({ 'client-username': 'half' })).toBeUndefined();
    expect(stored(writeUser('client-next', next))).toBeUndefined();
  });

  test('is idle once the key of its phase was removed, whatever was in progress', () => {
    expect(stored(values)).toEqual({ phase: 'idle', current });
  });

  test.each([
    '',
    'idle',
    'Overlap 2026-11-23T00:00:00.000Z',
    'overlap',
    'overlap ',
    'overlap tomorrow',
    'overlap 2026-11-23',
    'overlap 2026-02-30T00:00:00.000Z',
    'overlap 2026-11-23T24:00:00.000Z',
    'overlap 2026-11-23T00:00:00.000+01:00',
    'overlap 2026-11-23T00:00:00.000Z 2026-11-23T00:00:00.000Z',
    'overlap  2026-11-23T00:00:00.000Z',
    'trust-both never',
    'swap-leaves 2026-11-23T00:00:00.000Z',
    'drop-old 2026-11-23T00:00:00.000Z',
    'drop-old\n',
    'constructor',
  ])('is refused with an invalid phase, and never guessed: %j', (text) => {
    const { reason, details } = refusal({ ...values, 'client-rotation': text });
    expect(reason).toBe('PhaseUnreadable');
    expect(details.problems).toMatchObject([{ object: 'client-rotation', reason: 'PhaseUnreadable' }]);
  });

  test.each([
    ['trust-both', 'client-next'],
    ['trust-both 2026-11-23T00:00:00.000Z', 'client-next'],
    ['swap-leaves', 'client-previous'],
    ['overlap 2026-11-23T00:00:00.000Z', 'client-previous'],
    ['drop-old', 'client-previous'],
    ['trust-both', 'client'],
    ['overlap 2026-11-23T00:00:00.000Z', 'client'],
  ])('is refused in %s without the key %s', (text, absent) => {
    const kept = Object.fromEntries(Object.entries(values).filter(([key]) => key !== `${absent}-password`));
    const { reason, details } = refusal({ ...kept, 'client-rotation': text });
    expect(reason).toBe('ValueMissing');
    expect(details.problems).toMatchObject([{ object: absent, reason: 'ValueMissing' }]);
  });

  test('is refused without showing any value of the Secret', () => {
    const { message, hint, details } = refusal({ ...values, 'client-rotation': 'hunter2' });
    const shown = JSON.stringify([message, hint, details]);
    for (const secret of ['hunter2', ...Object.values(values).filter((text) => text.length > 1)]) {
      expect(shown).not.toContain(secret);
    }
    expect(hint).toContain('client-rotation');
  });

  test('is either written back unchanged or refused, for any text', () => {
    const words = fc.constantFrom('trust-both', 'swap-leaves', 'overlap', 'drop-old', 'idle', since.toISOString(), ' ');
    const hostile = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(words).map((list) => list.join(' ')),
    );
    fc.assert(
      fc.property(hostile, (text) => {
        const texts = { ...values, 'client-rotation': text };
        try {
          const track = stored(texts);
          expect(track === undefined ? '' : encodeTrack(track, 'client', writeUser)['client-rotation']).toBe(text);
        } catch (error) {
          if (!hasCode(error, 'ROTATION_UNSAFE')) throw error;
        }
      }),
    );
  });
});
