import { findAdmissionChanges, renderAdmissionChange } from '../../drift/admission.ts';
import { ActionError, type ObjectProblem } from '../../errors/action-error.ts';
import type { Manifest } from '../../manifests/manifests.ts';

/**
 * Compares the API server's answer to an apply with the applied manifest. Returns the changes by admission that leave
 * the servers as asked, one sentence each.
 * @throws ActionError APPLY_REJECTED, reason ChangedByAdmission, when servers, addresses or Secrets would not be as
 * asked.
 */
export function requireAsApplied(manifest: Manifest, answered: Readonly<Record<string, unknown>>): readonly string[] {
  const object = `${manifest.kind}/${manifest.metadata.name}`;
  const changes = findAdmissionChanges(manifest, answered);
  const harmful = changes.filter(({ isHarmless }) => !isHarmless);
  if (harmful.length > 0) {
    throw admissionError(harmful.map((change) => changeProblem(object, renderAdmissionChange(change))));
  }
  return changes.map((change) => `${object}: ${renderAdmissionChange(change)}`);
}

function changeProblem(object: string, change: string): ObjectProblem {
  return { object, reason: 'ChangedByAdmission', message: `${object}: ${change}` };
}

/** Returns the error about objects that admission changed so that the servers would not be as asked. */
export function admissionError(problems: readonly ObjectProblem[]): ActionError<'APPLY_REJECTED'> {
  const messages = problems.map(({ message }) => message).join('; ');
  const message = `an admission policy or webhook of the Kubernetes cluster changes what this action applies: ${messages}`;
  return new ActionError('APPLY_REJECTED', message, {
    reason: 'ChangedByAdmission',
    hint: 'Set the inputs to the values that the policy writes (`image` for an image), or exclude this object from the policy. `kubectl get mutatingwebhookconfigurations,mutatingadmissionpolicies` lists what may change it.',
    details: { problems },
  });
}
