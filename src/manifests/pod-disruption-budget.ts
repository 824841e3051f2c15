import { type Labels, selectorLabels } from '../cluster/labels.ts';
import { clusterNames } from '../cluster/names.ts';
import type { ClusterSpec } from '../cluster/spec.ts';
import { type Metadata, objectMetadata } from './metadata.ts';

export type PodDisruptionBudgetManifest = {
  readonly apiVersion: 'policy/v1';
  readonly kind: 'PodDisruptionBudget';
  readonly metadata: Metadata;
  readonly spec: {
    readonly maxUnavailable: number;
    readonly unhealthyPodEvictionPolicy: 'AlwaysAllow';
    readonly selector: { readonly matchLabels: Labels };
  };
};

/**
 * Builds the budget that lets node drains take one server at a time. A server that is not ready serves no client, so it
 * may always be evicted: with the default policy, a cluster that cannot start would block every drain of its nodes
 * permanently.
 */
export function podDisruptionBudget(spec: ClusterSpec): PodDisruptionBudgetManifest {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: objectMetadata(spec, clusterNames(spec.name).podDisruptionBudget),
    spec: {
      maxUnavailable: 1,
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
      selector: { matchLabels: selectorLabels(spec.name) },
    },
  };
}
