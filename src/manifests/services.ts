import { CLIENT_PORT, METRICS_PORT, MONITOR_PORT, ROUTE_PORT } from '../cluster/addresses.ts';
import { clusterNames, type Labels, selectorLabels } from '../cluster/names.ts';
import type { ClusterSpec, ServiceType } from '../cluster/spec.ts';
import { buildMetadata, type Metadata } from './metadata.ts';

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
export function buildNetworkPolicy(spec: ClusterSpec): NetworkPolicyManifest {
  const listeners = (spec.configuration?.listeners ?? []).map(({ port }) => buildTcpPort(port));
  const servers = { matchLabels: selectorLabels(spec.name) };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: buildMetadata(spec, clusterNames(spec.name).networkPolicy),
    spec: {
      podSelector: servers,
      policyTypes: ['Ingress'],
      ingress: [
        { ports: [buildTcpPort(CLIENT_PORT), ...listeners, ...(spec.metrics ? [buildTcpPort(METRICS_PORT)] : [])] },
        { from: [{ podSelector: servers }], ports: [buildTcpPort(ROUTE_PORT)] },
      ],
    },
  };
}

function buildTcpPort(port: number): Port {
  return { protocol: 'TCP', port };
}

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
export function buildPodDisruptionBudget(spec: ClusterSpec): PodDisruptionBudgetManifest {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: buildMetadata(spec, clusterNames(spec.name).podDisruptionBudget),
    spec: {
      maxUnavailable: 1,
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
      selector: { matchLabels: selectorLabels(spec.name) },
    },
  };
}

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
export function buildPodMonitor(spec: ClusterSpec): PodMonitorManifest {
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PodMonitor',
    metadata: buildMetadata(spec, clusterNames(spec.name).podMonitor),
    spec: {
      selector: { matchLabels: selectorLabels(spec.name) },
      podMetricsEndpoints: [{ port: 'metrics' }],
    },
  };
}

type ServicePort = {
  readonly name: string;
  readonly port: number;
  readonly targetPort: number;
  readonly protocol: 'TCP';
  readonly appProtocol: 'tcp' | 'http';
};

export type ServiceManifest = {
  readonly apiVersion: 'v1';
  readonly kind: 'Service';
  readonly metadata: Metadata;
  readonly spec: {
    readonly type: ServiceType;
    readonly clusterIP?: 'None';
    readonly publishNotReadyAddresses: boolean;
    readonly selector: Labels;
    readonly ports: readonly ServicePort[];
  };
};

// `appProtocol: tcp` keeps a service mesh from guessing: NATS servers speak first, and guessing waits for the client.
const CLIENT = buildServicePort('client', CLIENT_PORT, 'tcp');
const ROUTE = buildServicePort('cluster', ROUTE_PORT, 'tcp');
const MONITOR = buildServicePort('monitor', MONITOR_PORT, 'http');
const METRICS = buildServicePort('metrics', METRICS_PORT, 'http');

/** Builds the Service that applications connect to. It contains ready servers only. */
export function buildClientService(spec: ClusterSpec): ServiceManifest {
  return buildService(spec, clusterNames(spec.name).service, {
    type: spec.serviceType,
    publishNotReadyAddresses: false,
    selector: selectorLabels(spec.name),
    ports: [CLIENT, ...listListenerPorts(spec)],
  });
}

/**
 * Builds the Service that governs the StatefulSet. Routes do not use it, because resolvers cache the absence of its
 * pods' names.
 */
export function buildHeadlessService(spec: ClusterSpec): ServiceManifest {
  return buildService(spec, clusterNames(spec.name).headlessService, {
    type: 'ClusterIP',
    clusterIP: 'None',
    publishNotReadyAddresses: true,
    selector: selectorLabels(spec.name),
    ports: [CLIENT, ROUTE, MONITOR, ...(spec.metrics ? [METRICS] : []), ...listListenerPorts(spec)],
  });
}

/**
 * Builds the Service with the stable address of one server, which exists before its pod. With these Services the first
 * mesh took 3.7 s; with the headless names it took 33 s under ordinary DNS caching. The Service publishes a server
 * before it is ready, because peers must reach it by then.
 */
export function buildPodService(spec: ClusterSpec, pod: string): ServiceManifest {
  return buildService(spec, pod, {
    type: 'ClusterIP',
    publishNotReadyAddresses: true,
    selector: { ...selectorLabels(spec.name), 'statefulset.kubernetes.io/pod-name': pod },
    ports: [CLIENT, ROUTE, ...listListenerPorts(spec)],
  });
}

function buildService(spec: ClusterSpec, name: string, body: ServiceManifest['spec']): ServiceManifest {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: buildMetadata(spec, name),
    spec: body,
  };
}

/** Returns the ports that the user's own configuration opens. */
function listListenerPorts({ configuration }: ClusterSpec): readonly ServicePort[] {
  return (configuration?.listeners ?? []).map(({ name, port }) => buildServicePort(name, port, 'tcp'));
}

function buildServicePort(name: string, port: number, appProtocol: ServicePort['appProtocol']): ServicePort {
  // The target is a number, because the servers of another tool that are being taken over name their ports differently.
  return { name, port, targetPort: port, protocol: 'TCP', appProtocol };
}
