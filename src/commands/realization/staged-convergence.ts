import { isOrphaned, parsePodOrdinal, podName, readServersBefore } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import type { Run } from '../context/run.ts';
import { awaitBalancerAddresses } from '../desired/external-access.ts';
import type { Tracks } from '../issuance/tracks.ts';
import { type LiveState, readLiveState } from '../live/live-state.ts';
import { type Converged, type ConvergenceInputs, converge } from '../rollout/convergence.ts';
import type { Goal } from '../rollout/transition.ts';
import { drainLastServer } from './drain.ts';

/** A verified state of the cluster, and the live state from which the run converged to it. */
export type Stage = { readonly converged: Converged; readonly live: LiveState };

/**
 * Converges, and removes servers one by one: `servers` is the number with which the change starts. Changes that servers
 * take via a configuration reload come first. Then the servers are removed, the highest ordinal first: a stream that
 * was moved to a server that is also to be removed is moved again. Changes that need a restart come last, because a
 * server that is to be removed need not restart. Orphaned pods are replaced before any server is removed.
 */
export async function convergeInStages(
  run: Run<ConvergenceInputs>,
  goal: Goal,
  wanted: { readonly servers: number; readonly tracks: Tracks },
): Promise<Stage> {
  const { spec, live } = goal;
  const servers = countOrphanedServers(spec, live) ?? wanted.servers;
  const hasOrphans = live.pods.some(isOrphaned);
  const first = {
    ...goal,
    spec: { ...spec, replicas: servers },
    holdsTemplate: servers > spec.replicas && !hasOrphans,
  };
  let stage: Stage = { converged: await converge(run, first, wanted.tracks), live };
  for (let replicas = servers - 1; replicas >= spec.replicas; replicas--) {
    stage = await removeLastServer(run, goal, replicas, stage);
  }
  return servers < spec.replicas ? await convergeAgain(run, goal, stage.converged) : stage;
}

/** Removes the server with the ordinal `replicas`, after its streams were moved. */
async function removeLastServer(
  run: Run<ConvergenceInputs>,
  goal: Goal,
  replicas: number,
  { converged }: Stage,
): Promise<Stage> {
  const { runner, waiting } = run;
  const { spec } = goal;
  const hasStreams = spec.jetstream !== undefined;
  waiting.enter('wait');
  runner.info(
    `${podName(spec.name, replicas)}: ${hasStreams ? 'will be removed after its streams have moved' : 'will be removed'}`,
  );
  if (hasStreams) await drainLastServer(run, converged.lastGate.access);
  const holdsTemplate = replicas > spec.replicas;
  return await convergeAgain(run, { ...goal, spec: { ...spec, replicas }, holdsTemplate }, converged);
}

/**
 * Returns the number of servers to keep while orphaned pods exist, and undefined otherwise. No server is added or
 * removed before the StatefulSet has replaced these pods, because it does not continue past them.
 */
function countOrphanedServers({ name }: ClusterSpec, { statefulSet, pods }: LiveState): number | undefined {
  const orphaned = pods.filter(isOrphaned);
  if (orphaned.length === 0) return undefined;
  // Some of the pods may have been deleted, so counting the remaining ones is not enough.
  const counts = orphaned.map((pod) => readServersBefore(pod) ?? (parsePodOrdinal(name, pod.name) ?? 0) + 1);
  return statefulSet?.desiredReplicas ?? Math.max(...counts);
}

/**
 * Adds the address of a load balancer to the certificate. A load balancer assigns an address only after its Service
 * exists, and only then can a certificate name it. The servers take that certificate via a configuration reload.
 */
export async function convergeWithAddress(
  run: Run<ConvergenceInputs>,
  goal: Goal,
  before: Converged,
): Promise<{ readonly spec: ClusterSpec; readonly converged: Converged }> {
  const spec = await awaitBalancerAddresses(run, goal.spec);
  return spec === goal.spec
    ? { spec, converged: before }
    : { spec, converged: (await convergeAgain(run, { ...goal, spec }, before)).converged };
}

/** Converges again from the live state, and merges the reports without repeating entries. */
async function convergeAgain(run: Run<ConvergenceInputs>, goal: Goal, before: Converged): Promise<Stage> {
  before.proofs.close();
  const live = await readLiveState(run.api, goal.spec.namespace, goal.spec.name, run.signal);
  const after = await converge(run, { ...goal, live, forced: new Set([]) }, before.tracks);
  const merge = (field: 'changed' | 'reloaded' | 'issued') => [...new Set([...before[field], ...after[field]])];
  const merged = { changed: merge('changed'), reloaded: merge('reloaded'), issued: merge('issued') };
  return { live, converged: { ...after, ...merged } };
}
