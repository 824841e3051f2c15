import { findInputChanges, type InputChange, renderInputChange } from '../../change/input-change.ts';
import type { DeployInputs } from '../../inputs/inputs.ts';
import { settingsOf, statedDeployment } from '../../inputs/settings.ts';
import { collectMaterialSecrets } from '../../manifests/secret-values.ts';
import type { Run } from '../context/run.ts';
import { allOrFirstError } from '../context/together.ts';
import { fitCredentials } from '../desired/configuration.ts';
import { buildSpec, hasPodMonitorKind, requireOverridable, requirePullSecrets } from '../desired/deployment.ts';
import { addConfiguration, addConfigurationToSpec, requireFreeUserNames } from '../desired/user-configuration.ts';
import { describeOmittedNames, findOmittedServerNames, prepareCas, requireSameCa } from '../issuance/cas.ts';
import { prepareCredentials } from '../issuance/credentials.ts';
import { readUserProvidedCertificates } from '../issuance/user-provided.ts';
import { type LiveState, readLiveState } from '../live/live-state.ts';
import type { PreviewRecord } from '../live/preview-record.ts';
import { requireOwnLease } from '../lock/lock.ts';
import { requireAcceptedConfiguration } from '../preflight/accepted-configuration.ts';
import { requireAccountsFit, requireServedStreams } from '../preflight/account-streams.ts';
import { requireRoomForClients, requireRoomToSignIn } from '../preflight/connection-limits.ts';
import { isRunning, readLastDeployment, requireChangeable } from '../preflight/forbidden-changes.ts';
import { requireFittingVolumes } from '../preflight/kept-volumes.ts';
import { determineFirstReplicas } from '../preflight/leaving-servers.ts';
import { readLeases, requireNoNeighbour } from '../preflight/neighbours.ts';
import {
  requireAcceptedCredentials,
  requireOperatorInputs,
  requireSameAuthMode,
  warnOfSlowHashes,
} from '../preflight/operator-mode.ts';
import {
  countSchedulableNodes,
  requireDeployPermissions,
  requireNamespace,
  requireNodes,
  requireSupportedImage,
} from '../preflight/preflight.ts';
import { requirePreviewable } from '../previews/term.ts';
import type { Decision } from '../realization/realization.ts';
import { requireLoopbackName, requireSmokeTestable } from '../realization/smoke-test.ts';
import { planTakeover, type Takeover } from '../takeover/takeover.ts';

/** The namespace of a deployment. */
export type Place = {
  readonly namespace: string;
  /** Whether this run created the namespace; with `dryRun`, whether it would. */
  readonly createdNamespace: boolean;
};

/**
 * Refuses each run that can be refused before the deployment is read, and makes sure that its namespace exists. Changes
 * nothing with `dryRun`.
 */
export async function admittedTo(run: Run<DeployInputs>, { dryRun }: { readonly dryRun: boolean }): Promise<Place> {
  const { api, inputs, signal } = run;
  const namespace = inputs.namespace ?? api.connection.namespace ?? 'default';
  if (inputs.image !== undefined) {
    requireSupportedImage(inputs.image);
  }
  requireOverridable(inputs, namespace);
  requireOperatorInputs(inputs, run.runner.now());
  warnOfSlowHashes(run.runner, inputs.users);
  const { createNamespace } = inputs;
  const permissions = async (): Promise<void> => {
    const metrics = inputs.metrics && (await hasPodMonitorKind(api, signal));
    await requireDeployPermissions(api, namespace, { ...inputs, metrics }, signal);
  };
  const created = requireNamespace(api, namespace, { createNamespace, dryRun }, signal);
  // The creator of a namespace may be granted the rights in it only after the creation.
  const [createdNamespace] = await allOrFirstError(
    created,
    createNamespace ? created.then(permissions) : permissions(),
  );
  return { namespace, createdNamespace };
}

export type DeployDecision = Decision & {
  /** The differences from the last deployment. */
  readonly changes: readonly InputChange[];
  /** One line for each check that could not be made before the deployment. */
  readonly unchecked: readonly string[];
  /** The objects of other owners that are taken over first; undefined without any. */
  readonly takeover: Takeover | undefined;
  /** The record of the deployment as a preview. */
  readonly preview: PreviewRecord;
};

/**
 * Computes the decision of `deploy` from the live state and the inputs. Refuses each change that can be refused by
 * reading alone, and changes nothing.
 */
export async function decided(run: Run<DeployInputs>, { namespace, createdNamespace }: Place): Promise<DeployDecision> {
  const { api, inputs, runner, signal } = run;
  const [live, nodes, leases] = await allOrFirstError(
    readLiveState(api, namespace, inputs.name, signal),
    countSchedulableNodes(api, inputs, signal),
    readLeases(api, namespace, inputs.name, signal),
  );
  if (leases.lock !== undefined) {
    requireOwnLease(inputs.name, leases.lock);
  }
  const { preview } = leases;
  requirePreviewable(inputs, live, preview, runner.givenName ?? inputs.name);
  const asked = buildSpec(inputs, namespace, live.image);
  requireNoNeighbour(asked, live, leases);
  requireSupportedImage(asked.image);
  requireChangeable(inputs, live);
  requireSameAuthMode(inputs, live);
  requireNodes(asked, nodes);
  await requirePullSecrets(api, asked, signal);

  const now = runner.now();
  const adopted = await readUserProvidedCertificates(asked, { api, now, signal });
  requireSmokeTestable(inputs.smokeTest, adopted);
  const wanted = addConfiguration(prepareCredentials(inputs, live.stored), inputs.config, live);
  const spec = addConfigurationToSpec(asked, wanted);
  // The settings name the image even if the input is absent: another run without the input is then not a change, and
  // another image is drift.
  const settings = settingsOf(new Map([...runner.inputs, ['image', spec.image]]));
  requireFreeUserNames(spec, wanted);
  const credentials = fitCredentials({ spec, credentials: wanted, settings }, inputs.rollbackOnFailure);
  if (credentials !== wanted) runner.info(UNKEPT);
  requireRoomToSignIn(spec, credentials);
  requireAccountsFit(spec, credentials);
  // Running servers check the configuration and may quote it.
  collectMaterialSecrets(credentials, { client: undefined, route: undefined }).forEach(runner.hide);
  const unasked = await requireAcceptedConfiguration(run, { spec, live, credentials });
  const unchecked = unasked === undefined ? [] : [`configuration: not checked by a running server, as ${unasked}`];
  unchecked.forEach(runner.info);
  await requireAcceptedCredentials(run, { spec, live, credentials });
  const authorities = await prepareCas(spec, live.stored, {
    now,
    caValidityMs: inputs.caValidityMs,
    given: inputs.authority,
    isRunning: isRunning(live),
  });
  requireSameCa(authorities, inputs.authority);
  const omitted = findOmittedServerNames(spec, authorities.client);
  requireLoopbackName(inputs.smokeTest, omitted);
  describeOmittedNames(omitted).forEach(runner.info);
  const [servers, closed] = await allOrFirstError(
    determineFirstReplicas(run, { spec, live, credentials }),
    requireRoomForClients(run, { spec, live, credentials }),
    requireServedStreams(run, { spec, live, credentials }),
    requireFittingVolumes(api, spec, live, signal),
  );
  const changes = changesTo(settings, live);
  changes.forEach((change) => runner.info(`change: ${renderInputChange(change)}`));
  const tracks = { cas: authorities, credentials };
  collectMaterialSecrets(credentials, authorities).forEach(runner.hide);
  const takeover = await planTakeover(run, { spec, live, adopted, tracks });
  return {
    spec,
    servers,
    live,
    adopted,
    settings,
    tracks,
    forced: new Set([]),
    createdNamespace,
    closed,
    changes,
    unchecked,
    takeover,
    preview,
  };
}

const UNKEPT =
  'configuration: the one before is not kept for a rollback, because a Secret cannot hold both; `rollback-on-failure` needs a smaller one';

function changesTo(settings: string, live: LiveState): readonly InputChange[] {
  const before = readLastDeployment(live);
  return before === undefined ? [] : findInputChanges(before, statedDeployment(settings));
}
