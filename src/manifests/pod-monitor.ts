import { type Labels, selectorLabels } from '../cluster/labels.ts';
import { clusterNames } from '../cluster/names.ts';
import type { ClusterSpec } from '../cluster/spec.ts';
import { type Metadata, objectMetadata } from './metadata.ts';

export type PodMonitorManifest = {
  readonly apiVersion: 'monitoring.coreos.com/v1';
  readonly kind: 'PodMonitor';
  readonly metadata: Metadata;
  readonly spec: {
    readonly selector: { readonly matchLabels: Labels };
    readonly podMetricsEndpoints: readonly { readonly port: string }[];
  };
};

/** Builds the PodMonitor with which the Prometheus operator reads the exporter of each server. */
export function podMonitor(spec: ClusterSpec): PodMonitorManifest {
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PodMonitor',
    metadata: objectMetadata(spec, clusterNames(spec.name).podMonitor),
    spec: {
      selector: { matchLabels: selectorLabels(spec.name) },
      podMetricsEndpoints: [{ port: 'metrics' }],
    },
  };
}
