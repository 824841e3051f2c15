import type { ClusterSpec } from '../cluster/spec.ts';
import type { DeployInputs, RotateInputs } from '../inputs/inputs.ts';
import { deployInputsFrom, settingsWith } from '../inputs/settings.ts';
import type { Authority } from '../manifests/material.ts';
import { authorityViolation } from '../pki/authority-renewal.ts';
import { parseCertificates } from '../pki/certificate.ts';
import type { DeployReport } from '../report/deploy-report.ts';
import { begun, type Track } from '../rotation/track.ts';
import { requireDeployed } from './deployed.ts';
import { deploymentSpec } from './deployment.ts';
import { isReplacedBy } from './issuance/authorities.ts';
import { replacedCredentials } from './issuance/credentials.ts';
import { keptTracks } from './issuance/kept-tracks.ts';
import { introduced, newAuthority, type Purpose } from './issuance/signing.ts';
import type { Tracks } from './issuance/tracks.ts';
import { underLock } from './lock/locked-run.ts';
import { requireAcceptedCredentials } from './preflight/accepted-credentials.ts';
import { adoptedCertificates } from './preflight/adoption.ts';
import { readLiveState } from './preflight/live-state.ts';
import { requireRotatable } from './preflight/operator-mode.ts';
import { requireDeployPermissions, requireExpectedCluster } from './preflight/preflight.ts';
import { configuredSpec } from './preflight/user-configuration.ts';
import { realize } from './realization.ts';
import type { Run } from './run.ts';
import { requireSmokeTestable } from './smoke-test.ts';

const NOTHING_OPTIONAL = { createNamespace: false, networkPolicy: false, metrics: false, jetstream: false } as const;

type Target = Exclude<RotateInputs['rotateTargets'][number], 'all'>;

/**
 * Replaces certificates, authorities and credentials that are due, or that it was told to, without a restart; goes on
 * with what an earlier run began. Everything else stays as the last deployment made it.
 */
export async function rotate(run: Run<RotateInputs>): Promise<DeployReport> {
  const { api, inputs, signal } = run;
  requireExpectedCluster(api, inputs.expectedCluster);
  const namespace = inputs.namespace ?? api.connection.namespace ?? 'default';
  await requireDeployPermissions(api, namespace, NOTHING_OPTIONAL, signal);
  return await underLock(run, namespace, async (locked) => await rotateLocked(locked, namespace));
}

async function rotateLocked(run: Run<RotateInputs>, namespace: string): Promise<DeployReport> {
  const { api, inputs, runner, signal } = run;
  const live = await readLiveState(api, namespace, inputs.name, signal);
  const { statefulSet, settings } = requireDeployed(live, { name: inputs.name, namespace, command: 'rotate' });
  const deployment = deployInputsFrom(settings, runner.inputs);
  // Whatever servers run and however many: certificates need no restart.
  const running = deploymentSpec({ ...deployment, image: undefined }, namespace, live.image);
  const known = { ...running, replicas: statefulSet.desiredReplicas };

  const now = runner.now();
  const adopted = await adoptedCertificates(known, { api, now, signal });
  requireSmokeTestable(inputs.smokeTest, adopted);
  const stored = await keptTracks(known, live, deployment, { now, given: inputs.authority });
  requireRotatable(inputs, stored.credentials, now);
  const spec = configuredSpec(known, stored.credentials);
  await requireAcceptedCredentials(run, { spec, live, credentials: stored.credentials });
  const targets = targetsOf(inputs);
  const tracks = await begunTracks({ run, spec, deployment: deployment, targets, now }, stored);
  const isLeafForced = inputs.force && targets.has('leaves');
  const forced = (['client', 'route'] as const).filter(
    (purpose) => isLeafForced && tracks.authorities[purpose]?.phase === 'idle',
  );
  return await realize(
    { ...run, inputs: { ...deployment, command: 'rotate' } },
    {
      spec,
      servers: spec.replicas,
      live,
      adopted,
      settings: settingsWith(settings, runner.inputs),
      tracks,
      forced: new Set(forced),
      createdNamespace: false,
      closed: new Map(),
    },
  );
}

function targetsOf({ rotateTargets }: RotateInputs): ReadonlySet<Target> {
  const all = ['leaves', 'route-ca', 'ca', 'credentials'] as const;
  return new Set(rotateTargets.flatMap((target): readonly Target[] => (target === 'all' ? all : [target])));
}

type Beginning = {
  readonly run: Run<RotateInputs>;
  readonly spec: ClusterSpec;
  readonly deployment: DeployInputs;
  readonly targets: ReadonlySet<Target>;
  readonly now: Date;
};

async function begunTracks(beginning: Beginning, { authorities, credentials }: Tracks): Promise<Tracks> {
  const { run, deployment, targets } = beginning;
  const { force, clientPassword, routePassword } = run.inputs;
  const [client, route] = await Promise.all([
    targets.has('ca') ? begunAuthority(beginning, 'client', authorities.client) : authorities.client,
    targets.has('route-ca') ? begunAuthority(beginning, 'route', authorities.route) : authorities.route,
  ]);
  const isForced = force && targets.has('credentials');
  const isOtherPassword = clientPassword !== undefined && clientPassword !== credentials.client.current.password;
  // nats-server closes the routes it opened by a URL that it no longer has: for a moment messages have no way across.
  const isRouteForced = isForced && run.inputs.allow.includes('outage');
  const isOtherRoute = routePassword !== undefined && routePassword !== credentials.route.current.password;
  // Where JWTs prove users, the servers know no client user.
  const isClientForced = isForced && credentials.systemCredentials === undefined;
  const who = { client: isClientForced || isOtherPassword, route: isRouteForced || isOtherRoute };
  return {
    authorities: { client, route },
    credentials: replacedCredentials({ ...deployment, clientPassword, routePassword }, credentials, who),
  };
}

async function begunAuthority(
  { run, spec, deployment, now }: Beginning,
  purpose: Purpose,
  track: Track<Authority> | undefined,
): Promise<Track<Authority> | undefined> {
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
  const next: Authority =
    given === undefined
      ? await newAuthority(spec, purpose, { now, caValidityMs: deployment.caValidityMs })
      : { ...given, custody: 'user', cross: undefined };
  return begun(track, introduced(spec, purpose, { next, before: current, now }));
}

/** Why a generated authority is to be replaced; those of users are replaced by theirs alone. */
function due(
  { certificate, custody }: Authority,
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
