import { describe, expect, test } from '@jest/globals';
import { requireProofs } from '../../../../src/commands/proofs/proofs.ts';
import { ActionError, type ObjectProblem } from '../../../../src/errors/action-error.ts';
import { createFailedCheck, createUnknown, type Proof } from '../../../../src/servers/knock.ts';

const unreachable = createUnknown({ reason: 'Unreachable', message: 'nobody listens' });
const refused = createFailedCheck('LeafRefused', 'refuses it');
const verified: Proof = { kind: 'verified' };
const failure = (problems: readonly ObjectProblem[]) =>
  new ActionError('MESH_INSECURE', 'not verified', { hint: 'look', details: { problems } });

/** Returns the answers one after the other, and repeats the last one. */
function asked(claim: string, ...answers: readonly Proof[]) {
  let times = 0;
  const verify = async (): Promise<Proof> => answers[Math.min(times++, answers.length - 1)] ?? verified;
  return { claim, verify, times: () => times };
}

const { signal } = new AbortController();

describe('the checks from outside', () => {
  test('return their names when all succeed', async () => {
    const all = [asked('a', verified), asked('b', verified)];
    expect(await requireProofs(all, signal, failure)).toEqual(['a', 'b']);
    expect(all.map(({ times }) => times())).toEqual([1, 1]);
  });

  test('are repeated without an answer, and never after an answer', async () => {
    const [late, no] = [asked('late', unreachable, unreachable, verified), asked('no', refused, verified)];
    expect(await requireProofs([late], signal, failure)).toEqual(['late']);
    await expect(requireProofs([no], signal, failure)).rejects.toMatchObject({ code: 'MESH_INSECURE' });
    expect([late.times(), no.times()]).toEqual([3, 1]);
  });

  test('fail with every violation, without waiting for other answers', async () => {
    const all = [asked('a', refused), asked('b', verified), asked('c', unreachable)];
    await expect(requireProofs(all, signal, failure)).rejects.toMatchObject({
      code: 'MESH_INSECURE',
      details: { problems: [{ object: 'a', reason: 'LeafRefused', message: 'refuses it' }] },
    });
    expect(all[2]?.times()).toBeLessThan(3);
  });

  test('end with a timeout error that names those without an answer', async () => {
    const all = [asked('a', verified), asked('c', unreachable)];
    await expect(requireProofs(all, signal, failure, 0)).rejects.toMatchObject({
      code: 'WAIT_TIMEOUT',
      details: { problems: [{ object: 'c', reason: 'Unreachable', message: 'nobody listens' }] },
    });
  });

  test('are not repeated once the run is over', async () => {
    const over = asked('a', unreachable);
    const reason = new Error('cancelled');
    await expect(requireProofs([over], AbortSignal.abort(reason), failure)).rejects.toBe(reason);
    expect(over.times()).toBe(1);
  });

  test('succeed if there are none', async () => {
    expect(await requireProofs([], signal, failure)).toEqual([]);
  });
});
