import { ActionError, type ObjectProblem } from '../../errors/action-error.ts';
import type { Proof, TrustProof } from '../../servers/knock.ts';
import { pause } from '../../time/pause.ts';

/** The time in milliseconds for which a check without an answer is repeated. A failed check is an answer. */
const INSIST_MS = 60_000;
const PAUSE_MS = 500;

export type NamedOutcome = Proof | TrustProof;

export type NamedProof = { readonly claim: string; readonly verify: () => Promise<NamedOutcome> };

/**
 * Runs all checks at the same time. Returns the checks that succeeded.
 * @throws the error that `failure` makes of every failed check; WAIT_TIMEOUT for checks without an answer.
 */
export async function requireProofs(
  named: readonly NamedProof[],
  signal: AbortSignal,
  failure: (problems: readonly ObjectProblem[]) => ActionError,
  insistMs = INSIST_MS,
): Promise<readonly string[]> {
  const endsAt = performance.now() + insistMs;
  let isDecided = false;
  const outcomes = await Promise.all(
    named.map(async ({ claim, verify }) => {
      const proof = await retryUntilAnswered(verify, signal, () => isDecided || performance.now() >= endsAt);
      isDecided ||= proof.kind === 'failed';
      return { claim, proof };
    }),
  );
  const failed = outcomes.flatMap(({ claim, proof }): readonly ObjectProblem[] =>
    proof.kind === 'failed' ? [{ object: claim, reason: proof.reason, message: proof.message }] : [],
  );
  if (failed.length > 0) {
    throw failure(failed);
  }
  const unknown = outcomes.flatMap(({ claim, proof }): readonly ObjectProblem[] =>
    proof.kind === 'unknown' ? [{ object: claim, reason: proof.failure.reason, message: proof.failure.message }] : [],
  );
  if (unknown.length > 0) {
    throw unansweredError(unknown);
  }
  return outcomes.map(({ claim }) => claim);
}

function unansweredError(problems: readonly ObjectProblem[]): ActionError<'WAIT_TIMEOUT'> {
  const summary = problems.map(({ object, message }) => `${object}: ${message}`).join('; ');
  return new ActionError(
    'WAIT_TIMEOUT',
    `all servers run, but these checks got no answer within a minute: ${summary}`,
    {
      reason: 'Unproved',
      hint: 'No check failed, but some could not be completed. The Kubernetes cluster or the runner is overloaded, or port-forwards to the pods break: run the job again.',
      details: { problems },
    },
  );
}

/** Runs a check until it has an answer, time is up, or another check has decided. */
async function retryUntilAnswered(
  verify: NamedProof['verify'],
  signal: AbortSignal,
  isOver: () => boolean,
): Promise<NamedOutcome> {
  for (;;) {
    const proof = await verify();
    if (proof.kind !== 'unknown' || isOver()) {
      return proof;
    }
    signal.throwIfAborted();
    await pause(PAUSE_MS, signal);
  }
}
