import type { ClusterSpec } from '../../cluster/spec.ts';
import { createInputError } from '../../inputs/grammar/violations.ts';
import type { DeployInputs, RotateInputs } from '../../inputs/inputs.ts';
import type { Ca, Credentials } from '../../manifests/material.ts';
import { checkCa } from '../../pki/ca-renewal.ts';
import { parseCertificates } from '../../pki/certificate.ts';
import { beginRotation, listAccepted, selectPresented, type Track } from '../../rotation/track.ts';
import type { Run } from '../context/run.ts';
import { findOmittedServerNames, isReplacedBy } from '../issuance/cas.ts';
import { beginReplacement } from '../issuance/credentials.ts';
import { postponedError } from '../issuance/issuance.ts';
import { selectSigner } from '../issuance/leaf-signer.ts';
import { crossSign, issueCa, type Purpose } from '../issuance/signing.ts';
import { advanceTracksFully, findNextPhaseTime, type Pace, type Tracks } from '../issuance/tracks.ts';
import type { Decision } from '../realization/realization.ts';
import { requireLoopbackName } from '../realization/smoke-test.ts';

type Target = Exclude<RotateInputs['rotateTargets'][number], 'all'>;

/** The deployment whose certificates, CAs and credentials are rotated. */
type Rotated = {
  readonly spec: ClusterSpec;
  readonly deployment: DeployInputs;
  readonly stored: Tracks;
  readonly now: Date;
};

/**
 * Decides which rotations begin, and which certificates `force` replaces.
 * @throws ActionError INPUT_INVALID as `requireTargets`; CHANGE_FORBIDDEN as `findForcedPurposes`
 */
export async function decideRotation(
  run: Run<RotateInputs>,
  rotated: Rotated,
): Promise<Pick<Decision, 'tracks' | 'forced'>> {
  const { inputs } = run;
  const { spec, deployment, stored, now } = rotated;
  const targets = selectTargets(inputs);
  requireTargets(inputs, stored, targets);
  const tracks = await beginRotations(run, rotated, targets);
  requireLoopbackName(inputs.smokeTest, findOmittedServerNames(spec, tracks.cas.client));
  const pace = { now, caOverlapMs: deployment.caOverlapMs, clientVerify: spec.clientVerify };
  const isForced = inputs.force && targets.has('certificates');
  return { tracks, forced: isForced ? findForcedPurposes(stored, tracks, pace) : new Set<Purpose>() };
}

/**
 * Returns the CAs whose certificates `force` replaces now. A CA whose rotation this run begins or carries past
 * `trust-both` is left out, because its rotation replaces every certificate.
 * @throws ActionError CHANGE_FORBIDDEN, reason CertificatePostponed, for a CA that can issue nothing now.
 */
export function findForcedPurposes(before: Tracks, tracks: Tracks, pace: Pace): ReadonlySet<Purpose> {
  const reached = advanceTracksFully(tracks, pace);
  const forced = (['client', 'route'] as const).flatMap((purpose) => {
    const track = tracks.cas[purpose];
    const isBegun = before.cas[purpose]?.phase === 'idle' && track?.phase !== 'idle';
    if (track === undefined || isBegun) return [];
    const isKeyless = selectSigner(track, pace.now) !== selectPresented(track);
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

function selectTargets({ rotateTargets }: RotateInputs): ReadonlySet<Target> {
  const all = ['certificates', 'route-ca', 'ca', 'credentials'] as const;
  return new Set(rotateTargets.flatMap((target): readonly Target[] => (target === 'all' ? all : [target])));
}

/**
 * Refuses another password or CA than the cluster has when `rotate-targets` leaves out its target.
 * @throws ActionError INPUT_INVALID.
 */
export function requireTargets(
  { clientPassword, routePassword, ca }: Pick<RotateInputs, 'clientPassword' | 'routePassword' | 'ca'>,
  { cas, credentials }: Tracks,
  targets: ReadonlySet<Target>,
): void {
  const { client, route } = credentials;
  const isOther = (given: string | undefined, track: Track<Credentials>): boolean =>
    given !== undefined && !listAccepted(track).some(({ password }) => password === given);
  const isOtherCa = ca !== undefined && cas.client !== undefined && isReplacedBy(cas.client, ca);
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
    throw createInputError(violations);
  }
}

/** Begins the rotations that are due, forced, or asked for by another value. */
async function beginRotations(run: Run<RotateInputs>, rotated: Rotated, targets: ReadonlySet<Target>): Promise<Tracks> {
  const { deployment, stored } = rotated;
  const { cas, credentials } = stored;
  const { force, clientPassword, routePassword } = run.inputs;
  const [client, route] = await Promise.all([
    targets.has('ca') ? beginCaRotation(run, rotated, 'client') : cas.client,
    targets.has('route-ca') ? beginCaRotation(run, rotated, 'route') : cas.route,
  ]);
  const isForced = force && targets.has('credentials');
  const isOtherPassword = clientPassword !== undefined && clientPassword !== credentials.client.current.password;
  // nats-server closes the routes that it opened by a removed URL, so servers cannot pass messages for a moment. A
  // replacement that is only forced therefore needs `allow: outage`.
  const isRouteForced = isForced && run.inputs.allow.includes('outage');
  const isOtherRoute = routePassword !== undefined && routePassword !== credentials.route.current.password;
  // With JWT authentication, the servers have no client user.
  const isClientForced = isForced && credentials.systemCredentials === undefined;
  const isReplaced = { client: isClientForced || isOtherPassword, route: isRouteForced || isOtherRoute };
  return {
    cas: { client, route },
    credentials: beginReplacement({ ...deployment, clientPassword, routePassword }, credentials, isReplaced),
  };
}

async function beginCaRotation(
  run: Run<RotateInputs>,
  { spec, deployment, stored, now }: Rotated,
  purpose: Purpose,
): Promise<Track<Ca> | undefined> {
  const track = stored.cas[purpose];
  if (track === undefined || track.phase !== 'idle') {
    return track;
  }
  const { ca, force } = run.inputs;
  const { current } = track;
  const given = purpose === 'client' ? ca : undefined;
  const reason =
    given !== undefined && isReplacedBy(track, given)
      ? '`ca-certificate` is another CA'
      : findReasonToReplace(current, deployment, force, now);
  if (reason === undefined) {
    return track;
  }
  run.runner.info(`rotation of the CA for ${purpose}s begins: ${reason}`);
  const next: Ca =
    given === undefined
      ? await issueCa(spec, purpose, { now, caValidityMs: deployment.caValidityMs })
      : { ...given, custody: 'user', cross: undefined };
  return beginRotation(track, crossSign(spec, purpose, { next, before: current, now }));
}

/**
 * Returns why a generated CA has to be replaced; undefined when it stays. A user's CA is replaced only by another CA of
 * the user.
 */
function findReasonToReplace(
  { certificate, custody }: Ca,
  { certificateValidityMs, renewBeforeMs, keyAlgorithm }: DeployInputs,
  force: boolean,
  now: Date,
): string | undefined {
  const [own] = parseCertificates(certificate, 'ca.crt');
  if (custody === 'user' || own === undefined) {
    return undefined;
  }
  const violation = checkCa(own, { certificateValidityMs, renewBeforeMs, keyAlgorithm, now });
  return violation?.message ?? (force ? 'is replaced because of `force`' : undefined);
}
