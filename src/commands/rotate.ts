import type { ClusterSpec } from '../cluster/spec.ts';
import { inputInvalid } from '../inputs/grammar/violations.ts';
import type { DeployInputs, RotateInputs } from '../inputs/inputs.ts';
import { deployInputsFrom, settingsWith } from '../inputs/settings.ts';
import type { Ca, Credentials } from '../manifests/material.ts';
import { authorityViolation } from '../pki/authority-renewal.ts';
import { parseCertificates } from '../pki/certificate.ts';
import type { DeployReport } from '../report/reports.ts';
import { acceptedBy, begun, presentedBy, type Track } from '../rotation/track.ts';
import type { Run } from './context/run.ts';
import { requireDeployed } from './decision/deployed.ts';
import { buildSpec } from './desired/deployment.ts';
import { readKeptTracks } from './desired/kept-tracks.ts';
import { addConfigurationToSpec } from './desired/user-configuration.ts';
import { findOmittedServerNames, isReplacedBy } from './issuance/cas.ts';
import { beginReplacement } from './issuance/credentials.ts';
import { selectSigner } from './issuance/leaf-signer.ts';
import { postponedError } from './issuance/postponed.ts';
import { crossSign, issueCa, type Purpose } from './issuance/signing.ts';
import { advanceTracksFully, findNextPhaseTime, type Pace, type Tracks } from './issuance/tracks.ts';
import { readUserProvidedCertificates } from './issuance/user-provided.ts';
import { readLiveState } from './live/live-state.ts';
import { underLock } from './lock/locked-run.ts';
import { requireOwnObjects } from './preflight/neighbours.ts';
import { requireAcceptedCredentials, requireRotatable } from './preflight/operator-mode.ts';
import { requireDeployPermissions } from './preflight/preflight.ts';
import { realize } from './realization/realization.ts';
import { requireLoopbackName, requireSmokeTestable } from './realization/smoke-test.ts';

const NOTHING_OPTIONAL = { createNamespace: false, networkPolicy: false, metrics: false, jetstream: false } as const;

type Target = Exclude<RotateInputs['rotateTargets'][number], 'all'>;

/**
 * Replaces the certificates, CAs and credentials that are due or that the inputs name, without a restart. Continues a
 * rotation that an earlier run began. Everything else stays as the last deployment made it.
 */
export async function rotate(run: Run<RotateInputs>): Promise<DeployReport> {
  const { api, inputs, signal } = run;
  const namespace = inputs.namespace ?? api.connection.namespace ?? 'default';
  await requireDeployPermissions(api, namespace, NOTHING_OPTIONAL, signal);
  return await underLock(run, namespace, async (locked) => await rotateLocked(locked, namespace));
}

async function rotateLocked(run: Run<RotateInputs>, namespace: string): Promise<DeployReport> {
  const { api, inputs, runner, signal } = run;
  const live = await readLiveState(api, namespace, inputs.name, signal);
  const { statefulSet, settings } = requireDeployed(live, { name: inputs.name, namespace, command: 'rotate' });
  const deployment = deployInputsFrom(settings, runner.inputs);
  // The image and the number of the running servers are kept, because certificates need no restart.
  const running = buildSpec({ ...deployment, image: undefined }, namespace, live.image);
  const known = { ...running, replicas: statefulSet.desiredReplicas };

  const now = runner.now();
  const adopted = await readUserProvidedCertificates(known, { api, now, signal });
  requireSmokeTestable(inputs.smokeTest, adopted);
  const stored = await readKeptTracks(known, live, deployment, { now, given: inputs.authority });
  requireRotatable(inputs, stored.credentials, now);
  const spec = addConfigurationToSpec(known, stored.credentials);
  requireOwnObjects(spec, live);
  await requireAcceptedCredentials(run, { spec, live, credentials: stored.credentials });
  const targets = targetsOf(inputs);
  requireTargets(inputs, stored, targets);
  const tracks = await begunTracks({ run, spec, deployment: deployment, targets, now }, stored);
  requireLoopbackName(inputs.smokeTest, findOmittedServerNames(spec, tracks.cas.client));
  const isForced = inputs.force && targets.has('certificates');
  const pace = { now, caOverlapMs: deployment.caOverlapMs, clientVerify: spec.clientVerify };
  const forced = isForced ? forcedPurposes(stored, tracks, pace) : new Set<Purpose>();
  return await realize(
    { ...run, inputs: { ...deployment, command: 'rotate' } },
    {
      spec,
      servers: spec.replicas,
      live,
      adopted,
      settings: settingsWith(settings, runner.inputs),
      tracks,
      forced,
      createdNamespace: false,
      closed: new Map(),
    },
  );
}

/**
 * Returns the CAs whose certificates `force` replaces now. A CA whose rotation this run begins or carries past
 * `trust-both` is left out, because its rotation replaces every certificate.
 * @throws ActionError CHANGE_FORBIDDEN, reason CertificatePostponed, for a CA that can issue nothing now.
 */
export function forcedPurposes(before: Tracks, tracks: Tracks, pace: Pace): ReadonlySet<Purpose> {
  const reached = advanceTracksFully(tracks, pace);
  const forced = (['client', 'route'] as const).flatMap((purpose) => {
    const track = tracks.cas[purpose];
    const isBegun = before.cas[purpose]?.phase === 'idle' && track?.phase !== 'idle';
    if (track === undefined || isBegun) return [];
    const isKeyless = selectSigner(track, pace.now) !== presentedBy(track);
    const isReplaced = isKeyless && reached.cas[purpose]?.phase !== 'trust-both';
    return isReplaced ? [] : [{ purpose, isKeyless }];
  });
  const postponed = forced.filter(({ isKeyless }) => isKeyless);
  if (postponed.length > 0) {
    const issues = postponed.map(({ purpose }) => {
      return { name: `certificates for ${purpose}s`, message: 'are to be replaced because of `force`' };
    });
    throw postponedError(issues, findNextPhaseTime(tracks, pace));
  }
  return new Set(forced.map(({ purpose }) => purpose));
}

function targetsOf({ rotateTargets }: RotateInputs): ReadonlySet<Target> {
  const all = ['certificates', 'route-ca', 'ca', 'credentials'] as const;
  return new Set(rotateTargets.flatMap((target): readonly Target[] => (target === 'all' ? all : [target])));
}

/**
 * Refuses another password or CA than the cluster has when `rotate-targets` leaves out its target.
 * @throws ActionError INPUT_INVALID.
 */
export function requireTargets(
  { clientPassword, routePassword, authority }: Pick<RotateInputs, 'clientPassword' | 'routePassword' | 'authority'>,
  { cas, credentials }: Tracks,
  targets: ReadonlySet<Target>,
): void {
  const { client, route } = credentials;
  const isOther = (given: string | undefined, track: Track<Credentials>): boolean =>
    given !== undefined && !acceptedBy(track).some(({ password }) => password === given);
  const isOtherCa = authority !== undefined && cas.client !== undefined && isReplacedBy(cas.client, authority);
  const needed: readonly (readonly [boolean, string, Target])[] = [
    [isOther(clientPassword, client), 'client-password', 'credentials'],
    [isOther(routePassword, route), 'route-password', 'credentials'],
    [isOtherCa, 'ca-certificate', 'ca'],
  ];
  const violations = needed
    .filter(([isGiven, , target]) => isGiven && !targets.has(target))
    .map(([, input, target]) => ({
      input,
      message: `got another value than the cluster has, but \`rotate-targets\` (${[...targets].join(', ')}) leaves out \`${target}\``,
      correction: `rotate-targets: ${[...targets, target].join(', ')} # or remove ${input}`,
    }));
  if (violations.length > 0) {
    throw inputInvalid(violations);
  }
}

type Beginning = {
  readonly run: Run<RotateInputs>;
  readonly spec: ClusterSpec;
  readonly deployment: DeployInputs;
  readonly targets: ReadonlySet<Target>;
  readonly now: Date;
};

async function begunTracks(beginning: Beginning, { cas, credentials }: Tracks): Promise<Tracks> {
  const { run, deployment, targets } = beginning;
  const { force, clientPassword, routePassword } = run.inputs;
  const [client, route] = await Promise.all([
    targets.has('ca') ? begunAuthority(beginning, 'client', cas.client) : cas.client,
    targets.has('route-ca') ? begunAuthority(beginning, 'route', cas.route) : cas.route,
  ]);
  const isForced = force && targets.has('credentials');
  const isOtherPassword = clientPassword !== undefined && clientPassword !== credentials.client.current.password;
  // nats-server closes the routes that it opened by a URL that is removed, so for a moment servers cannot pass
  // messages.
  const isRouteForced = isForced && run.inputs.allow.includes('outage');
  const isOtherRoute = routePassword !== undefined && routePassword !== credentials.route.current.password;
  // With JWT authentication, the servers have no client user.
  const isClientForced = isForced && credentials.systemCredentials === undefined;
  const who = { client: isClientForced || isOtherPassword, route: isRouteForced || isOtherRoute };
  return {
    cas: { client, route },
    credentials: beginReplacement({ ...deployment, clientPassword, routePassword }, credentials, who),
  };
}

async function begunAuthority(
  { run, spec, deployment, now }: Beginning,
  purpose: Purpose,
  track: Track<Ca> | undefined,
): Promise<Track<Ca> | undefined> {
  if (track === undefined || track.phase !== 'idle') {
    return track;
  }
  const { authority, force } = run.inputs;
  const { current } = track;
  const given = purpose === 'client' ? authority : undefined;
  const reason =
    given !== undefined && isReplacedBy(track, given) ? 'another one is given' : due(current, deployment, force, now);
  if (reason === undefined) {
    return track;
  }
  run.runner.info(`rotation of the authority for ${purpose}s begins: ${reason}`);
  const next: Ca =
    given === undefined
      ? await issueCa(spec, purpose, { now, caValidityMs: deployment.caValidityMs })
      : { ...given, custody: 'user', cross: undefined };
  return begun(track, crossSign(spec, purpose, { next, before: current, now }));
}

/**
 * Returns why a generated CA has to be replaced; undefined when it stays. A user's CA is replaced only by another CA of
 * the user.
 */
function due(
  { certificate, custody }: Ca,
  { certificateValidityMs, renewBeforeMs, keyAlgorithm }: DeployInputs,
  force: boolean,
  now: Date,
): string | undefined {
  const [own] = parseCertificates(certificate, 'ca.crt');
  if (custody === 'user' || own === undefined) {
    return undefined;
  }
  const violation = authorityViolation(own, { certificateValidityMs, renewBeforeMs, keyAlgorithm, now });
  return violation?.message ?? (force ? 'is to be replaced' : undefined);
}
