import { labelSelector } from '../../cluster/labels.ts';
import { isLeft } from '../../cluster/left-pod.ts';
import { podName, podOrdinal } from '../../cluster/names.ts';
import type { KubernetesObject } from '../../kubernetes/objects/object.ts';
import { decodePod, type Pod } from '../../kubernetes/objects/pod.ts';
import type { ObjectList } from '../../kubernetes/watch.ts';
import { systemUserOf } from '../../manifests/material.ts';
import { parseCertificates } from '../../pki/certificate.ts';
import type { ConvergenceTerms } from '../convergence.ts';
import { type Desired, materialOf } from '../desired.ts';
import { type GateTerms, type PassedGate, passMeshGate } from '../gate/mesh-gate.ts';
import { proveRouteHandshakes } from '../proofs/outside-proofs.ts';
import type { ReloadTerms } from './reloads.ts';
import {
  type FollowedSet,
  followStatefulSet,
  isReturning,
  removePod,
  replaceStuckPods,
  setPartition,
} from './rollout.ts';
import { isVolumeCurrent } from './volume-state.ts';

export type Rolled = {
  readonly gate: PassedGate;
  /** The pods that were deleted because no waiting heals them, as `Pod/name`. */
  readonly replaced: readonly string[];
  readonly updateRevision: string;
  /** The version of the StatefulSet that its controller last told of. */
  readonly setVersion: string;
};

/** What was read a moment ago, so that it need not be asked for once more. */
type Known = { readonly statefulSet: KubernetesObject | undefined; readonly podList: ObjectList | undefined };

/** `proofs` are told of every look of the last gate. */
type Told = Known & { readonly proofs: GateTerms['proofs'] };

/** Replaces pods of an older template one at a time, highest ordinal first, with the mesh gate after each. */
export async function rollAndGate(terms: ConvergenceTerms, desired: Desired, known: Told): Promise<Rolled> {
  const { api, spec, signal } = terms;
  const set = await followStatefulSet(api, spec, signal, known.statefulSet);
  try {
    return await roll(terms, desired, set, known);
  } finally {
    await set.close();
  }
}

async function roll(
  terms: ConvergenceTerms,
  desired: Desired,
  followed: FollowedSet,
  { podList, proofs }: Told,
): Promise<Rolled> {
  const { api, spec, live, runner, signal } = terms;
  const set = followed.current();
  const stuck = await replaceStuckPods(api, spec, set, live.pods, signal);
  const replaced = stuck.map((ordinal) => `Pod/${podName(spec.name, ordinal)}`);
  const tellReplaced = (pods: readonly string[]): void =>
    runner.info(`replaced, as no waiting heals them: ${pods.join(', ')}`);
  if (replaced.length > 0) {
    tellReplaced(replaced);
  }
  const replace = async (pod: Pod): Promise<void> => {
    await removePod(api, pod, signal);
    tellReplaced([`Pod/${pod.name}`]);
    replaced.push(`Pod/${pod.name}`);
  };
  // `kubectl rollout restart` while it waits makes another revision of the same template.
  const updateRevision = (): string => followed.current().updateRevision;
  // Pods that were replaced since are none that anybody should look at, and a later gate has seen others.
  let knownPods = replaced.length === 0 && leftPods(terms).length === 0 ? podList : undefined;
  const gate = async (firstUpdated: number): Promise<PassedGate> => {
    // Below the partition pods stay as they are, whatever an earlier run that was cut off has made them of.
    const podRevision = (ordinal: number): string | undefined =>
      ordinal >= firstUpdated ? updateRevision() : undefined;
    const listed = knownPods;
    knownPods = undefined;
    const earlier = { before: live.pods, replace };
    const told = firstUpdated === 0 ? proofs : undefined;
    return await passMeshGate({
      ...gateTerms(terms, desired, podRevision),
      earlier,
      knownPods: listed,
      proofs: told,
    });
  };
  const left = leftPods(terms);
  for (const pod of left) {
    runner.info(`replacing ${pod.name}`);
    await removePod(api, pod, signal);
    await gate(spec.replicas);
  }
  const pods = left.length === 0 ? live.pods : await podsNow(terms);
  if (set.partition > 0 && isAnyOutdated(terms, pods, set.updateRevision)) {
    const released = isReturning(set) ? [] : stuck;
    for (let ordinal = Math.min(spec.replicas - 1, ...released); ordinal > 0; ordinal--) {
      runner.info(`replacing ${podName(spec.name, ordinal)}`);
      await setPartition(api, spec, ordinal, signal);
      await gate(ordinal);
    }
    runner.info(`replacing ${podName(spec.name, 0)}`);
  }
  if (set.partition > 0) {
    await setPartition(api, spec, 0, signal);
  }
  const last = await gate(0);
  return { gate: last, replaced, updateRevision: updateRevision(), setVersion: followed.current().resourceVersion };
}

/**
 * Lowest ordinal first: the controller goes through them in this order and comes no further than a pod whose volumes are
 * not those of its StatefulSet (`slowStartBatch`, pkg/controller/statefulset/stateful_set_control.go).
 */
function leftPods({ spec, live }: ConvergenceTerms): readonly Pod[] {
  const ordinalOf = ({ name }: Pod): number => podOrdinal(spec.name, name) ?? spec.replicas;
  return live.pods
    .filter((pod) => isLeft(pod) && ordinalOf(pod) < spec.replicas)
    .toSorted((one, other) => ordinalOf(one) - ordinalOf(other));
}

async function podsNow({ api, spec, signal }: ConvergenceTerms): Promise<readonly Pod[]> {
  const { name, namespace } = spec;
  const { objects } = await api.list('Pod', { namespace, labelSelector: labelSelector(name) }, signal);
  return objects.map(decodePod);
}

function isAnyOutdated({ spec }: ConvergenceTerms, pods: readonly Pod[], updateRevision: string): boolean {
  return pods.some(
    ({ name, controllerRevision }) =>
      (podOrdinal(spec.name, name) ?? spec.replicas) < spec.replicas && controllerRevision !== updateRevision,
  );
}

type GateGround = Pick<ConvergenceTerms, 'api' | 'spec' | 'live' | 'waiting' | 'diagnoser' | 'signal'>;

/** What the gate has to see of every server, and to do where it does not. */
export function gateTerms(
  terms: ConvergenceTerms,
  desired: Desired,
  podRevision: GateTerms['podRevision'],
): GateTerms & { readonly reload: ReloadTerms } {
  const { api, spec, signal, settings } = terms;
  const { certificates } = desired.issued;
  const reload = {
    prove: async (pod: string) => await proveRouteHandshakes({ api, spec, signal, certificates }, [pod]),
    isVolumeCurrent: async () => await isVolumeCurrent(api, spec, materialOf(settings, desired), signal),
  };
  return { ...observationOf(terms, desired, podRevision), reload };
}

/** What the gate has to see of every server. */
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
    system: systemUserOf(credentials),
    // A server presents the certificate of before until it is reloaded.
    trust: `${certificates.clientTrust}${live.stored.clientTrust ?? ''}`,
    fingerprint: leaf?.fingerprint256 ?? '',
    clientCertificate: certificates.clients[credentials.system.user],
    waiting,
    diagnoser,
    redact: diagnoser.redact,
    signal,
    reload: undefined,
  };
}
