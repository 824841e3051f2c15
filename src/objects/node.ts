import { recordOf, recordsOf, textOf } from './json.ts';
import type { KubernetesObject } from './object.ts';

export type Taint = { readonly key: string; readonly value: string; readonly effect: string };

export type Node = {
  readonly name: string;
  readonly ready: boolean;
  readonly cordoned: boolean;
  readonly taints: readonly Taint[];
  /**
   * Whether a taint keeps pods away. Taints of Kubernetes itself do not count, because they may disappear at any
   * moment.
   */
  readonly repels: boolean;
  /**
   * Whether a pod without tolerations can be scheduled: the node is not cordoned and has no taint that repels the pod.
   * A node that is not Ready counts as schedulable, because it may become Ready at any moment.
   */
  readonly schedulable: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly externalIps: readonly string[];
  readonly internalIps: readonly string[];
};

/** The prefix of the taints that Kubernetes itself sets and removes, for example `node.kubernetes.io/not-ready`. */
const CONDITION_TAINT = 'node.kubernetes.io/';

export function decodeNode({ metadata, spec, status }: KubernetesObject): Node {
  const wanted = recordOf(spec);
  const ready = recordsOf(recordOf(status)['conditions']).some(
    ({ type, status: value }) => type === 'Ready' && value === 'True',
  );
  const cordoned = wanted['unschedulable'] === true;
  const taints = recordsOf(wanted['taints']).map((taint) => ({
    key: textOf(taint['key']) ?? '',
    value: textOf(taint['value']) ?? '',
    effect: textOf(taint['effect']) ?? '',
  }));
  const repels = taints.some(
    ({ key, effect }) => (effect === 'NoSchedule' || effect === 'NoExecute') && !key.startsWith(CONDITION_TAINT),
  );
  const addresses = (wantedType: string): readonly string[] =>
    recordsOf(recordOf(status)['addresses']).flatMap(({ type, address }) =>
      type === wantedType && typeof address === 'string' ? [address] : [],
    );
  return {
    name: metadata.name,
    ready,
    cordoned,
    taints,
    repels,
    schedulable: !cordoned && !repels,
    labels: metadata.labels,
    externalIps: addresses('ExternalIP'),
    internalIps: addresses('InternalIP'),
  };
}
