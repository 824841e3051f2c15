import { configurationSecretName } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import { type Disconnections, describeDisconnections } from '../../forecast/consequences.ts';
import { secretKeys, selectSystemUser } from '../../manifests/material.ts';
import { parseCertificates } from '../../pki/certificate.ts';
import type { Run } from '../context/run.ts';
import { collectMaterial, type Desired } from '../desired/desired.ts';
import type { Gate, GateRun } from '../gate/mesh-gate.ts';
import { retryAfterReload } from '../gate/rereading.ts';
import type { IssuancePolicy } from '../issuance/leaf-signer.ts';
import type { UserProvidedCertificates } from '../issuance/user-provided.ts';
import type { LiveState } from '../live/live-state.ts';
import type { ExpectedServers, ServerExpectation } from '../pods/pod-observation.ts';
import { verifyTrust } from '../proofs/client-proofs.ts';
import { requireRouteHandshakes } from '../proofs/outside-proofs.ts';
import type { ReloadReaction } from '../reload/reloads.ts';
import { Trial } from '../reload/trial.ts';
import { findDisconnections, findPhaseDisconnections } from './disconnections.ts';
import { verifyFirstServer } from './first-server-proof.ts';
import { isVolumeCurrent } from './replacement.ts';

/** The transition of the cluster to one state, which is applied and verified as a whole. */
export type Transition = {
  readonly spec: ClusterSpec;
  /** The live state before anything was applied. */
  readonly live: LiveState;
  /** The settings as `buildServerSettings` writes them. */
  readonly settings: string;
  readonly desired: Desired;
  /** The trial of the state on the first server. */
  readonly trial: Trial;
  /** Whether this state differs from the one that was last verified. */
  readonly isNewState: boolean;
  /** The clients that reloads to this state disconnect, in words. */
  readonly disconnected: string;
  /** Whether servers keep their pod template for now, because some servers still have to be removed. */
  readonly holdsTemplate: boolean;
};

/** The state to reach, and the live state before. */
export type Goal = Pick<Transition, 'spec' | 'live' | 'settings'> & {
  readonly userProvided: UserProvidedCertificates;
  readonly forced: IssuancePolicy['forced'];
  /** The connections that servers close because they exceed `max-connections`. */
  readonly closed: Disconnections['closed'];
  /**
   * Whether servers keep their pod template and no rotation continues for now, because some servers still have to be
   * removed.
   */
  readonly holdsTemplate?: boolean;
};

/** The last phase that was verified on every server. */
type VerifiedPhase = { readonly desired: Desired; readonly revision: string };

/** Returns the transition to a phase; `before` is the phase that this run verified before. */
export function beginTransition(goal: Goal, desired: Desired, before: VerifiedPhase | undefined): Transition {
  const { spec, live, settings, closed, holdsTemplate = false } = goal;
  const { credentials } = desired.tracks;
  const known = before === undefined ? live.verifiedRevision?.split('.')[0] : before.revision;
  const disconnections =
    before === undefined
      ? findDisconnections(live.stored, credentials, closed)
      : findPhaseDisconnections(before.desired.tracks.credentials, credentials);
  return {
    spec,
    live,
    settings,
    desired,
    holdsTemplate,
    trial: new Trial(() => performance.now()),
    isNewState: known !== desired.configuration.revision,
    disconnected: describeDisconnections(disconnections),
  };
}

/** Builds the gate of a transition: the expected state of every server, and the way to bring a server to it. */
export function buildGate(
  run: GateRun & Pick<Run<unknown>, 'runner'>,
  transition: Transition,
  podRevision: ServerExpectation['podRevision'],
): Gate {
  const { api, signal, runner, diagnoser } = run;
  const { spec, desired, settings, trial, isNewState, disconnected } = transition;
  const { certificates } = desired.issued;
  const { credentials } = desired.tracks;
  const servers = expectServers(run, transition, podRevision);
  const { redact } = diagnoser;
  const areVolumesCurrent = async (): Promise<boolean> =>
    await isVolumeCurrent(api, spec, collectMaterial(settings, desired), signal);
  const reload: ReloadReaction = {
    trial,
    isNewState,
    disconnected,
    info: runner.info,
    redact,
    isVolumeCurrent: areVolumesCurrent,
    verify: async (pod) => await requireRouteHandshakes({ api, spec, signal, certificates }, [pod]),
    verifyFirst: async (pod) => {
      const isReloaded = trial.how() === 'reload';
      const touched = { isReloaded, wasHealthy: !trial.wasSick(), touchedMsAgo: trial.msAgo() };
      const material = { credentials, certificates, isVolumeCurrent: areVolumesCurrent };
      await verifyFirstServer({ servers, redact, ...material, ...touched }, pod);
    },
  };
  return { ...servers, reactions: { reload } };
}

/** Returns the state that every server is to have, and the way to reach the servers. */
export function expectServers(
  { api, signal }: Pick<Run<unknown>, 'api' | 'signal'>,
  { spec, live, desired }: Pick<Transition, 'spec' | 'live' | 'desired'>,
  podRevision: ServerExpectation['podRevision'],
): ExpectedServers {
  const { tracks, issued, configuration } = desired;
  const { certificates } = issued;
  const { credentials } = tracks;
  const [leaf] = parseCertificates(certificates.server.certificate, 'tls.crt');
  return {
    expected: {
      spec,
      revision: configuration.revision,
      podRevision,
      fingerprint: leaf?.fingerprint256 ?? '',
      ranRelease: live.verifiedDeployment?.release,
    },
    access: {
      api,
      spec,
      signal,
      system: selectSystemUser(credentials),
      // A server presents its earlier certificate until it is reloaded.
      trust: `${certificates.clientTrust}${live.stored.clientTrust ?? ''}`,
      clientCertificate: certificates.clients[credentials.system.user],
    },
  };
}

const TRUST_ATTEMPTS = 3;

/**
 * Verifies which CAs the servers trust in this phase of a rotation.
 * @throws ActionError ROTATION_UNSAFE
 */
export async function requireTrust(
  run: GateRun & Pick<Run<unknown>, 'runner'>,
  transition: Transition,
  updateRevision: string,
): Promise<void> {
  const { api, runner, signal } = run;
  const { spec, desired } = transition;
  const { certificates } = desired.issued;
  const gate = buildGate(run, transition, () => updateRevision);
  const check = { gate, info: runner.info, code: 'ROTATION_UNSAFE', attempts: TRUST_ATTEMPTS } as const;
  const verified = await retryAfterReload(
    check,
    async () => await verifyTrust({ api, spec, signal, certificates, now: runner.now() }),
  );
  verified.forEach((line) => runner.info(`verified: ${line}`));
}

/** Returns the same servers in the state that the Secrets held before anything was applied. */
export function expectStoredServers(
  { expected, access }: ExpectedServers,
  { spec, live }: Pick<Transition, 'spec' | 'live'>,
): ExpectedServers {
  const { system = access.system, server } = live.stored;
  const configuration = live.secrets.find(({ name }) => name === configurationSecretName(spec.name, 0));
  const [, revision = expected.revision] =
    /"rev:([0-9a-f]+)"/.exec(configuration?.data[secretKeys.configuration] ?? '') ?? [];
  const [leaf] = server === undefined ? [] : parseCertificates(server.certificate, 'tls.crt');
  const isByJwt = access.system.jwt !== undefined;
  return {
    expected: { ...expected, revision, fingerprint: leaf?.fingerprint256 ?? expected.fingerprint },
    access: { ...access, system: isByJwt ? access.system : system },
  };
}
