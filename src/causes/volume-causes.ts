import type { PersistentVolumeClaim } from '../objects/stateful-set.ts';
import { type Cause, type EventFacts, type Facts, type PodFacts, selectEvents, shorten } from './facts.ts';

const PATIENCE_MS = 1500;

const CLASSES =
  '`kubectl get storageclass` lists the existing ones; then delete the StatefulSet and the claim (neither can be changed) and run the job again.';

/** Finds claims without a volume, with the reason. */
export function findClaimCauses(facts: Facts): readonly Cause[] {
  return facts.claims.flatMap((claim) => {
    const event = selectEvents(facts, 'PersistentVolumeClaim', claim).findLast(({ reason }) =>
      ['FailedBinding', 'ProvisioningFailed', 'ExternalProvisioning'].includes(reason),
    );
    return claim.phase !== 'Pending' || event === undefined ? [] : explainClaim(claim, event);
  });
}

function explainClaim({ name, storageClass }: PersistentVolumeClaim, event: EventFacts): Cause {
  const cause = (reason: string, says: string, hint: string, mayRecover = false): Cause => ({
    code: 'ROLLOUT_STALLED',
    reason,
    object: `PersistentVolumeClaim/${name}`,
    message: `claim ${name} has no volume: ${says}`,
    evidence: [`PersistentVolumeClaim ${name}: ${event.reason} (${event.count} ×): ${shorten(event.message)}`],
    hint,
    fatal: event.fresh && !mayRecover,
    patienceMs: PATIENCE_MS,
  });
  if (event.reason === 'ExternalProvisioning') {
    const says = `the provisioner of storage class ${storageClass ?? 'default'} has not created one yet`;
    return cause('ProvisionerSilent', says, 'Look at the log of the provisioner.', true);
  }
  if (event.reason === 'FailedBinding') {
    const create = `Create a PersistentVolume that matches, or set a storage class: ${CLASSES}`;
    return storageClass === ''
      ? cause('NoVolume', 'no manually created volume matches it', create)
      : cause(
          'NoStorageClass',
          'it names no storage class and the cluster has no default one',
          `Set \`jetstream-storage-class\`: ${CLASSES}`,
        );
  }
  const [, missing] = /storageclass\S{0,100} "([^"]+)" not found/.exec(event.message) ?? [];
  return missing !== undefined
    ? cause(
        'StorageClassMissing',
        `the storage class ${missing} does not exist`,
        `Correct the input \`jetstream-storage-class\`: ${CLASSES}`,
      )
    : cause(
        'ProvisioningFailed',
        shorten(event.message),
        'Remove the problem that the provisioner names, then run the job again.',
      );
}

/** Finds pods whose volumes cannot be mounted or refreshed. */
export function findMountCauses(facts: Facts): readonly Cause[] {
  return facts.pods.flatMap((pod) => {
    const failed = pod.terminating ? [] : selectEvents(facts, 'Pod', pod).filter(isMountFailure);
    const isStarting = pod.containers.some(
      ({ state }) => state.kind === 'waiting' && ['ContainerCreating', 'PodInitializing'].includes(state.reason),
    );
    if (isStarting) {
      const event = failed.findLast(({ fresh }) => fresh) ?? failed.at(-1);
      return event === undefined ? [] : explainMount(pod, event, 'cannot be started');
    }
    // An old event of a running pod is obsolete, unless the Secret is still missing.
    const event = failed.findLast(({ message }) => facts.absentSecrets.includes(parseMissingSecret(message) ?? ''));
    return event === undefined ? [] : explainMount(pod, { ...event, fresh: true }, 'cannot refresh its volumes');
  });
}

/** Returns the Secret that the kubelet did not find, from the message of its event. */
export function parseMissingSecret(message: string): string | undefined {
  return /secret "([^"]+)" not found/.exec(message)?.[1];
}

function isMountFailure({ reason }: EventFacts): boolean {
  return ['FailedMount', 'FailedAttachVolume', 'FailedCreatePodSandBox'].includes(reason);
}

function explainMount({ name }: PodFacts, event: EventFacts, says: string): Cause {
  const [, object] =
    /((?:secret|configmap) "[^"]+" not found|references non-existent (?:secret|config) key: \S+)/.exec(event.message) ??
    [];
  const isKey = object?.startsWith('references') === true;
  const missing = isKey ? 'SecretKeyMissing' : 'SecretMissing';
  const hint = `Run \`kubectl get secrets\` to see whether the Secret exists. Create it if you provide it. If it belongs to this deployment, run the job again, which writes the Secret again.`;
  return {
    code: 'ROLLOUT_STALLED',
    reason: object === undefined ? event.reason : missing,
    object: `Pod/${name}`,
    message: `pod ${name} ${says}: ${object ?? shorten(event.message)}`,
    evidence: [`${name}: ${event.reason} (${event.count} ×): ${shorten(event.message)}`],
    hint: object === undefined ? 'Look at the volumes and the network of the node; the kubelet tries again.' : hint,
    fatal: object !== undefined && event.fresh,
    patienceMs: PATIENCE_MS,
  };
}
