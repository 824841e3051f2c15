import { describe, expect, test } from '@jest/globals';
import { Trial } from '../../../../src/commands/reload/trial.ts';

function trialAt() {
  const clock = { now: 0 };
  return { clock, trial: new Trial(() => clock.now) };
}

describe('the trial of a change', () => {
  test('is about the server that was touched first, until that server is verified', () => {
    const { trial } = trialAt();
    expect([trial.first(), trial.isVerified(), trial.touched()]).toEqual([undefined, false, []]);
    trial.markVerified(); // The trial has not begun yet.
    expect(trial.isVerified()).toBe(false);
    trial.touch('nats-0', 'reload', true);
    trial.touch('nats-1', 'reload', false);
    expect([trial.first(), trial.how(), trial.wasSick(), trial.isVerified()]).toEqual([
      'nats-0',
      'reload',
      true,
      false,
    ]);
    trial.markVerified();
    expect(trial.isVerified()).toBe(true);
    expect(trial.touched()).toEqual(['nats-0', 'nats-1']);
  });

  test('begins again with the first server that restarts, because a reload does not show that servers start', () => {
    const { trial } = trialAt();
    trial.touch('nats-0', 'reload', false);
    trial.markVerified();
    trial.touch('nats-1', 'reload', false);
    expect([trial.first(), trial.isVerified()]).toEqual(['nats-0', true]);
    trial.touch('nats-2', 'restart', false);
    expect([trial.first(), trial.how(), trial.isVerified()]).toEqual(['nats-2', 'restart', false]);
    trial.markVerified();
    trial.touch('nats-1', 'restart', false);
    expect([trial.first(), trial.isVerified()]).toEqual(['nats-2', true]);
  });

  test('counts the time since the first server was last touched', () => {
    const { clock, trial } = trialAt();
    trial.touch('nats-0', 'reload', false);
    clock.now = 500;
    trial.touch('nats-0', 'restart', false);
    clock.now = 700;
    expect([trial.how(), trial.msAgo()]).toEqual(['restart', 200]);
  });
});
