import type { ClusterSpec } from '../cluster/spec.ts';
import { hasCode, isActionError } from '../errors/action-error.ts';
import type { VerifyInputs } from '../inputs/inputs.ts';
import { readDeployInputs } from '../inputs/settings.ts';
import type { VerifyLevel } from '../manifests/permission-rules.ts';
import type { DeployReport } from '../report/reports.ts';
import type { Run } from './context/run.ts';
import {
  createDriftError,
  expectDeployed,
  requireCertificates,
  requireDeployed,
  requireFreshCertificates,
  requireNoDrift,
} from './decision/deployed.ts';
import { addPodMonitor, buildSpec } from './desired/deployment.ts';
import { buildSubject, type Desired } from './desired/desired.ts';
import { addBalancerAddresses, addExternalAddresses, readNodePort } from './desired/external-access.ts';
import { type PassedGate, passMeshGate } from './gate/mesh-gate.ts';
import { type LiveState, readLiveState } from './live/live-state.ts';
import { requireValidCredentials } from './preflight/operator-mode.ts';
import { determineVerifyLevel, requireOptionPermissions } from './preflight/permissions.ts';
import { OutsideProofs } from './proofs/outside-proofs.ts';
import { buildVerifyReport } from './realization/outcome.ts';
import { expectServers } from './rollout/transition.ts';

/**
 * The time limit for the check of the mesh. A healthy mesh passes within a second. The remaining time allows a
 * restarting server to become ready.
 */
const CHECK_MS = 20_000;

/**
 * Checks whether the NATS cluster fulfils its guarantees now, as far as the permissions allow, and changes nothing.
 * @throws ActionError DRIFT, CERTIFICATE_EXPIRING, MESH_INCOMPLETE, MESH_INSECURE for a guarantee that is not
 * fulfilled.
 */
export async function verify(run: Run<VerifyInputs>): Promise<DeployReport> {
  const { api, inputs, runner, signal } = run;
  const namespace = inputs.namespace ?? api.connection.namespace ?? 'default';
  const level = await determineVerifyLevel(api, namespace, signal);
  runner.info(LEVELS[level]);
  const live = await readLiveState(api, namespace, inputs.name, signal);
  const { settings } = requireDeployed(live, { name: inputs.name, namespace, command: 'verify' });
  const deployment = readDeployInputs(settings, runner.inputs);
  const deployed = addBalancerAddresses(buildSpec(deployment, namespace, live.image), live);
  const known = await addPodMonitor(api, deployed, signal);
  await requireOptionPermissions(api, known, signal);

  const now = runner.now();
  const { spec, desired } = await expectDeployed(run, known, { live, deployment, now });
  requireCertificates(spec, desired);
  requireFreshCertificates(run, desired, deployment.renewBeforeMs);
  requireValidCredentials(desired.tracks.credentials, now);
  requireNoDrift(spec, live, desired, settings);
  run.diagnoser.about(buildSubject(spec, desired, live));
  const observed = level === 'mesh' ? await observeMesh(run, spec, live, desired) : undefined;
  const specWithAddresses = await addExternalAddresses(api, spec, live, signal);
  const nodePort = await readNodePort(api, spec, signal);
  const phases = run.waiting.phases();
  const { gate, proofs = [] } = observed ?? {};
  return buildVerifyReport(specWithAddresses, {
    ...desired,
    gate,
    proofs,
    inputs: deployment,
    live,
    phases,
    now,
    nodePort,
  });
}

const LEVELS: Readonly<Record<VerifyLevel, string>> = {
  mesh: 'level: objects, mesh, message delivery, and the connections that servers must refuse',
  objects: 'level: objects only, because the credentials may not port-forward; the mesh is not checked',
};

/** Passes the mesh gate without reloading or replacing a server, and then makes the checks from outside. */
async function observeMesh(
  run: Run<VerifyInputs>,
  spec: ClusterSpec,
  live: LiveState,
  desired: Desired,
): Promise<{ readonly gate: PassedGate; readonly proofs: readonly string[] }> {
  const { api, runner } = run;
  const { certificates } = desired.issued;
  const { credentials } = desired.tracks;
  const signal = AbortSignal.any([run.signal, AbortSignal.timeout(CHECK_MS)]);
  const updateRevision = live.statefulSet?.updateRevision ?? '';
  const outside = new OutsideProofs({ api, spec, certificates, credentials, now: runner.now, signal });
  try {
    const servers = expectServers({ api, signal }, { spec, live, desired }, () => updateRevision);
    const gate = await passMeshGate({ ...run, signal }, { ...servers, reactions: { proofs: outside } });
    return { gate, proofs: await outside.require() };
  } catch (error) {
    if (run.signal.aborted) {
      throw error;
    }
    if (hasCode(error, 'WAIT_TIMEOUT')) {
      const { problems } = error.details;
      const isFull = problems.some(({ message }) => message.includes('maximum connections exceeded'));
      const hint = isFull ? describeFullServer(spec) : undefined;
      throw createDriftError(
        `the servers do not run the deployed state: ${error.message}`,
        'ServersDiffer',
        problems,
        hint,
      );
    }
    if (signal.aborted && !isActionError(error)) {
      throw createDriftError(`the servers did not answer within ${CHECK_MS / 1000} s`, 'ServersSilent', []);
    }
    throw error;
  } finally {
    outside.close();
  }
}

function describeFullServer({ limits }: ClusterSpec): string {
  return `The server has reached \`max-connections\` (${limits.maxConnections ?? 'the default of nats-server'}) and accepts no further client, not even this action. Run \`command: deploy\` with a higher \`max-connections\`, or close connections that are not needed.`;
}
