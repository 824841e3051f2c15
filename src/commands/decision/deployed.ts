import { FIELD_MANAGER } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import { findDriftBesidesAdmission } from '../../drift/admission.ts';
import { findExpiryProblems } from '../../drift/expiry.ts';
import { ActionError, hasCode, type ObjectProblem } from '../../errors/action-error.ts';
import type { DeployInputs } from '../../inputs/inputs.ts';
import { buildManifests } from '../../manifests/manifests.ts';
import { keepHelmManager } from '../../manifests/metadata.ts';
import { objectKey } from '../../objects/object.ts';
import type { StatefulSet } from '../../objects/stateful-set.ts';
import type { Run } from '../context/run.ts';
import { buildDesired, collectMaterial, type Desired } from '../desired/desired.ts';
import { readKeptTracks } from '../desired/kept-tracks.ts';
import { addConfigurationToSpec } from '../desired/user-configuration.ts';
import { listPostponed } from '../issuance/issuance.ts';
import { readUserProvidedCertificates } from '../issuance/user-provided.ts';
import type { LiveState } from '../live/live-state.ts';
import { describeOwnership } from '../live/ownership.ts';

export type Deployed = { readonly statefulSet: StatefulSet; readonly settings: string };

/**
 * Returns the StatefulSet and the settings of the last deployment, for the commands that continue from it.
 * @throws ActionError CHANGE_FORBIDDEN without a deployment.
 */
export function requireDeployed(
  { statefulSet, stored }: LiveState,
  { name, namespace, command }: { readonly name: string; readonly namespace: string; readonly command: string },
): Deployed {
  const { settings } = stored;
  if (statefulSet !== undefined && settings !== undefined) {
    return { statefulSet, settings };
  }
  const message = `cannot ${command}: this action did not deploy "${name}" in namespace ${namespace}`;
  throw new ActionError('CHANGE_FORBIDDEN', message, {
    reason: 'NotDeployed',
    hint: 'Check `name` and `namespace`, or run `command: deploy` first.',
    details: { problems: [{ object: `StatefulSet/${name}`, reason: 'NotDeployed', message }] },
  });
}

/** The last deployment as it was read. */
type Read = { readonly live: LiveState; readonly deployment: DeployInputs; readonly now: Date };

/**
 * Returns the state that the last deployment should have now. `known` is the spec that follows from the inputs alone.
 * @throws ActionError DRIFT when the stored material cannot give that state
 */
export async function expectDeployed(
  { api, signal }: Pick<Run<unknown>, 'api' | 'signal'>,
  known: ClusterSpec,
  { live, deployment, now }: Read,
): Promise<{ readonly spec: ClusterSpec; readonly desired: Desired }> {
  const userProvided = await readUserProvidedCertificates(known, { api, now, signal });
  const tracks = await readKeptTracks(known, live, deployment, { now, given: undefined });
  const spec = addConfigurationToSpec(known, tracks.credentials);
  // Only invalid certificates count here, because `requireFreshCertificates` reports those that expire soon.
  const issuance = { certificateValidityMs: deployment.certificateValidityMs, renewBeforeMs: 0, forced: new Set([]) };
  return {
    spec,
    desired: await buildDesired({ spec, userProvided, issuance, now }, tracks, live.stored).catch(throwAsDrift),
  };
}

/** Throws DRIFT for a missing CA key, because the key is needed only when a certificate is not usable. */
function throwAsDrift(error: unknown): never {
  if (hasCode(error, 'PKI_INVALID') && error.reason === 'AuthorityKeyMissing') {
    const { message } = error;
    throw createDriftError(message, 'CertificateInvalid', [
      { object: 'ca-private-key', reason: 'CertificateInvalid', message },
    ]);
  }
  throw error;
}

/** Throws DRIFT when a certificate would have to be issued now, because the present certificate is then invalid. */
export function requireCertificates({ name }: ClusterSpec, { issued }: Desired): void {
  const problems = issued.issued.map((message): ObjectProblem => {
    return { object: message.slice(0, message.indexOf(':')), reason: 'CertificateInvalid', message };
  });
  if (problems.length > 0) {
    throw createDriftError(
      `certificates of ${name} need to be issued again: ${issued.issued.join('; ')}`,
      'CertificateInvalid',
      problems,
    );
  }
  const postponed = listPostponed(issued.postponed);
  if (postponed.length > 0) {
    const messages = postponed.map(({ message }) => message).join('; ');
    throw createDriftError(
      `certificates differ from the deployed inputs: ${messages}`,
      'CertificatePostponed',
      postponed,
    );
  }
}

/**
 * Refuses certificates that expire soon, and warns of those that are due.
 * @throws ActionError CERTIFICATE_EXPIRING
 */
export function requireFreshCertificates(
  { runner }: Pick<Run<unknown>, 'runner'>,
  { issued }: Desired,
  renewBeforeMs: number,
): void {
  const { failures, warnings } = findExpiryProblems(issued.leaves, runner.now(), renewBeforeMs);
  if (warnings.length > 0) {
    runner.warning('CERTIFICATE_EXPIRING', warnings.map(({ message }) => message).join('; '));
  }
  const [first] = failures;
  if (first === undefined) {
    return;
  }
  const messages = failures.map(({ message }) => message).join('; ');
  throw new ActionError('CERTIFICATE_EXPIRING', messages, {
    reason: first.reason,
    hint: 'Run `command: rotate`, and find out why the scheduled rotation did not replace them.',
    details: { problems: failures },
  });
}

/** Throws DRIFT for objects that differ from those that `deploy` would apply now. */
export function requireNoDrift(
  spec: ClusterSpec,
  { objects, others }: LiveState,
  desired: Desired,
  settings: string,
): void {
  const owners = new Map(
    others.map(({ object, ownership }) => [objectKey(object), describeOwnership(object, ownership)]),
  );
  const problems = buildManifests(spec, collectMaterial(settings, desired)).flatMap(
    (manifest): readonly ObjectProblem[] => {
      const object = `${manifest.kind}/${manifest.metadata.name}`;
      const live = objects.get(object);
      const owner = owners.get(object);
      if (owner !== undefined) {
        return [{ object, reason: 'OtherOwner', message: `${object}: ${owner}` }];
      }
      return findDriftBesidesAdmission(keepHelmManager(manifest, live?.metadata), live, FIELD_MANAGER).map(
        ({ path, kind }) => {
          const state = kind === 'surplus-key' ? 'was added by another writer' : `is ${kind}`;
          const difference = path === '' ? 'is missing' : `${path} ${state}`;
          return { object, reason: 'Drifted', message: `${object}: ${difference}` };
        },
      );
    },
  );
  if (problems.length > 0) {
    const messages = problems.map(({ message }) => message).join('; ');
    const hint = problems.some(({ reason }) => reason === 'OtherOwner') ? OTHERS_FIRST : DEPLOY_AGAIN;
    throw createDriftError(`objects differ from the last deployment: ${messages}`, 'Drifted', problems, hint);
  }
}

const DEPLOY_AGAIN =
  'Run `command: deploy` with the inputs of this deployment to restore them. If a manual edit conflicts, the error names the field and its owner.';

const OTHERS_FIRST =
  'Delete these objects, or deploy their owner under another name. Then run `command: deploy` with the inputs of this deployment; until then `deploy` refuses.';

export function createDriftError(
  message: string,
  reason: string,
  problems: readonly ObjectProblem[],
  hint = DEPLOY_AGAIN,
): ActionError<'DRIFT'> {
  return new ActionError('DRIFT', message, { reason, hint, details: { problems } });
}
