import type { RotateInputs } from '../inputs/inputs.ts';
import { mergeSettings, readDeployInputs } from '../inputs/settings.ts';
import type { DeployReport } from '../report/reports.ts';
import type { Run } from './context/run.ts';
import { requireDeployed } from './decision/deployed.ts';
import { decideRotation } from './decision/rotation.ts';
import { buildSpec } from './desired/deployment.ts';
import { readKeptTracks } from './desired/kept-tracks.ts';
import { addConfigurationToSpec } from './desired/user-configuration.ts';
import { readUserProvidedCertificates } from './issuance/user-provided.ts';
import { readLiveState } from './live/live-state.ts';
import { underLock } from './lock/locked-run.ts';
import { requireOwnObjects } from './preflight/neighbours.ts';
import { requireAcceptedCredentials, requireRotatable } from './preflight/operator-mode.ts';
import { requireDeployPermissions } from './preflight/permissions.ts';
import { realize } from './realization/realization.ts';
import { requireSmokeTestable } from './realization/smoke-test.ts';

const NOTHING_OPTIONAL = { createNamespace: false, networkPolicy: false, metrics: false, jetstream: false } as const;

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
  const deployment = readDeployInputs(settings, runner.inputs);
  // The image and the number of the running servers are kept, because certificates need no restart.
  const running = buildSpec({ ...deployment, image: undefined }, namespace, live.image);
  const known = { ...running, replicas: statefulSet.desiredReplicas };
  const now = runner.now();
  const userProvided = await readUserProvidedCertificates(known, { api, now, signal });
  requireSmokeTestable(inputs.smokeTest, userProvided);
  const stored = await readKeptTracks(known, live, deployment, { now, given: inputs.ca });
  requireRotatable(inputs, stored.credentials, now);
  const spec = addConfigurationToSpec(known, stored.credentials);
  requireOwnObjects(spec, live);
  await requireAcceptedCredentials(run, { spec, live, credentials: stored.credentials });
  const rotation = await decideRotation(run, { spec, deployment, stored, now });
  return await realize(
    { ...run, inputs: { ...deployment, command: 'rotate' } },
    {
      ...rotation,
      spec,
      live,
      userProvided,
      servers: spec.replicas,
      settings: mergeSettings(settings, runner.inputs),
      createdNamespace: false,
      closed: new Map(),
    },
  );
}
