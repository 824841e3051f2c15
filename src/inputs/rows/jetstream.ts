import { boolean } from '../grammar/choice.ts';
import { storageClassName } from '../grammar/kubernetes-name.ts';
import { parseQuantity } from '../grammar/number.ts';
import {
  accept,
  DESCRIBING_COMMANDS,
  defineOptionalRow,
  defineRow,
  type Grammar,
  refuse,
  type ValueOf,
} from '../grammar/row.ts';

/** A size as written, for Kubernetes, and in bytes, for nats-server. */
export type StoreSize = { readonly quantity: string; readonly bytes: number };

/** The minimum size, in bytes. A smaller number is probably a number without its unit. */
const MIN_BYTES = 2 ** 20;
const MAX_BYTES = 2 ** 50;

/** The grammar of whole bytes as a Kubernetes quantity, or of no bytes at all (`0`). */
export const storeSize: Grammar<StoreSize> = {
  expected: 'a Kubernetes quantity from `1Mi` to `1Pi`, or `0`',
  example: '20Gi',
  typing: { type: 'string' },
  parse: (text) => {
    const bytes = parseBytes(text);
    if (bytes !== undefined && isStorable(bytes)) return accept({ quantity: text, bytes });
    const meant = repairSize(text);
    return refuse({ suggestion: isStorable(parseBytes(meant) ?? -1) ? meant : undefined });
  },
};

function isStorable(bytes: number): boolean {
  return bytes === 0 || (bytes >= MIN_BYTES && bytes <= MAX_BYTES);
}

function parseBytes(text: string): number | undefined {
  const amount = parseQuantity(text);
  return amount === undefined || !Number.isSafeInteger(amount) ? undefined : amount;
}

/** Repairs a size: `10 GB`, `10gib` and `10` (without a unit) → `10Gi`. */
function repairSize(text: string): string {
  const [, digits = '', unit = ''] = /^(\d{1,6})\s*([kmgtp]?)i?b?$/i.exec(text) ?? [];
  return `${digits}${(unit || 'G').toUpperCase()}i`;
}

const group = 'JetStream';
const commands = DESCRIBING_COMMANDS;

export const jetstreamRows = {
  jetstream: defineRow(boolean, {
    name: 'jetstream',
    group,
    description:
      'Run JetStream on every server. With several servers, the step also requires one meta leader that all servers name. JetStream cannot be enabled or disabled later.',
    default: 'false',
    commands,
  }),
  storage: defineRow(storeSize, {
    name: 'jetstream-storage',
    group,
    description:
      'Size of the volume of each server; 90 % of it is available to streams. `0` disables file storage: streams are kept in memory only. A volume can be added later, but its size cannot be changed.',
    default: '10Gi',
    commands,
  }),
  storageClass: defineOptionalRow(storageClassName, {
    name: 'jetstream-storage-class',
    group,
    description: 'Storage class of these volumes. It cannot be changed once volumes exist.',
    unset: 'the default class of the Kubernetes cluster',
    commands,
  }),
  memory: defineRow(storeSize, {
    name: 'jetstream-memory',
    group,
    description: 'Memory for streams on each server; `0` means no streams in memory. It can only be raised later.',
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
