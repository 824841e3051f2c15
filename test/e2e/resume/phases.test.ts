import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  type InterruptedRotation,
  makeInterruptedRotation,
  type Resuming,
} from '../../support/interrupted-rotation.ts';

type Boundary = {
  readonly when: string;
  /** The log line at which the run is killed, and its occurrence. */
  readonly line: RegExp;
  readonly occurrence: number;
  readonly pod: string;
  readonly command: Resuming;
};

/** Two points, one for each command that continues a rotation. The soak test kills a run after every single write. */
const BOUNDARIES: readonly Boundary[] = [
  { when: 'swap-leaves is applied', line: /^applied: /, occurrence: 2, pod: 'nats-0', command: 'deploy' },
  { when: 'drop-old begins', line: /: drop-old \(/, occurrence: 1, pod: 'nats-1', command: 'rotate' },
];

describe('a full rotation that is killed', () => {
  let rotation: InterruptedRotation;

  beforeAll(async () => {
    rotation = await makeInterruptedRotation();
  });

  afterAll(async () => {
    await rotation.remove();
  });

  test.each(BOUNDARIES)(
    'when $when, lets $pod rejoin the mesh, and $command completes it',
    async ({ line, occurrence, pod, command }) => {
      const killer = new AbortController();
      let seen = 0;
      const onLine = (text: string): void => {
        seen += line.test(text) ? 1 : 0;
        if (seen === occurrence) killer.abort('SIGKILL');
      };
      const { exitCode } = await rotation.rotate({ onLine, signal: killer.signal });
      expect({ exitCode, isSeen: seen >= occurrence }).toEqual({ exitCode: 137, isSeen: true });
      await rotation.rejoin(pod);
      await rotation.resume(command);
    },
  );
});
