import type { ActionError, ObjectProblem } from '../errors.ts';
import type { Proof, TrustProof } from '../servers/proof.ts';

/** A proof that could not be asked is asked again; a disproof is an answer. */
const ATTEMPTS = 3;

export type NamedProof = { readonly what: string; readonly prove: () => Promise<Proof | TrustProof> };

/**
 * Asks all of them at once. Returns what was proved.
 * @throws what `failure` makes of everything that was not.
 */
export async function requireProofs(
  named: readonly NamedProof[],
  signal: AbortSignal,
  failure: (problems: readonly ObjectProblem[]) => ActionError,
): Promise<readonly string[]> {
  const outcomes = await Promise.all(
    named.map(async ({ what, prove }) => ({ what, proof: await insist(prove, signal) })),
  );
  const problems = outcomes.flatMap(({ what, proof }): ObjectProblem[] => {
    switch (proof.kind) {
      case 'proved':
        return [];
      case 'disproved':
        return [{ object: what, reason: proof.reason, message: proof.message }];
      case 'unknown':
        return [{ object: what, reason: proof.failure.reason, message: proof.failure.message }];
    }
  });
  if (problems.length > 0) {
    throw failure(problems);
  }
  return outcomes.map(({ what }) => what);
}

async function insist(prove: NamedProof['prove'], signal: AbortSignal): Promise<Proof | TrustProof> {
  let proof = await prove();
  for (let attempt = 1; proof.kind === 'unknown' && attempt < ATTEMPTS; attempt++) {
    signal.throwIfAborted();
    proof = await prove();
  }
  return proof;
}
