import { describeDisconnections } from '../../forecast/consequences.ts';
import type { DeployInputs, RotateInputs } from '../../inputs/inputs.ts';
import { collectMaterialSecrets } from '../../manifests/secret-values.ts';
import type { DeployReport } from '../../report/reports.ts';
import type { Run } from '../context/run.ts';
import { addPodMonitor } from '../desired/deployment.ts';
import { addExternalAddresses, readNodePort } from '../desired/external-access.ts';
import { retryAfterReload } from '../gate/rereading.ts';
import { findCutOffClients, type Tracks } from '../issuance/tracks.ts';
import type { Converged, ConvergenceInputs } from '../rollout/convergence.ts';
import { findDisconnections } from '../rollout/disconnections.ts';
import { recordProof } from '../rollout/rollout.ts';
import type { Goal } from '../rollout/transition.ts';
import { FollowedEndpoints } from './followed-endpoints.ts';
import { buildDeployReport } from './outcome.ts';
import { removeLeftovers, removeOutgrownSet } from './outgrown-set.ts';
import { runSmokeTest } from './smoke-test.ts';
import { convergeInStages, convergeWithAddress } from './staged-convergence.ts';

/** The decision of a command before it changes the cluster. */
export type Decision = Omit<Goal, 'holdsTemplate'> & {
  /**
   * The number of servers with which the change starts: more than in the spec if streams have to be moved off some
   * servers before those are removed.
   */
  readonly servers: number;
  readonly tracks: Tracks;
  readonly createdNamespace: boolean;
};

type RealizationInputs = Pick<DeployInputs | RotateInputs, 'command'> &
  ConvergenceInputs &
  Pick<DeployInputs, 'smokeTest'>;

/** Applies the decision, verifies the cluster from outside, and reports the result. */
export async function realize(run: Run<RealizationInputs>, decision: Decision): Promise<DeployReport> {
  const { api, runner, signal } = run;
  const { tracks } = decision;
  collectMaterialSecrets(tracks.credentials, tracks.cas).forEach(runner.hide);
  warnOfShortOverlap(run, tracks);
  const monitored = await addPodMonitor(api, decision.spec, signal);
  const live = await removeOutgrownSet(run, monitored, decision.live);
  const spec = await addExternalAddresses(api, monitored, live, signal);
  const isFirst = live.podServices.length === 0 && live.statefulSet === undefined;
  const nothing = { objects: [], resourceVersion: live.podList.resourceVersion };
  const endpoints = new FollowedEndpoints(run, spec, isFirst ? nothing : undefined);
  try {
    return await realizeFrom(run, { ...decision, spec, live }, endpoints);
  } finally {
    await endpoints.close();
  }
}

function warnOfShortOverlap({ inputs, runner }: Run<RealizationInputs>, tracks: Tracks): void {
  const cutOff = findCutOffClients(tracks, inputs.caOverlapMs);
  if (cutOff.length > 0) {
    runner.warning(
      'Short ca-overlap',
      `ca-overlap is ${inputs.caOverlapMs / 1000} s, and clients need about 90 s to read the client Secret again. This rotation disconnects ${cutOff.join(' and ')}.`,
    );
  }
}

/** Brings the cluster to the decided state, verifies it, and records and reports the result. */
async function realizeFrom(
  run: Run<RealizationInputs>,
  decision: Decision,
  endpoints: FollowedEndpoints,
): Promise<DeployReport> {
  const { api, inputs, runner, waiting, signal } = run;
  const { live } = decision;
  const stage = await convergeInStages(run, decision, decision);
  const { spec, converged } = await convergeWithAddress(run, decision, stage.converged);
  const removed = await removeLeftovers(api, spec, stage.live, signal);
  const objects = [...converged.changed, ...removed];
  const { isChanged, isVerified, revision } = assessChange(decision, converged, removed);
  waiting.enter('verify');
  const proofs = isVerified ? [] : await verifyFromOutside(run, converged);
  await endpoints.waitUntilReached(spec, converged.gate.podUids);
  if (inputs.smokeTest !== undefined) {
    await runSmokeTest(run, spec, converged, inputs.smokeTest);
  }
  if (live.verifiedRevision !== revision) {
    const { gate, setVersion, tracks } = converged;
    const verified = { settings: decision.settings, credentials: tracks.credentials, versions: gate.versions };
    await recordProof(run, spec, { revision, setVersion, ...verified });
  }
  return buildDeployReport(spec, converged, {
    command: inputs.command,
    isChanged,
    objects,
    proofs,
    earlierProofs: isVerified ? live.verifiedDeployment?.verified : undefined,
    inputs,
    phases: waiting.phases(),
    now: runner.now(),
    nodePort: await readNodePort(api, spec, signal),
    disconnected: describeDisconnections(
      findDisconnections(live.stored, converged.tracks.credentials, decision.closed),
    ),
  });
}

/**
 * Returns whether a run has changed anything, and whether an earlier run has verified exactly this state from outside.
 * A run that changes nothing relies on that verification.
 */
export function assessChange(
  {
    createdNamespace,
    live,
  }: { readonly createdNamespace: boolean; readonly live: Pick<Decision['live'], 'verifiedRevision'> },
  { changed, reloaded, configuration, updateRevision }: AppliedState,
  removed: readonly string[],
): { readonly isChanged: boolean; readonly isVerified: boolean; readonly revision: string } {
  const isChanged = createdNamespace || changed.length > 0 || removed.length > 0 || reloaded.length > 0;
  const revision = `${configuration.revision}.${updateRevision}`;
  return { isChanged, isVerified: !isChanged && live.verifiedRevision === revision, revision };
}

type AppliedState = Pick<Converged, 'changed' | 'reloaded' | 'updateRevision'> & {
  readonly configuration: Pick<Converged['configuration'], 'revision'>;
};

async function verifyFromOutside(
  { runner }: Pick<Run<unknown>, 'runner'>,
  { lastGate: gate, proofs }: Converged,
): Promise<readonly string[]> {
  const check = { gate, info: runner.info, code: 'MESH_INSECURE', attempts: 2 } as const;
  try {
    const verified = await retryAfterReload(check, async () => await proofs.require());
    runner.info(
      `verified from outside: ${verified.length} checks passed; among them, servers refuse plaintext, unauthenticated clients and untrusted certificates`,
    );
    return verified;
  } finally {
    proofs.close();
  }
}
