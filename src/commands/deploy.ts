import { podName } from '../cluster/names.ts';
import type { ClusterSpec } from '../cluster/spec.ts';
import type { DeployInputs } from '../inputs/inputs.ts';
import type { KubernetesApi } from '../kubernetes/api.ts';
import { manifestWavesFor } from '../manifests/manifests.ts';
import { parseCertificates } from '../pki/certificate.ts';
import type { DeployReport } from '../report/deploy-report.ts';
import type { Runner } from '../runner/runner.ts';
import { applyWaves } from './applied.ts';
import { type Configuration, deploymentConfiguration } from './configuration.ts';
import { deploymentSpec } from './deployment.ts';
import { ephemeralLeaf, foreignAuthority, type Issued, issueCertificates } from './issuance.ts';
import { removeLeftovers } from './leftovers.ts';
import { type LiveState, readLiveState } from './live-state.ts';
import { type GateTerms, type PassedGate, passMeshGate } from './mesh-gate.ts';
import { deployReport } from './outcome.ts';
import { proveFromOutside } from './outside-proofs.ts';
import { type DeploymentCredentials, deploymentCredentials } from './passwords.ts';
import {
  requireDeployPermissions,
  requireExpectedCluster,
  requireNamespace,
  requireNodes,
  requireSupportedImage,
} from './preflight.ts';
import { observedStatefulSet, plannedRollout, recordProof, replaceStuckPods, setPartition } from './rollout.ts';
import type { Waiting } from './waiting.ts';

type Deployment = {
  readonly api: KubernetesApi;
  readonly inputs: DeployInputs;
  readonly runner: Runner;
  readonly waiting: Waiting;
  readonly signal: AbortSignal;
};

/** Brings the cluster to what the inputs say, and returns only when every promise about it was proved. */
export async function deploy(deployment: Deployment): Promise<DeployReport> {
  const { api, inputs, runner, signal } = deployment;
  requireExpectedCluster(api, inputs.expectedCluster);
  const namespace = inputs.namespace ?? api.connection.namespace ?? 'default';
  if (inputs.image !== undefined) {
    requireSupportedImage(inputs.image);
  }
  const createdNamespace = await requireNamespace(api, namespace, inputs, signal);
  await requireDeployPermissions(api, namespace, inputs, signal);
  const live = await readLiveState(api, namespace, inputs.name, signal);
  const spec = deploymentSpec(inputs, namespace, live.image);
  requireSupportedImage(spec.image);
  await requireNodes(api, spec, signal);

  const credentials = deploymentCredentials(inputs, live.stored);
  const terms = { now: runner.now(), ...inputs };
  const issued = await issueCertificates(spec, live.stored, terms);
  maskPasswords(runner, credentials);
  issued.issued.forEach((line) => runner.info(`issued: ${line}`));
  const configuration = deploymentConfiguration(spec, credentials, issued.certificates);

  const changed = await applyAll(deployment, spec, live, { credentials, issued, configuration });
  const { gate, replaced, updateRevision } = await rollAndGate(deployment, spec, live, {
    credentials,
    issued,
    configuration,
  });
  const removed = await removeLeftovers(api, spec, live, signal);
  const objects = [...changed, ...removed, ...replaced];
  const isChanged = createdNamespace || objects.length > 0 || gate.reloaded.length > 0;
  const revision = `${configuration.revision}.${updateRevision}`;
  const isProved = !isChanged && live.provedRevision === revision;
  const proofs = isProved ? [] : await prove(deployment, spec, credentials, issued);
  if (!isProved) {
    await recordProof(api, spec, revision, signal);
  }
  return deployReport(spec, {
    changed: isChanged,
    objects,
    gate,
    issued,
    configuration,
    proofs,
    inputs,
  });
}

type Desired = {
  readonly credentials: DeploymentCredentials;
  readonly issued: Issued;
  readonly configuration: Configuration;
};

async function applyAll(
  { api, runner, signal }: Deployment,
  spec: ClusterSpec,
  live: LiveState,
  { credentials, issued, configuration }: Desired,
): Promise<readonly string[]> {
  const rollout = await plannedRollout(api, spec, live.statefulSet !== undefined, signal);
  const material = {
    configurationText: configuration.text,
    clientCredentials: credentials.client,
    systemCredentials: credentials.system,
    certificates: issued.certificates,
  };
  const changed = await applyWaves(api, manifestWavesFor(spec, material, rollout), live.resourceVersions, signal);
  runner.info(changed.length === 0 ? 'applied: no object changed' : `applied: ${changed.join(', ')}`);
  return changed;
}

type Rolled = { readonly gate: PassedGate; readonly replaced: readonly string[]; readonly updateRevision: string };

/** Replaces pods of an older template one at a time, highest ordinal first, with the mesh gate after each. */
async function rollAndGate(
  deployment: Deployment,
  spec: ClusterSpec,
  live: LiveState,
  desired: Desired,
): Promise<Rolled> {
  const { api, runner, signal } = deployment;
  const set = await observedStatefulSet(api, spec, signal);
  const { updateRevision, currentRevision = updateRevision } = set;
  const stuck = await replaceStuckPods(api, spec, set, live.pods, signal);
  const replaced = stuck.map((ordinal) => `Pod/${podName(spec.name, ordinal)}`);
  if (replaced.length > 0) {
    runner.info(`replaced, as no waiting heals them: ${replaced.join(', ')}`);
  }
  const gate = async (firstUpdated: number): Promise<PassedGate> => {
    const podRevision = (ordinal: number): string => (ordinal >= firstUpdated ? updateRevision : currentRevision);
    return await passMeshGate(gateTerms(deployment, spec, desired, podRevision));
  };
  if (set.partition > 0 && currentRevision !== updateRevision) {
    for (let ordinal = Math.min(spec.replicas - 1, ...stuck); ordinal > 0; ordinal--) {
      runner.info(`replacing ${podName(spec.name, ordinal)}`);
      await setPartition(api, spec, ordinal, signal);
      await gate(ordinal);
    }
    runner.info(`replacing ${podName(spec.name, 0)}`);
  }
  if (set.partition > 0) {
    await setPartition(api, spec, 0, signal);
  }
  return { gate: await gate(0), replaced, updateRevision };
}

function gateTerms(
  { api, waiting, signal }: Deployment,
  spec: ClusterSpec,
  { credentials, issued, configuration }: Desired,
  podRevision: GateTerms['podRevision'],
): GateTerms {
  const [leaf] = parseCertificates(issued.certificates.server.certificate, 'tls.crt');
  return {
    api,
    spec,
    revision: configuration.revision,
    podRevision,
    system: credentials.system.system,
    trust: issued.certificates.clientTrust,
    fingerprint: leaf?.fingerprint256 ?? '',
    waiting,
    signal,
  };
}

async function prove(
  { api, runner, signal }: Deployment,
  spec: ClusterSpec,
  credentials: DeploymentCredentials,
  issued: Issued,
): Promise<readonly string[]> {
  const now = runner.now();
  const foreign = await foreignAuthority(spec, now);
  const [routeLeaf, foreignLeaf] = await Promise.all([
    ephemeralLeaf(issued.routeAuthority, spec, now),
    ephemeralLeaf(foreign, spec, now),
  ]);
  const proofs = await proveFromOutside({
    api,
    spec,
    clientTrust: issued.certificates.clientTrust,
    routeTrust: issued.certificates.routeTrust,
    clientUser: credentials.client.user,
    probe: credentials.system.probe,
    routeLeaf,
    foreignLeaf,
    signal,
  });
  runner.info(
    `proved: ${proofs.length} probes from outside, among them that plaintext, wrong passwords and foreign certificates are refused`,
  );
  return proofs;
}

/** Keys never leave this process but for the API server, so passwords are all that a later step could print. */
function maskPasswords(runner: Runner, { client, system }: DeploymentCredentials): void {
  for (const { password } of [client, system.system, system.probe, system.route]) {
    runner.mask(password);
  }
}
