import { foreignText } from '../../secrets/foreign-text.ts';
import { integerOf, recordOf, textOf } from './json.ts';
import type { KubernetesObject } from './object.ts';

/**
 * A message of a component about an object (Kubernetes API reference, core/v1 Event; both its old and its new fields).
 */
export type Event = {
  readonly uid: string;
  /** `Normal` or `Warning`. */
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly object: { readonly kind: string; readonly name: string; readonly uid: string };
  /** The number of occurrences. */
  readonly count: number;
  /** The time in RFC 3339, by the clock of the component that reported it. */
  readonly firstSeen: string | undefined;
  readonly lastSeen: string | undefined;
};

export function decodeEvent({ metadata, raw }: KubernetesObject): Event {
  const object = recordOf(raw['involvedObject']);
  const series = recordOf(raw['series']);
  return {
    uid: metadata.uid,
    type: textOf(raw['type']) ?? 'Normal',
    reason: textOf(raw['reason']) ?? '',
    message: foreignText(textOf(raw['message']) ?? ''),
    object: {
      kind: textOf(object['kind']) ?? '',
      name: textOf(object['name']) ?? '',
      uid: textOf(object['uid']) ?? '',
    },
    count: Math.max(1, integerOf(series['count']) ?? integerOf(raw['count']) ?? 1),
    firstSeen: textOf(raw['firstTimestamp']) ?? textOf(raw['eventTime']) ?? metadata.creationTimestamp,
    lastSeen:
      textOf(series['lastObservedTime']) ??
      textOf(raw['lastTimestamp']) ??
      textOf(raw['eventTime']) ??
      metadata.creationTimestamp,
  };
}
