import type { ClusterSpec } from '../cluster/spec.ts';
import { findDriftBesidesAdmission } from '../drift/admission.ts';
import { findExpiryProblems } from '../drift/expiry.ts';
import { ActionError, hasCode, isActionError, type ObjectProblem } from '../errors/action-error.ts';
import type { VerifyInputs } from '../inputs/inputs.ts';
import { deployInputsFrom } from '../inputs/settings.ts';
import { buildManifests } from '../manifests/manifests.ts';
import { keepHelmManager } from '../manifests/metadata.ts';
import type { VerifyLevel } from '../manifests/permissions.ts';
import type { KubernetesObject } from '../objects/object.ts';
import type { DeployReport } from '../report/reports.ts';
import type { Run } from './context/run.ts';
import { requireDeployed } from './decision/deployed.ts';
import { addPodMonitor, buildSpec } from './desired/deployment.ts';
import { buildDesired, buildSubject, collectMaterial, type Desired } from './desired/desired.ts';
import { addBalancerAddresses, addExternalAddresses, readNodePort } from './desired/external-access.ts';
import { readKeptTracks } from './desired/kept-tracks.ts';
import { addConfigurationToSpec } from './desired/user-configuration.ts';
import { type PassedGate, passMeshGate } from './gate/mesh-gate.ts';
import { listPostponed } from './issuance/postponed.ts';
import { readUserProvidedCertificates } from './issuance/user-provided.ts';
import { FIELD_MANAGER } from './live/applier.ts';
import { type LiveState, readLiveState } from './live/live-state.ts';
import { describeOwnership } from './live/ownership.ts';
import { requireValidCredentials } from './preflight/operator-mode.ts';
import { determineVerifyLevel, requireOptionPermissions } from './preflight/preflight.ts';
import { createOutsideProofs } from './proofs/outside-proofs.ts';
import { verifiedReport } from './realization/outcome.ts';
import { observationOf } from './rollout/rolling.ts';

/**
 * The limit for a look at the mesh. A healthy mesh shows itself in a second; the rest is for a server that is just
 * restarting.
 */
const LOOK_MS = 20_000;

/**
 * Checks whether the cluster holds its guarantees now, as far as the permissions reach, and changes nothing.
 * @throws ActionError DRIFT, CERTIFICATE_EXPIRING, MESH_INCOMPLETE, MESH_INSECURE for a guarantee that it does not
 * hold.
 */
export async function verify(run: Run<VerifyInputs>): Promise<DeployReport> {
  const { api, inputs, runner, signal } = run;
  const namespace = inputs.namespace ?? api.connection.namespace ?? 'default';
  const level = await determineVerifyLevel(api, namespace, signal);
  runner.info(LEVELS[level]);
  const live = await readLiveState(api, namespace, inputs.name, signal);
  const { settings } = requireDeployed(live, { name: inputs.name, namespace, command: 'verify' });
  const deployment = deployInputsFrom(settings, runner.inputs);
  const deployed = addBalancerAddresses(buildSpec(deployment, namespace, live.image), live);
  const known = await addPodMonitor(api, deployed, signal);
  await requireOptionPermissions(api, known, signal);

  const now = runner.now();
  const adopted = await readUserProvidedCertificates(known, { api, now, signal });
  const tracks = await readKeptTracks(known, live, deployment, { now, given: undefined });
  const spec = addConfigurationToSpec(known, tracks.credentials);
  // No certificate is due here, only invalid: `requireFreshCertificates` reports an old one by its expiry.
  const issuance = { certificateValidityMs: deployment.certificateValidityMs, renewBeforeMs: 0, forced: new Set([]) };
  const desired = await buildDesired({ spec, adopted, issuance, now }, tracks, live.stored).catch(unsigned);
  requireCertificates(spec, desired);
  requireFreshCertificates(run, desired, deployment.renewBeforeMs);
  requireValidCredentials(tracks.credentials, now);
  requireNoDrift(spec, live, desired, settings);
  run.diagnoser.about(buildSubject(spec, desired));
  const looked = level === 'mesh' ? await lookAtMesh(run, spec, live, desired) : undefined;
  const reached = await addExternalAddresses(api, spec, live, signal);
  const nodePort = await readNodePort(api, spec, signal);
  const phases = run.waiting.phases();
  const { gate, proofs = [] } = looked ?? {};
  return verifiedReport(reached, { ...desired, gate, proofs, inputs: deployment, live, phases, now, nodePort });
}

const LEVELS: Readonly<Record<VerifyLevel, string>> = {
  mesh: 'level: objects, mesh, message delivery, and what servers must refuse',
  objects: 'level: objects only, for the credentials may not port-forward; the mesh is not looked at',
};

/** Throws DRIFT for a missing CA key, because the key is needed only when a certificate is not usable. */
function unsigned(error: unknown): never {
  if (hasCode(error, 'PKI_INVALID') && error.reason === 'AuthorityKeyMissing') {
    const { message } = error;
    throw drift(message, 'CertificateInvalid', [{ object: 'ca-private-key', reason: 'CertificateInvalid', message }]);
  }
  throw error;
}

/** Throws DRIFT when a certificate would have to be issued now, because the present one is then wrong. */
function requireCertificates({ name }: ClusterSpec, { issued }: Desired): void {
  const problems = issued.issued.map((message): ObjectProblem => {
    return { object: message.slice(0, message.indexOf(':')), reason: 'CertificateInvalid', message };
  });
  if (problems.length > 0) {
    throw drift(`certificates of ${name} do not serve: ${issued.issued.join('; ')}`, 'CertificateInvalid', problems);
  }
  const postponed = listPostponed(issued.postponed);
  if (postponed.length > 0) {
    const said = postponed.map(({ message }) => message).join('; ');
    throw drift(`certificates are not as they were asked for: ${said}`, 'CertificatePostponed', postponed);
  }
}

function requireFreshCertificates({ runner }: Run<VerifyInputs>, { issued }: Desired, renewBeforeMs: number): void {
  const { failures, warnings } = findExpiryProblems(issued.leaves, runner.now(), renewBeforeMs);
  if (warnings.length > 0) {
    runner.warning('CERTIFICATE_EXPIRING', warnings.map(({ message }) => message).join('; '));
  }
  const [first] = failures;
  if (first === undefined) {
    return;
  }
  const said = failures.map(({ message }) => message).join('; ');
  throw new ActionError('CERTIFICATE_EXPIRING', said, {
    reason: first.reason,
    hint: 'Run command: rotate, and see why the scheduled rotation job no longer does.',
    details: { problems: failures },
  });
}

function requireNoDrift(spec: ClusterSpec, { objects, others }: LiveState, desired: Desired, settings: string): void {
  const owners = new Map(others.map(({ object, ownership }) => [keyOf(object), describeOwnership(object, ownership)]));
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
          const what = path === '' ? 'is missing' : `${path} is ${kind === 'surplus-key' ? 'not ours' : kind}`;
          return { object, reason: 'Drifted', message: `${object}: ${what}` };
        },
      );
    },
  );
  if (problems.length > 0) {
    const said = problems.map(({ message }) => message).join('; ');
    const hint = problems.some(({ reason }) => reason === 'OtherOwner') ? OTHERS_FIRST : DEPLOY_AGAIN;
    throw drift(`the objects are not as they were deployed: ${said}`, 'Drifted', problems, hint);
  }
}

function keyOf({ kind, metadata }: KubernetesObject): string {
  return `${kind}/${metadata.name}`;
}

async function lookAtMesh(
  run: Run<VerifyInputs>,
  spec: ClusterSpec,
  live: LiveState,
  desired: Desired,
): Promise<{ readonly gate: PassedGate; readonly proofs: readonly string[] }> {
  const { api, runner, waiting, diagnoser } = run;
  const { certificates } = desired.issued;
  const { credentials } = desired.tracks;
  const signal = AbortSignal.any([run.signal, AbortSignal.timeout(LOOK_MS)]);
  const updateRevision = live.statefulSet?.updateRevision ?? '';
  const outside = createOutsideProofs({ api, spec, certificates, credentials, now: runner.now, signal });
  try {
    const ground = { api, spec, live, waiting, diagnoser, signal };
    const gate = await passMeshGate({ ...observationOf(ground, desired, () => updateRevision), proofs: outside });
    return { gate, proofs: await outside.require() };
  } catch (error) {
    if (run.signal.aborted) {
      throw error;
    }
    if (hasCode(error, 'WAIT_TIMEOUT')) {
      const { problems } = error.details;
      const isFull = problems.some(({ message }) => message.includes('maximum connections exceeded'));
      const hint = isFull ? fullHint(spec) : undefined;
      throw drift(`the servers do not run what was deployed: ${error.message}`, 'ServersDiffer', problems, hint);
    }
    if (signal.aborted && !isActionError(error)) {
      throw drift(`the servers did not answer within ${LOOK_MS / 1000} s`, 'ServersSilent', []);
    }
    throw error;
  } finally {
    outside.close();
  }
}

function fullHint({ limits }: ClusterSpec): string {
  return `The server has reached max-connections (${limits.maxConnections ?? 'the default of nats-server'}) and accepts no further client, not even this action. Run command: deploy with a higher max-connections, or close connections that are not needed.`;
}
const DEPLOY_AGAIN =
  'Run command: deploy with the inputs of this deployment to bring it back; where an edit by hand stands in the way, it names the field and who holds it.';

const OTHERS_FIRST =
  'Give the other deployment, or whatever else has these objects, another name and delete what it has here; then run command: deploy with the inputs of this deployment. Before that, deploy refuses.';

function drift(
  message: string,
  reason: string,
  problems: readonly ObjectProblem[],
  hint = DEPLOY_AGAIN,
): ActionError<'DRIFT'> {
  return new ActionError('DRIFT', message, { reason, hint, details: { problems } });
}
