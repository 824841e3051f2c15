import type { Texts } from './reasons.ts';

export const POD_TEXTS: Texts = {
  ConfigurationError: ['nats-server rejects its configuration.', 'Correct the input. The message has file and line.'],
  ContainerEnded: ['A container ended.', 'Read the last lines of its log, which the error contains.'],
  CrashLoopBackOff: ['A container keeps exiting.', 'Read the last lines of its log, which the error contains.'],
  CreateContainerConfigError: ['The kubelet cannot configure a container.', 'Create the missing Secret or ConfigMap.'],
  CreateContainerError: ['The container runtime cannot create a container.', 'Read the message of the runtime.'],
  RunContainerError: ['The container runtime cannot start a container.', 'Read the message of the runtime.'],
  Evicted: ['The pod was evicted from its node.', 'Usually nothing; a new pod follows. Check the memory of the nodes.'],
  FileMissing: ['nats-server does not find a file.', 'Add it to `files`, or to the Secret that it comes from.'],
  FileUnreadable: ['nats-server may not read a file.', 'Check `security-context`.'],
  FlagUnknown: ['nats-server does not know an argument.', 'Remove it from `overrides`.'],
  NodeLost: ['The node of a pod is NotReady.', 'Restore the node, or delete the Node object if the machine is gone.'],
  OldRevisionStuck: [
    'A pod of the previous revision does not become Ready.',
    'Usually nothing; the action replaces it.',
  ],
  OOMKilled: ['A container used more memory than its limit.', 'Raise `limits.memory` in `resources`.'],
  PortInUse: ['Another program uses a port of the server.', 'Remove the other container, or `hostNetwork`.'],
  ProbeFailed: [
    'A server does not answer its probes.',
    'Let the kubelets reach port 8222, or read the log of the server.',
  ],
  ProgramMissing: ['The image has no nats-server.', 'Correct `image`.'],
  ProgramNotExecutable: ['The program in the image may not be executed.', 'Use another image or `security-context`.'],
  Rescaled: ['Another client changed the number of replicas.', 'Disable autoscalers for the StatefulSet.'],
  ServerFatal: ['nats-server exited with a fatal error.', 'Read the message of the server.'],
  ServerPanic: ['nats-server crashed.', 'Use another release, and report the log to nats-server.'],
};

export const IMAGE_TEXTS: Texts = {
  ErrImageNeverPull: [
    'The node does not have the image, and may not pull it.',
    'Load the image, or change the policy.',
  ],
  ErrImagePull: ['The image cannot be pulled.', 'Check `image` and the pull secret.'],
  ImagePullBackOff: ['The image cannot be pulled.', 'Check `image` and the pull secret.'],
  InvalidImageName: ['The image name is invalid.', 'Correct `image`.'],
  ImageNotFound: ['The registry does not have the image.', 'Correct name and tag of `image`.'],
  ImagePlatform: ['The image is for another architecture than the node.', 'Use an image for that architecture.'],
  ImageUnauthorized: [
    'The registry denies the pull.',
    'Set `image-pull-secrets` ([how](operations/registries.md)), or correct `image`.',
  ],
  RegistryFailing: ['The registry answers with a server error.', 'Run the job again later.'],
  RegistryRateLimit: ['The rate limit of the registry is exceeded.', 'Wait, or use an account or a mirror.'],
  RegistryUnavailable: ['The registry does not answer.', 'Check the registry, and the network of the nodes.'],
  RegistryUnreachable: ['The nodes cannot reach the registry.', 'Check DNS, firewall and proxy of the nodes.'],
  RegistryUntrusted: ['The nodes do not trust the registry.', 'Let the nodes trust the CA of the registry.'],
};

export const SCHEDULING_TEXTS: Texts = {
  AntiAffinity: ['No node without another server is left.', 'Add nodes, or set `anti-affinity: preferred`.'],
  InsufficientResources: ['No node has enough free resources.', 'Lower `resources`, or add nodes.'],
  NodeSelector: ['No node matches the selector or affinity.', 'Label nodes, or correct `overrides`.'],
  NodesNotReady: ['Nodes are NotReady.', 'Restore the nodes.'],
  TopologySpread: [
    'A topology spread constraint excludes all nodes.',
    'Add nodes in other zones, or relax the constraint.',
  ],
  Unschedulable: ['The scheduler finds no node for another reason.', 'Read its message.'],
  UntoleratedTaint: ['All nodes have taints.', 'Uncordon nodes, or add a toleration in `overrides`.'],
};

export const VOLUME_TEXTS: Texts = {
  FailedAttachVolume: ['A volume cannot be attached to the node.', 'Check the volume and the storage driver.'],
  FailedCreatePodSandBox: ['The node cannot create the network of the pod.', 'Check the network plugin of the node.'],
  FailedMount: ['A volume cannot be mounted.', 'Check the volume, and the Secrets of the pod.'],
  NoStorageClass: ['The Kubernetes cluster has no default storage class.', 'Set `jetstream-storage-class`.'],
  NoVolume: ['No PersistentVolume fits the claim.', 'Create one, or set `jetstream-storage-class`.'],
  ProvisionerSilent: ['The provisioner has not created a volume yet.', 'Look at its log.'],
  ProvisioningFailed: ['The provisioner failed.', 'Read its message.'],
  SecretKeyMissing: [
    'A key of a Secret is missing.',
    'Add the key. If the action created the Secret, run the job again.',
  ],
  SecretMissing: ['A Secret does not exist.', 'Create it. If the action created it before, run the job again.'],
  StorageClassMissing: ['The storage class does not exist.', 'Correct `jetstream-storage-class`.'],
  VolumeElsewhere: ['No node in the zone of the volume has free resources.', 'Free resources on a node of that zone.'],
  VolumeUnbound: ['The claim has no volume yet.', 'Look at the claim: `kubectl describe pvc`.'],
};

export const JETSTREAM_TEXTS: Texts = {
  AccountUnresolved: ['Streams belong to an account that the servers do not know.', 'Define the account in `config`.'],
  AccountWithoutJetStream: ['Streams belong to an account without JetStream.', 'Set `jetstream: enabled` for it.'],
  CatchingUp: ['The server copies streams from the others.', 'Set a longer `timeout`.'],
  JetStreamFailed: ['JetStream cannot start.', 'Check space, permissions and content of the volume.'],
  JetStreamLimits: ['Accounts reserve more than the server has.', 'Lower their limits, or raise `jetstream-storage`.'],
  JetStreamOff: ['JetStream does not run on a server.', 'Read the log of the server.'],
  JetStreamWriteFailed: ['JetStream cannot write to its volume.', 'Make room on the volume, or repair it.'],
  MetaGroupSize: ['The JetStream meta group has another number of servers.', 'Check which servers are missing.'],
  MetaLayerStopped: ['JetStream has stopped on a server.', 'Read the log of the server.'],
  MetaPeerBehind: ['The meta leader waits for a server to catch up.', 'Set a longer `timeout`.'],
  NoMetaLeader: ['The servers have not elected a meta leader.', 'More than half of the servers must reach each other.'],
  NotHealthy: ['A server reports that it is not healthy.', 'Correct the problem that the server names.'],
  OtherMetaLeader: ['Servers name different meta leaders.', 'Check the network between the servers.'],
  OutsideMetaGroup: [
    'The meta group excludes a server, or the answers of a server do not reach the meta leader. All servers run.',
    '`deploy` and `rotate` restart the server. After `verify`, run `deploy` with the inputs of the last deployment.',
  ],
  StreamAssignmentFailed: ['A server cannot run a stream.', 'Compare the limits of the account with the stream.'],
  StreamBehind: ['Replicas of streams are not current.', 'Wait, or set a longer `timeout`.'],
  StreamNotRecovered: ['A server cannot read the files of a stream.', 'Restore the volume from a backup.'],
  StreamsToMove: ['A server that leaves still holds streams.', 'Set a longer `timeout`; the next run continues.'],
};
