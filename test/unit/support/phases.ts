import type { RotationPhase, Track } from '../../../src/rotation/track.ts';

/** Returns a track in this phase of a rotation from the old value to the new one. `idle` is the state before it. */
export function inPhase<Value>(phase: RotationPhase, older: Value, newer: Value, since?: Date): Track<Value> {
  switch (phase) {
    case 'idle':
      return { phase, current: older };
    case 'trust-both':
      return { phase, current: older, next: newer, since };
    case 'swap-leaves':
    case 'drop-old':
      return { phase, current: newer, previous: older };
    case 'overlap':
      return { phase, current: newer, previous: older, since: since ?? new Date('2026-03-01T12:00:00Z') };
  }
}
