import { describe, expect, test } from '@jest/globals';
import { type ChaosCase, caseOf } from '../../chaos/case.ts';
import { inOrder } from '../../chaos/schedule.ts';

const CASES = Array.from({ length: 400 }, (_, seed) => caseOf(seed));

describe('a chaos case', () => {
  test('depends only on its seed', () => {
    expect(Array.from({ length: 400 }, (_, seed) => caseOf(seed))).toEqual(CASES);
  });

  test('is the same as when its seed was recorded', () => {
    expect(caseOf(158)).toEqual({
      seed: 158,
      start: undefined,
      command: 'deploy',
      inputs: expect.objectContaining({ replicas: '1', image: 'nats:2.12.15', 'client-user': 'app-of-27' }),
      target: expect.objectContaining({ replicas: '1', image: 'nats:2.12.15', 'client-user': 'app-of-27' }),
      fault: { kind: 'cancelled', signal: 'SIGTERM' },
      moment: { kind: 'clock', afterMs: 3041 },
      isExclusive: false,
    });
  });

  test('covers each fault, command and starting state within a few hundred seeds', () => {
    const kinds = new Set(CASES.map(({ fault }) => fault.kind));
    const commands = new Set(CASES.map(({ command }) => command));
    const starts = new Set(CASES.map(({ start }) => start?.['replicas']));
    expect(kinds.size).toBe(15);
    expect(commands).toEqual(new Set(['deploy', 'rotate', 'verify']));
    expect(starts).toEqual(new Set(['1', '3', '5', undefined]));
  });

  test('only deploys when no NATS cluster exists', () => {
    const impossible = ({ start, command }: ChaosCase): boolean => start === undefined && command !== 'deploy';
    expect(CASES.filter(impossible)).toEqual([]);
  });

  test('runs after all others if its fault breaks the whole Kubernetes cluster', () => {
    const order = inOrder(CASES).map(({ isExclusive }) => isExclusive);
    expect(order).toHaveLength(CASES.length);
    expect(order.slice(order.indexOf(true))).not.toContain(false);
  });
});
