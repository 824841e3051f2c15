import { clientUrl, formatExternalUrl } from '../../cluster/addresses.ts';
import { clusterNames, namedClientSecretName, podNames } from '../../cluster/names.ts';
import { computeConfigRevision } from '../../cluster/revision.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import type { DeployInputs } from '../../inputs/inputs.ts';
import type { Certificates, DeploymentCredentials } from '../../manifests/material.ts';
import { formatWithoutSecrets } from '../../nats/conf/settings/secrets.ts';
import { computeCaDueDate } from '../../pki/ca-renewal.ts';
import { parseCertificates } from '../../pki/certificate.ts';
import type { DeployReport, Phase, SignIn } from '../../report/reports.ts';
import type { RotationPhase } from '../../rotation/track.ts';
import { type Desired, listCertificates } from '../desired/desired.ts';
import type { PassedGate } from '../gate/mesh-gate.ts';
import { determinePhase, findNextPhaseTime, type Tracks } from '../issuance/tracks.ts';
import type { LiveState } from '../live/live-state.ts';
import type { Converged } from '../rollout/convergence.ts';

type RenewalInputs = Pick<DeployInputs, 'certificateValidityMs' | 'renewBeforeMs' | 'caOverlapMs'>;

type Outcome = {
  readonly command: 'deploy' | 'rotate';
  readonly isChanged: boolean;
  readonly objects: readonly string[];
  readonly proofs: readonly string[];
  readonly earlierProofs?: DeployReport['earlierProofs'];
  readonly inputs: RenewalInputs;
  readonly phases: readonly Phase[];
  readonly now: Date;
  readonly nodePort: number | undefined;
  readonly disconnected: string;
};

/** Builds the report of a finished run. */
export function buildDeployReport(
  spec: ClusterSpec,
  converged: Omit<Converged, 'lastGate' | 'proofs'>,
  outcome: Outcome,
): DeployReport {
  const { gate, certificates, configuration, leaves, tracks } = converged;
  return {
    ...collectClusterFacts(spec, { certificates, configuration, leaves, tracks }, outcome),
    ...collectServedFacts(spec, certificates, tracks),
    phases: outcome.phases,
    result: resultOf(determinePhase(tracks), outcome),
    changed: outcome.isChanged,
    ...collectMeshFacts(gate),
    inputChanges: [],
    changedObjects: outcome.objects,
    reloaded: converged.reloaded,
    disconnected: outcome.disconnected,
    issued: converged.issued,
    proofs: outcome.proofs,
    earlierProofs: outcome.earlierProofs,
  };
}

type ObservedState = Desired & {
  /** The passed gate; undefined when the servers could not be queried. */
  readonly gate: PassedGate | undefined;
  readonly proofs: readonly string[];
  readonly live: LiveState;
  readonly inputs: RenewalInputs;
  readonly phases: readonly Phase[];
  readonly now: Date;
  readonly nodePort: number | undefined;
};

/** Builds the report of `verify`, which changes nothing. */
export function buildVerifyReport(
  spec: ClusterSpec,
  { gate, proofs, live, tracks, issued, configuration, ...outcome }: ObservedState,
): DeployReport {
  const readyReplicas = live.pods.filter(({ ready }) => ready).length;
  const { certificates, leaves } = issued;
  return {
    ...collectClusterFacts(spec, { certificates, configuration, leaves, tracks }, outcome),
    ...collectServedFacts(spec, certificates, tracks),
    phases: outcome.phases,
    result: 'verified',
    changed: false,
    ...(gate === undefined
      ? { level: 'objects', versions: [], readyReplicas, pairs: [], metaLeader: undefined }
      : collectMeshFacts(gate)),
    inputChanges: [],
    changedObjects: [],
    reloaded: [],
    disconnected: 'no client disconnected',
    issued: [],
    proofs,
  };
}

type Facts = Pick<Converged, 'certificates' | 'configuration' | 'leaves' | 'tracks'>;

/** Returns the known facts about a state of the cluster. */
export function collectClusterFacts(
  spec: ClusterSpec,
  facts: Facts,
  outcome: Pick<Outcome, 'inputs' | 'now' | 'nodePort'>,
) {
  return {
    name: spec.name,
    namespace: spec.namespace,
    url: clientUrl(spec),
    externalUrl: formatExternalUrl(spec, outcome.nodePort),
    image: spec.image,
    servers: podNames(spec),
    clientTrust: facts.certificates.clientTrust,
    clientSecret: clusterNames(spec.name).clientSecret,
    certificateNotAfter: findEarliest(facts.leaves.map(({ notAfter }) => notAfter)),
    renewalDue: findRenewalDue(spec, facts, outcome),
    rotationPhase: determinePhase(facts.tracks),
    revision: facts.configuration.revision,
    configRevision: computeConfigRevision(spec, readOwnConfiguration(facts)),
  };
}

function collectServedFacts(spec: ClusterSpec, certificates: Certificates, { credentials }: Tracks) {
  return {
    signIn: signInOf(spec, credentials),
    certificates: listCertificates(certificates).map(({ kind, name, certificate: { notAfter } }) => {
      return { kind, name, notAfter };
    }),
  };
}

function signInOf({ name, clientVerify }: ClusterSpec, credentials: DeploymentCredentials): SignIn {
  const { systemCredentials, client } = credentials;
  const certificateSecret = clientVerify === 'none' ? undefined : namedClientSecretName(name, client.current.user);
  if (systemCredentials !== undefined) return { by: 'jwt', certificateSecret: undefined };
  return { by: clientVerify === 'verify-and-map' ? 'certificate' : 'user', certificateSecret };
}

/**
 * Returns the text of the user's configuration without secrets, because its passwords may differ between the stages of
 * a run.
 */
function readOwnConfiguration({ tracks }: Facts): string | undefined {
  const { configuration } = tracks.credentials;
  return configuration === undefined ? undefined : formatWithoutSecrets(configuration.tree);
}

function collectMeshFacts({ versions, readyReplicas, metaLeader, pairs }: PassedGate) {
  return {
    level: 'mesh',
    versions,
    readyReplicas,
    metaLeader,
    pairs: pairs.map(({ from, to, connections }) => ({ from, to, connections })),
  } as const;
}

/**
 * Returns the result of a run. A waiting rotation is reported as `rotating`, also by a run that finds nothing to do.
 */
function resultOf(phase: RotationPhase, { command, isChanged }: Outcome): DeployReport['result'] {
  if (command === 'rotate' && phase !== 'idle') {
    return 'rotating';
  }
  const done = command === 'rotate' ? 'rotated' : 'deployed';
  return isChanged ? done : 'unchanged';
}

/** Returns the time at which a scheduled `rotate` next finds something to do. */
function findRenewalDue(
  spec: ClusterSpec,
  { leaves, tracks }: Facts,
  { inputs, now }: Pick<Outcome, 'inputs' | 'now'>,
): Date {
  const { client, route } = tracks.cas;
  const authorities = [client, route].flatMap((track) => {
    const [certificate] = track === undefined ? [] : parseCertificates(track.current.certificate, 'ca.crt');
    return certificate === undefined || track?.current.custody === 'user'
      ? []
      : [computeCaDueDate(certificate, inputs)];
  });
  const nextPhaseAt = findNextPhaseTime(tracks, {
    now,
    caOverlapMs: inputs.caOverlapMs,
    clientVerify: spec.clientVerify,
  });
  return findEarliest([
    ...leaves.map(({ notAfter }) => new Date(notAfter.getTime() - inputs.renewBeforeMs)),
    ...authorities,
    ...(nextPhaseAt === undefined ? [] : [nextPhaseAt]),
  ]);
}

function findEarliest(dates: readonly Date[]): Date {
  return new Date(Math.min(...dates.map((date) => date.getTime())));
}
