import type { ObjectProblem } from '../errors/action-error.ts';
import { formatDate } from '../text/duration-text.ts';

/** A certificate, with the name by which a reader of the log finds it. */
export type NamedCertificate = { readonly name: string; readonly notAfter: Date };

export type ExpiryProblems = {
  readonly failures: readonly ObjectProblem[];
  readonly warnings: readonly ObjectProblem[];
};

/**
 * Finds certificates that should have been renewed. A certificate that expires within `renewBeforeMs` is a warning. A
 * certificate that expires within half of that time is a failure, because its renewal has stopped and there is still
 * time to repair it.
 */
export function findExpiryProblems(
  certificates: readonly NamedCertificate[],
  now: Date,
  renewBeforeMs: number,
): ExpiryProblems {
  const found = certificates.map((certificate) => ({
    certificate,
    problem: checkExpiry(certificate, now, renewBeforeMs),
  }));
  const problems = (level: Level): readonly ObjectProblem[] =>
    found.flatMap(({ certificate, problem }) =>
      problem?.level === level ? [{ object: certificate.name, reason: problem.reason, message: problem.message }] : [],
    );
  return { failures: problems('failure'), warnings: problems('warning') };
}

type Level = 'failure' | 'warning';

type Expiry = { readonly level: Level; readonly reason: string; readonly message: string };

function checkExpiry({ name, notAfter }: NamedCertificate, now: Date, renewBeforeMs: number): Expiry | undefined {
  const leftMs = notAfter.getTime() - now.getTime();
  // An invalid date has no time left either.
  if (Number.isNaN(leftMs))
    return { level: 'failure', reason: 'Unreadable', message: `${name} has no readable expiry date` };
  const until = formatDate(notAfter);
  if (leftMs <= 0) return { level: 'failure', reason: 'Expired', message: `${name} expired at ${until}` };
  const renewal = formatDate(new Date(notAfter.getTime() - renewBeforeMs));
  const message = `${name} expires at ${until}, was due for renewal at ${renewal}`;
  if (leftMs < renewBeforeMs / 2) return { level: 'failure', reason: 'RenewalOverdue', message };
  if (leftMs < renewBeforeMs) return { level: 'warning', reason: 'RenewalDue', message };
  return undefined;
}
