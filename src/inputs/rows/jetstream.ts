import { boolean } from '../choice.ts';
import { storageClassName } from '../kubernetes-name.ts';
import { DESCRIBING_COMMANDS, defaulted, optional, type ValueOf } from '../row.ts';
import { storeSize } from '../store-size.ts';

const group = 'JetStream';
const commands = DESCRIBING_COMMANDS;

export const jetstreamRows = {
  jetstream: defaulted(boolean, {
    name: 'jetstream',
    group,
    description:
      'JetStream on every server. With several servers the step also requires one meta leader that all of them name. It cannot be turned on or off later.',
    default: 'false',
    commands,
  }),
  storage: defaulted(storeSize, {
    name: 'jetstream-storage',
    group,
    description:
      'Size of the volume of each server; 90 % of it is available to streams. `0` disables file storage: streams are kept in memory only. A volume can be added later, but its size cannot be changed.',
    default: '10Gi',
    commands,
  }),
  storageClass: optional(storageClassName, {
    name: 'jetstream-storage-class',
    group,
    description:
      'Storage class of these volumes. Absent: the default one of the cluster. It cannot change once there are volumes.',
    commands,
  }),
  memory: defaulted(storeSize, {
    name: 'jetstream-memory',
    group,
    description: 'What streams in memory may take on each server. `0`: no streams in memory. It can only grow later.',
    default: '0',
    commands,
  }),
} as const;

export function readJetstream(valueOf: ValueOf) {
  return {
    jetstream: valueOf(jetstreamRows.jetstream),
    jetstreamStorage: valueOf(jetstreamRows.storage),
    jetstreamStorageClass: valueOf(jetstreamRows.storageClass),
    jetstreamMemory: valueOf(jetstreamRows.memory),
  } as const;
}
