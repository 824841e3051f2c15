import { isLeft, podName, podOrdinal, serversOfBefore } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import { type Disconnections, describeDisconnections } from '../../forecast/consequences.ts';
import type { DeployInputs, RotateInputs } from '../../inputs/inputs.ts';
import { collectMaterialSecrets } from '../../manifests/secret-values.ts';
import { newestRelease } from '../../nats/mesh/version.ts';
import type { DeployReport } from '../../report/reports.ts';
import type { Run } from '../context/run.ts';
import { addPodMonitor } from '../desired/deployment.ts';
import { addExternalAddresses, awaitBalancerAddresses, readNodePort } from '../desired/external-access.ts';
import { digestConfiguration } from '../desired/user-configuration.ts';
import { insist } from '../gate/insistence.ts';
import type { IssuancePolicy } from '../issuance/issuance.ts';
import { findCutOffClients, type Tracks } from '../issuance/tracks.ts';
import type { UserProvidedCertificates } from '../issuance/user-provided.ts';
import { type LiveState, readLiveState } from '../live/live-state.ts';
import { type Converged, type ConvergenceTerms, converge } from '../rollout/convergence.ts';
import { disconnectionsAfter } from '../rollout/disconnections.ts';
import { recordProof } from '../rollout/rollout.ts';
import { type FollowedEndpoints, followEndpoints } from './followed-endpoints.ts';
import { emptyLastServer } from './leaving.ts';
import { deployReport } from './outcome.ts';
import { removeLeftovers, withoutOutgrownSet } from './outgrown-set.ts';
import { smokeTest } from './smoke-test.ts';

/** The decision of a command before it changes the cluster. */
export type Decision = {
  readonly spec: ClusterSpec;
  /** The number of servers to begin with: more than in the spec if streams have to leave some servers first. */
  readonly servers: number;
  readonly live: LiveState;
  readonly adopted: UserProvidedCertificates;
  /** The settings as `buildServerSettings` writes them. */
  readonly settings: string;
  readonly tracks: Tracks;
  readonly forced: IssuancePolicy['forced'];
  readonly createdNamespace: boolean;
  /** The connections that servers close because they exceed `max-connections`. */
  readonly closed: Disconnections['closed'];
};

type RealizationInputs = Pick<DeployInputs | RotateInputs, 'command'> &
  Pick<DeployInputs, 'certificateValidityMs' | 'renewBeforeMs' | 'caOverlapMs' | 'allow' | 'smokeTest'>;

/** Applies the decision, verifies the cluster from outside, and reports the result. */
export async function realize(run: Run<RealizationInputs>, decision: Decision): Promise<DeployReport> {
  const { api, inputs, runner, waiting, diagnoser, signal, stop } = run;
  const { adopted, settings, tracks, forced } = decision;
  collectMaterialSecrets(tracks.credentials, tracks.cas).forEach(runner.hide);
  const { certificateValidityMs, renewBeforeMs, caOverlapMs } = inputs;
  const cutOff = findCutOffClients(tracks, caOverlapMs);
  if (cutOff.length > 0) {
    runner.warning(
      'Short ca-overlap',
      `ca-overlap is ${caOverlapMs / 1000} s, and clients need about 90 s to read the client Secret again. This rotation disconnects ${cutOff.join(' and ')}.`,
    );
  }
  const issuance = { certificateValidityMs, renewBeforeMs, forced };
  const measured = await addPodMonitor(api, decision.spec, signal);
  const live = await withoutOutgrownSet({ api, runner, signal, spec: measured, live: decision.live });
  const known = await addExternalAddresses(api, measured, live, signal);
  const terms = {
    api,
    runner,
    waiting,
    diagnoser,
    signal,
    stop,
    spec: known,
    live,
    adopted,
    settings,
    issuance,
    caOverlapMs,
    allow: inputs.allow,
    closed: decision.closed,
  };
  const isFirst = live.podServices.length === 0 && live.statefulSet === undefined;
  const nothing = { objects: [], resourceVersion: live.podList.resourceVersion };
  const endpoints = followEndpoints(terms, known, isFirst ? nothing : undefined);
  try {
    return await realizeAndReach(run, decision, { terms, endpoints });
  } finally {
    await endpoints.close();
  }
}

type Reaching = { readonly terms: ConvergenceTerms; readonly endpoints: FollowedEndpoints };

async function realizeAndReach(
  run: Run<RealizationInputs>,
  decision: Decision,
  { terms, endpoints }: Reaching,
): Promise<DeployReport> {
  const { api, inputs, runner, waiting, signal } = run;
  const { settings, tracks } = decision;
  const { live } = terms;
  const shrunk = await convergedFrom(terms, leftServers(terms.spec, live) ?? decision.servers, tracks);
  const { spec, converged } = await addressed(terms, shrunk.converged);
  const removed = await removeLeftovers(api, spec, shrunk.live, signal);
  const objects = [...converged.changed, ...removed];
  const isChanged = decision.createdNamespace || objects.length > 0 || converged.reloaded.length > 0;
  const revision = `${converged.configuration.revision}.${converged.updateRevision}`;
  const isProved = !isChanged && live.verifiedRevision === revision;
  waiting.enter('prove');
  const proofs = isProved ? [] : await prove(run, converged);
  await endpoints.reached(spec, converged.gate.podUids);
  if (inputs.smokeTest !== undefined) {
    await smokeTest(run, spec, converged, inputs.smokeTest);
  }
  if (live.verifiedRevision !== revision) {
    const configuration = digestConfiguration(converged.tracks.credentials);
    const release = newestRelease(converged.gate.versions);
    const proved = {
      revision,
      settings,
      ...(configuration === undefined ? {} : { configuration }),
      ...(release === undefined ? {} : { release }),
      verified: { at: runner.now().toISOString(), by: runner.runUrl ?? 'a run outside of GitHub Actions' },
    };
    await recordProof(api, spec, { ...proved, version: converged.setVersion }, signal);
  }
  return deployReport(spec, converged, {
    command: inputs.command,
    isChanged,
    objects,
    proofs,
    earlierProofs: isProved ? live.verifiedDeployment?.verified : undefined,
    inputs,
    phases: waiting.phases(),
    now: runner.now(),
    nodePort: await readNodePort(api, spec, signal),
    disconnected: describeDisconnections(
      disconnectionsAfter(decision.live.stored, converged.tracks.credentials, decision.closed),
    ),
  });
}

type Shrunk = { readonly converged: Converged; readonly live: LiveState };

/**
 * Converges, and removes the servers that have to leave one by one. Changes that servers take by a configuration reload
 * come first. Then the servers leave, the highest ordinal first: a stream that lands on another leaving server is moved
 * again when that one leaves. Changes that need a restart come last, so that no leaving server restarts and the
 * remaining servers have the capacity of those that left. Orphaned pods are replaced before any server leaves.
 */
async function convergedFrom(terms: ConvergenceTerms, servers: number, tracks: Tracks): Promise<Shrunk> {
  const { runner, waiting, spec } = terms;
  const isOrphaned = terms.live.pods.some(isLeft);
  const all = { ...spec, replicas: servers };
  const first = { ...terms, spec: all, holdsTemplate: servers > spec.replicas && !isOrphaned };
  let shrunk: Shrunk = { converged: await converge(first, tracks), live: terms.live };
  for (let replicas = servers - 1; replicas >= spec.replicas; replicas--) {
    waiting.enter('wait');
    const how = spec.jetstream === undefined ? 'leaves' : 'leaves, its streams first';
    runner.info(`${podName(spec.name, replicas)}: ${how}`);
    if (spec.jetstream !== undefined) {
      await emptyLastServer({ ...shrunk.converged.gateTerms, waiting }, runner);
    }
    const holdsTemplate = replicas > spec.replicas;
    shrunk = await convergedAgain({ ...terms, spec: { ...spec, replicas }, holdsTemplate }, shrunk.converged);
  }
  return servers < spec.replicas ? await convergedAgain(terms, shrunk.converged) : shrunk;
}

/**
 * Returns the number of servers while there are pods that their StatefulSet has yet to replace; otherwise undefined. No
 * server is added or removed meanwhile, because the StatefulSet gets no further than these pods.
 */
function leftServers({ name }: ClusterSpec, { statefulSet, pods }: LiveState): number | undefined {
  const orphaned = pods.filter(isLeft);
  if (orphaned.length === 0) return undefined;
  // Some of the pods may be gone by now, so the remaining ones do not give the number.
  const counts = orphaned.map((pod) => serversOfBefore(pod) ?? (podOrdinal(name, pod.name) ?? 0) + 1);
  return statefulSet?.desiredReplicas ?? Math.max(...counts);
}

/**
 * Adds the address of a load balancer to the certificate. A load balancer assigns an address only after its Service
 * exists, and only then can a certificate name it. The servers take that certificate by a configuration reload.
 */
async function addressed(
  terms: ConvergenceTerms,
  before: Converged,
): Promise<{ readonly spec: ClusterSpec; readonly converged: Converged }> {
  const spec = await awaitBalancerAddresses(terms, terms.spec);
  return spec === terms.spec
    ? { spec, converged: before }
    : { spec, converged: (await convergedAgain({ ...terms, spec }, before)).converged };
}

/** Converges again from the live state, and merges the reports without repeating entries. */
async function convergedAgain(terms: ConvergenceTerms, before: Converged): Promise<Shrunk> {
  const { api, spec, signal } = terms;
  before.proofs.close();
  const live = await readLiveState(api, spec.namespace, spec.name, signal);
  const issuance = { ...terms.issuance, forced: new Set([]) };
  const after = await converge({ ...terms, live, issuance }, before.tracks);
  const both = (field: 'changed' | 'reloaded' | 'issued') => [...new Set([...before[field], ...after[field]])];
  const told = { changed: both('changed'), reloaded: both('reloaded'), issued: both('issued') };
  return { live, converged: { ...after, ...told } };
}

async function prove({ runner }: Run<unknown>, { gateTerms: gate, proofs }: Converged): Promise<readonly string[]> {
  try {
    const proved = await insist({ gate, runner, code: 'MESH_INSECURE', attempts: 2 }, proofs.require);
    runner.info(
      `proved: ${proved.length} probes from outside, among them that plaintext, strangers and foreign certificates are refused`,
    );
    return proved;
  } finally {
    proofs.close();
  }
}
