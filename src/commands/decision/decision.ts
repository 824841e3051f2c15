import { findInputChanges, type InputChange, renderInputChange } from '../../change/input-change.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import type { DeployInputs } from '../../inputs/inputs.ts';
import { readStatedDeployment, settingsOf } from '../../inputs/settings.ts';
import { collectMaterialSecrets } from '../../manifests/secret-values.ts';
import type { Run } from '../context/run.ts';
import { fitCredentials } from '../desired/configuration.ts';
import { addConfiguration, addConfigurationToSpec, requireFreeUserNames } from '../desired/user-configuration.ts';
import { describeOmittedNames, findOmittedServerNames, prepareCas, requireSameCa } from '../issuance/cas.ts';
import { prepareCredentials } from '../issuance/credentials.ts';
import type { Tracks } from '../issuance/tracks.ts';
import { readUserProvidedCertificates } from '../issuance/user-provided.ts';
import { isRunning, type LiveState } from '../live/live-state.ts';
import type { PreviewRecord } from '../live/preview-record.ts';
import { readLastDeployment } from '../preflight/forbidden-changes.ts';
import type { Decision } from '../realization/realization.ts';
import { requireLoopbackName, requireSmokeTestable } from '../realization/smoke-test.ts';
import { planTakeover, type Takeover } from '../takeover/takeover.ts';
import { type Place, readAdmitted, requireAccepted, requireRoom, requireRunnable } from './admission.ts';

export type DeployDecision = Decision & {
  /** The differences from the last deployment. */
  readonly changes: readonly InputChange[];
  /** One line for each check that could not be made before the deployment. */
  readonly unchecked: readonly string[];
  /** One line about streams that lose their messages because their server restarts. */
  readonly emptied: readonly string[];
  /** The objects of other owners that are taken over first; undefined without any. */
  readonly takeover: Takeover | undefined;
  /** The record of the deployment as a preview. */
  readonly preview: PreviewRecord;
};

/**
 * Computes the decision of `deploy` from the live state and the inputs. Refuses each change that can be refused by
 * reading alone, and changes nothing.
 */
export async function decideDeployment(run: Run<DeployInputs>, place: Place): Promise<DeployDecision> {
  const { api, inputs, runner, signal } = run;
  const { asked, live, preview } = await readAdmitted(run, place.namespace);
  const userProvided = await readUserProvidedCertificates(asked, { api, now: runner.now(), signal });
  requireSmokeTestable(inputs.smokeTest, userProvided);
  const { spec, settings, credentials } = decideCredentials(run, asked, live);
  const unchecked = await requireAccepted(run, { spec, live, credentials });
  const cas = await decideCas(run, spec, live);
  const changes = listInputChanges(settings, live);
  const { servers, closed, emptied } = await requireRunnable(run, { spec, live, credentials, changes });
  changes.forEach((change) => runner.info(`change: ${renderInputChange(change)}`));
  emptied.forEach((text) => runner.warning('Streams in memory', text));
  const tracks = { cas, credentials };
  collectMaterialSecrets(credentials, cas).forEach(runner.hide);
  const takeover = await planTakeover(run, { spec, live, userProvided, tracks });
  return {
    spec,
    servers,
    live,
    userProvided,
    settings,
    tracks,
    closed,
    changes,
    unchecked,
    emptied,
    takeover,
    preview,
    forced: new Set([]),
    createdNamespace: place.createdNamespace,
  };
}

const NO_ROLLBACK_COPY =
  'configuration: the previous one is not kept for a rollback, because a Secret cannot hold both; to use `rollback-on-failure`, make the configuration smaller';

type Credentials = Pick<Decision, 'spec' | 'settings'> & Pick<Tracks, 'credentials'>;

/** Decides the credentials and the configuration, and the spec that follows from them. */
function decideCredentials({ inputs, runner }: Run<DeployInputs>, asked: ClusterSpec, live: LiveState): Credentials {
  const wanted = addConfiguration(prepareCredentials(inputs, live.stored), inputs.config, live);
  const spec = addConfigurationToSpec(asked, wanted);
  // The settings contain the image even if the input is not set. A later run without the input is then not a change,
  // and another image in the cluster is drift.
  const settings = settingsOf(new Map([...runner.inputs, ['image', spec.image]]));
  requireFreeUserNames(spec, wanted);
  const credentials = fitCredentials({ spec, credentials: wanted, settings }, inputs.rollbackOnFailure);
  if (credentials !== wanted) runner.info(NO_ROLLBACK_COPY);
  requireRoom(spec, credentials);
  // Running servers check the configuration and may quote it in an error.
  collectMaterialSecrets(credentials, { client: undefined, route: undefined }).forEach(runner.hide);
  return { spec, settings, credentials };
}

/** Decides the CAs. Refuses a client CA that may not certify the names that the smoke test needs. */
async function decideCas(
  { inputs, runner }: Run<DeployInputs>,
  spec: ClusterSpec,
  live: LiveState,
): Promise<Tracks['cas']> {
  const cas = await prepareCas(spec, live.stored, {
    now: runner.now(),
    caValidityMs: inputs.caValidityMs,
    given: inputs.ca,
    isRunning: isRunning(live),
  });
  requireSameCa(cas, inputs.ca);
  const omitted = findOmittedServerNames(spec, cas.client);
  requireLoopbackName(inputs.smokeTest, omitted);
  describeOmittedNames(omitted).forEach(runner.info);
  return cas;
}

function listInputChanges(settings: string, live: LiveState): readonly InputChange[] {
  const before = readLastDeployment(live);
  return before === undefined ? [] : findInputChanges(before, readStatedDeployment(settings));
}
