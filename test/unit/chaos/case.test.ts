import { describe, expect, test } from '@jest/globals';
import { type ChaosCase, caseOf } from '../../chaos/case.ts';
import { inOrder } from '../../chaos/schedule.ts';

const CASES = Array.from({ length: 400 }, (_, seed) => caseOf(seed));

describe('a chaos case', () => {
  test('is all in its seed', () => {
    expect(Array.from({ length: 400 }, (_, seed) => caseOf(seed))).toEqual(CASES);
  });

  test('is as it was when its seed was written down', () => {
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

  test('is each fault, command and starting state among some hundred', () => {
    const kinds = new Set(CASES.map(({ fault }) => fault.kind));
    const commands = new Set(CASES.map(({ command }) => command));
    const starts = new Set(CASES.map(({ start }) => start?.['replicas']));
    expect(kinds.size).toBe(15);
    expect(commands).toEqual(new Set(['deploy', 'rotate', 'verify']));
    expect(starts).toEqual(new Set(['1', '3', '5', undefined]));
  });

  test('never asks a deployment that is not there for more than to be deployed', () => {
    const impossible = ({ start, command }: ChaosCase): boolean => start === undefined && command !== 'deploy';
    expect(CASES.filter(impossible)).toEqual([]);
  });

  test('that breaks the whole cluster comes after all that do not', () => {
    const order = inOrder(CASES).map(({ isExclusive }) => isExclusive);
    expect(order).toHaveLength(CASES.length);
    expect(order.slice(order.indexOf(true))).not.toContain(false);
  });
});
