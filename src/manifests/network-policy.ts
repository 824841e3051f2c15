import { CLIENT_PORT, METRICS_PORT, ROUTE_PORT } from '../cluster/addresses.ts';
import { type Labels, selectorLabels } from '../cluster/labels.ts';
import { clusterNames } from '../cluster/names.ts';
import type { ClusterSpec } from '../cluster/spec.ts';
import { type Metadata, objectMetadata } from './metadata.ts';

type Port = { readonly protocol: 'TCP'; readonly port: number };

type Rule = {
  readonly from?: readonly { readonly podSelector: { readonly matchLabels: Labels } }[];
  readonly ports: readonly Port[];
};

export type NetworkPolicyManifest = {
  readonly apiVersion: 'networking.k8s.io/v1';
  readonly kind: 'NetworkPolicy';
  readonly metadata: Metadata;
  readonly spec: {
    readonly podSelector: { readonly matchLabels: Labels };
    readonly policyTypes: readonly ['Ingress'];
    readonly ingress: readonly Rule[];
  };
};

/**
 * Builds the NetworkPolicy. Clients, the listeners of the user's own configuration and, if wanted, Prometheus may
 * connect from everywhere. Only servers may reach the route port, and no pod may reach the monitoring port: probes and
 * port-forwards come from the node of the pod, which no policy blocks (Kubernetes documentation, Network Policies).
 */
export function networkPolicy(spec: ClusterSpec): NetworkPolicyManifest {
  const listeners = (spec.configuration?.listeners ?? []).map(({ port }) => tcp(port));
  const servers = { matchLabels: selectorLabels(spec.name) };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: objectMetadata(spec, clusterNames(spec.name).networkPolicy),
    spec: {
      podSelector: servers,
      policyTypes: ['Ingress'],
      ingress: [
        { ports: [tcp(CLIENT_PORT), ...listeners, ...(spec.metrics ? [tcp(METRICS_PORT)] : [])] },
        { from: [{ podSelector: servers }], ports: [tcp(ROUTE_PORT)] },
      ],
    },
  };
}

function tcp(port: number): Port {
  return { protocol: 'TCP', port };
}
