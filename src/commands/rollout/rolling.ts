import { podOrdinal } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import type { ObjectList } from '../../kubernetes/watch.ts';
import { selectSystemUser } from '../../manifests/material.ts';
import type { KubernetesObject } from '../../objects/object.ts';
import type { Pod } from '../../objects/pod.ts';
import { parseCertificates } from '../../pki/certificate.ts';
import { pause } from '../../time/pause.ts';
import { collectMaterial, type Desired } from '../desired/desired.ts';
import { observedPods } from '../gate/mesh-expectation.ts';
import { type GateTerms, type PassedGate, passMeshGate } from '../gate/mesh-gate.ts';
import { createHealthCheck, readHealth } from '../pods/jetstream-servers.ts';
import type { StuckPodOptions } from '../pods/stuck-pods.ts';
import { requireRouteHandshakes } from '../proofs/outside-proofs.ts';
import type { ReloadTerms } from '../reload/reloads.ts';
import type { Trial } from '../reload/trial.ts';
import type { ConvergenceTerms } from './convergence.ts';
import { proveFirstServer } from './first-server-proof.ts';
import { blockingOrphan, isOutdated, type NextServer, nextServer, outdatedPods } from './next-server.ts';
import { createReplacement, isVolumeCurrent, type Replacement } from './replacement.ts';
import { type FollowedSet, followStatefulSet } from './rollout.ts';

/** The terms on which one state of the cluster is brought about. */
export type StateTerms = ConvergenceTerms & {
  /** The trial of the state on the first server. */
  readonly trial: Trial;
  /** Whether this is another state than the one that was verified. */
  readonly isNews: boolean;
  /** The clients that reloads to this state disconnect, in words. */
  readonly disconnected: string;
};

export type Rolled = {
  readonly gate: PassedGate;
  /** The pods that were deleted because waiting could not fix them, as `Pod/name`. */
  readonly replaced: readonly string[];
  readonly updateRevision: string;
  /** The version of the StatefulSet that its controller last reported. */
  readonly setVersion: string;
};

/** The objects that were read a moment ago, so that they need not be read again. */
type Known = { readonly statefulSet: KubernetesObject | undefined; readonly podList: ObjectList | undefined };

/** The known objects, and the `proofs` that receive every observation of the last gate. */
type Told = Known & { readonly proofs: GateTerms['proofs'] };

/** Replaces pods of an older template one at a time, highest ordinal first, with the mesh gate after each. */
export async function rollAndGate(terms: StateTerms, desired: Desired, known: Told): Promise<Rolled> {
  const { api, spec, signal } = terms;
  const set = await followStatefulSet(api, spec, signal, known.statefulSet);
  try {
    return await roll(terms, desired, set, known);
  } finally {
    await set.close();
  }
}

/** The pause in milliseconds before another attempt at a disruption budget that is used up. */
const RETRY_MS = 200;

async function roll(
  terms: StateTerms,
  desired: Desired,
  followed: FollowedSet,
  { podList, proofs }: Told,
): Promise<Rolled> {
  const { api, spec, live, runner, signal } = terms;
  const replacement = createReplacement({ api, spec, followed, info: runner.info, signal });
  const replaced: string[] = [];
  const gates = createGates(terms, desired, replacement, {
    podList,
    replace: async (pods) => {
      const uids = await replacement.replace(pods);
      const gone = pods.filter(({ uid }) => uids.includes(uid));
      for (const { name, ready } of gone) terms.trial.touch(name, 'restart', !ready);
      const names = gone.map(({ name }) => `Pod/${name}`);
      if (names.length > 0) runner.info(`replaced stuck pods: ${names.join(', ')}`);
      replaced.push(...names);
      return uids;
    },
  });
  const observed = { spec, podRevision: replacement.requiredRevision };
  if (outdatedPods(replacement.servers(), live.pods).length > 0) {
    // The servers of another deployer do not know our system user, so this run cannot observe them.
    const isKnown = observedPods(observed, byName(live.pods)).length > 0;
    const before = isKnown ? await gates.pass('before') : undefined;
    if (before !== undefined && terms.holdsTemplate === true) {
      const { updateRevision, resourceVersion: setVersion } = followed.current();
      return { gate: before, replaced, updateRevision, setVersion };
    }
    for (let next = await upcoming(replacement); next.kind !== 'none'; next = await upcoming(replacement)) {
      const isReplaced = next.kind === 'replace' && (await isServerReplaced(terms, replacement, next.pod));
      if (isReplaced && next.kind === 'replace' && next.isLast) break;
      if (next.kind === 'replace' && !isReplaced) await pause(RETRY_MS, signal);
      await gates.pass('between');
    }
  }
  await replacement.finish();
  const gate = await gates.pass('after', proofs);
  const { updateRevision, resourceVersion: setVersion } = followed.current();
  return { gate, replaced, updateRevision, setVersion };
}

async function upcoming(replacement: Replacement): Promise<NextServer> {
  return nextServer(replacement.servers(), await replacement.pods());
}

/**
 * Replaces a server, and returns whether it did. The first replaced server is the one on which the change is tried. A
 * budget that an eviction by another client has used up allows no other eviction yet.
 */
async function isServerReplaced({ runner, trial }: StateTerms, replacement: Replacement, pod: Pod): Promise<boolean> {
  const isReplaced = (await replacement.replace([pod])).length > 0;
  if (!isReplaced) return false;
  runner.info(`replacing ${pod.name}`);
  trial.touch(pod.name, 'restart', false);
  return isReplaced;
}

/** The moment of a gate: `before` the first server is replaced, `between` two of them, and `after` the last. */
type Moment = 'before' | 'between' | 'after';

type Gates = {
  readonly pass: (moment: Moment, proofs?: GateTerms['proofs']) => Promise<PassedGate>;
};

function createGates(
  terms: StateTerms,
  desired: Desired,
  replacement: Replacement,
  { podList, replace }: { readonly podList: ObjectList | undefined; readonly replace: StuckPodOptions['replace'] },
): Gates {
  const { spec, live } = terms;
  const proved = live.verifiedRevision?.split('.').at(-1);
  let knownPods = podList;
  let isRolling = false;
  return {
    pass: async (moment, proofs) => {
      isRolling ||= moment !== 'after';
      const all = (): string => replacement.servers().updateRevision;
      const ground = gateTerms(terms, desired, moment === 'after' ? all : replacement.requiredRevision);
      const listed = knownPods;
      knownPods = undefined; // A later gate lists the pods itself.
      return await passMeshGate({
        ...ground,
        knownPods: listed,
        proofs,
        health: isRolling ? createHealthCheck(ground) : undefined,
        stuck: {
          before: live.pods,
          isOutdated: (pod) => isServer(spec, pod) && isOutdated(replacement.servers(), pod),
          isVerified: (pod) => pod.controllerRevision === proved,
          shouldJudgeOutdated: moment !== 'before',
          findBlocking: (pods) => blockingOrphan(replacement.servers(), pods),
          replace,
          readProgress: async (pod) => JSON.stringify(await readHealth(ground, pod.name)),
          now: () => performance.now(),
        },
      });
    },
  };
}

function isServer({ name, replicas }: ClusterSpec, pod: Pod): boolean {
  return (podOrdinal(name, pod.name) ?? replicas) < replicas;
}

function byName(pods: readonly Pod[]): ReadonlyMap<string, Pod> {
  return new Map(pods.map((pod) => [pod.name, pod]));
}

type GateGround = Pick<ConvergenceTerms, 'api' | 'spec' | 'live' | 'waiting' | 'diagnoser' | 'signal'>;

/** Builds the terms of the gate: the expected state of every server, and the way to bring a server to it. */
export function gateTerms(
  terms: StateTerms,
  desired: Desired,
  podRevision: GateTerms['podRevision'],
): GateTerms & { readonly reload: ReloadTerms } {
  const { api, spec, signal, settings, trial, isNews, disconnected, runner } = terms;
  const { certificates } = desired.issued;
  const reload: ReloadTerms = {
    trial,
    isNews,
    disconnected,
    info: runner.info,
    proveFirst: async (pod: string) => await proveFirstServer({ ...trialOf(trial), ...proofs(), certificates }, pod),
    prove: async (pod: string) => await requireRouteHandshakes({ api, spec, signal, certificates }, [pod]),
    isVolumeCurrent: async () => await isVolumeCurrent(api, spec, collectMaterial(settings, desired), signal),
  };
  const gate = { ...observationOf(terms, desired, podRevision), reload };
  const { isVolumeCurrent: isCurrent } = reload;
  const proofs = () => ({ gate, isVolumeCurrent: isCurrent, credentials: desired.tracks.credentials });
  return gate;
}

function trialOf(trial: Trial) {
  return { isReloaded: trial.how() === 'reload', wasHealthy: !trial.wasSick(), touchedMsAgo: trial.msAgo() };
}

/** Builds the terms of the gate with the expected state of every server. */
export function observationOf(
  { api, spec, live, waiting, diagnoser, signal }: GateGround,
  desired: Desired,
  podRevision: GateTerms['podRevision'],
): GateTerms {
  const { tracks, issued, configuration } = desired;
  const { certificates } = issued;
  const { credentials } = tracks;
  const [leaf] = parseCertificates(certificates.server.certificate, 'tls.crt');
  return {
    api,
    spec,
    revision: configuration.revision,
    podRevision,
    system: selectSystemUser(credentials),
    // A server presents its earlier certificate until it is reloaded.
    trust: `${certificates.clientTrust}${live.stored.clientTrust ?? ''}`,
    fingerprint: leaf?.fingerprint256 ?? '',
    clientCertificate: certificates.clients[credentials.system.user],
    waiting,
    diagnoser,
    ranRelease: live.verifiedDeployment?.release,
    redact: diagnoser.redact,
    signal,
    reload: undefined,
  };
}
