import { decideShape } from '../../cluster/spec.ts';
import type { DeployInputs } from '../../inputs/inputs.ts';
import { isOlderMinor, parseImageRelease } from '../../nats/mesh/version.ts';

/** A change that is refused for a running cluster, with a hint for the user. */
export type ForbiddenChange = {
  readonly input: string;
  readonly reason: string;
  readonly message: string;
  readonly hint: string;
};

/**
 * Returns the changes with which servers would lose their streams. nats-server applies most of these changes only when
 * it starts, an existing volume stays as it is, and a standalone server does not know the streams of a cluster.
 */
export function findJetStreamChanges(
  before: DeployInputs,
  wanted: DeployInputs,
  runningImage: string | undefined,
): readonly ForbiddenChange[] {
  if (before.jetstream !== wanted.jetstream) {
    return [describeToggle(before, wanted)];
  }
  return wanted.jetstream
    ? [
        ...findStorageChanges(before, wanted),
        ...findMemoryChange(before, wanted),
        ...findReplicasChange(before, wanted),
        ...findReleaseChange(runningImage, wanted),
      ]
    : [];
}

function describeToggle(before: DeployInputs, wanted: DeployInputs): ForbiddenChange {
  const message = `jetstream is ${wanted.jetstream}, the running cluster has ${before.jetstream}; all servers would have to change at once, with other volumes`;
  return { input: 'jetstream', reason: 'JetStreamInUse', message, hint: adviseNewDeployment('jetstream', wanted.name) };
}

/** Returns the changes of existing volumes. Servers without a volume can get one. */
export function findStorageChanges(before: DeployInputs, wanted: DeployInputs): readonly ForbiddenChange[] {
  if (before.jetstreamStorage.bytes === 0) return [];
  const change = (input: string, got: string, has: string): ForbiddenChange => {
    const message = `${input} is ${got}, the running cluster has ${has}; existing volumes keep their size and class`;
    return { input, reason: 'VolumeInUse', message, hint: adviseNewDeployment(input, wanted.name) };
  };
  const [size, sizeBefore] = [wanted.jetstreamStorage, before.jetstreamStorage];
  const [kind, kindBefore] = [wanted.jetstreamStorageClass, before.jetstreamStorageClass];
  return [
    ...(size.bytes === sizeBefore.bytes ? [] : [change('jetstream-storage', size.quantity, sizeBefore.quantity)]),
    ...(kind === kindBefore ? [] : [change('jetstream-storage-class', describeClass(kind), describeClass(kindBefore))]),
  ];
}

function describeClass(storageClass: string | undefined): string {
  return storageClass ?? 'absent';
}

/**
 * Returns a decrease of the memory limit: nats-server raises the limit via a configuration reload, but never lowers it
 * (server/reload.go, `jetstreammaxmemory`).
 */
function findMemoryChange(before: DeployInputs, wanted: DeployInputs): readonly ForbiddenChange[] {
  const [to, from] = [wanted.jetstreamMemory, before.jetstreamMemory];
  const input = 'jetstream-memory';
  const message = `${input} is ${to.quantity}, the running cluster has ${from.quantity}; servers apply a lower value only when they start`;
  const hint = `Keep \`${input}\` at ${from.quantity} or more.`;
  return to.bytes < from.bytes ? [{ input, reason: 'NeedsRestart', message, hint }] : [];
}

/**
 * Returns the change of `replicas` between a standalone server and a cluster. A smaller cluster is allowed, because its
 * streams are moved before a server is removed: `scale-down.ts` checks whether they can be moved.
 */
function findReplicasChange(before: DeployInputs, wanted: DeployInputs): readonly ForbiddenChange[] {
  return decideShape(before) === decideShape(wanted) ? [] : [describeOtherShape(before, wanted)];
}

/** Returns the change from a standalone server to a cluster, or the other way round. */
export function describeOtherShape(before: Pick<DeployInputs, 'replicas'>, wanted: DeployInputs): ForbiddenChange {
  const [to, from] = [wanted.replicas, before.replicas];
  const input = 'replicas';
  const why =
    from === 1
      ? 'a cluster does not find the streams of a single server'
      : 'a single server does not find the streams of a cluster';
  const message = `replicas is ${to}, the running cluster has ${from} with JetStream; ${why}`;
  return { input, reason: 'StandaloneJetStream', message, hint: adviseNewDeployment(input, wanted.name) };
}

/**
 * Returns the change to an older minor release. When a minor release has changed the format of the stores, servers
 * convert their stores at their start, and do not convert them back.
 */
function findReleaseChange(runningImage: string | undefined, wanted: DeployInputs): readonly ForbiddenChange[] {
  const [from, to] = [runningImage, wanted.image].map((image) => image && parseImageRelease(image));
  if (!from || !to || !isOlderMinor(to, from)) return [];
  const input = 'image';
  const message = `image is ${wanted.image}, the running cluster has ${runningImage} with JetStream; an older minor release may not read what the newer one has stored`;
  return [{ input, reason: 'Downgrade', message, hint: adviseNewDeployment(input, wanted.name) }];
}

function adviseNewDeployment(input: string, name: string): string {
  return `Keep \`${input}\` as it is; or deploy another cluster under another name, copy its streams (mirror, or backup and restore) and move the clients; or, if the streams may be lost, delete the deployment with its volumes (\`command: delete\`, \`name: ${name}\`, \`allow: delete-volumes\`) and run the job again.`;
}
