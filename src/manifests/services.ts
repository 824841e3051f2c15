import { CLIENT_PORT, METRICS_PORT, MONITOR_PORT, ROUTE_PORT } from '../cluster/addresses.ts';
import { clusterNames, type Labels, selectorLabels } from '../cluster/names.ts';
import type { ClusterSpec, ServiceType } from '../cluster/spec.ts';
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
const CLIENT = servicePort('client', CLIENT_PORT, 'tcp');
const ROUTE = servicePort('cluster', ROUTE_PORT, 'tcp');
const MONITOR = servicePort('monitor', MONITOR_PORT, 'http');
const METRICS = servicePort('metrics', METRICS_PORT, 'http');

/** Builds the Service that applications connect to. It contains ready servers only. */
export function clientService(spec: ClusterSpec): ServiceManifest {
  return service(spec, clusterNames(spec.name).service, {
    type: spec.serviceType,
    publishNotReadyAddresses: false,
    selector: selectorLabels(spec.name),
    ports: [CLIENT, ...listenerPorts(spec)],
  });
}

/**
 * Builds the Service that governs the StatefulSet. Routes do not use it, because resolvers cache the absence of its
 * pods' names.
 */
export function headlessService(spec: ClusterSpec): ServiceManifest {
  return service(spec, clusterNames(spec.name).headlessService, {
    type: 'ClusterIP',
    clusterIP: 'None',
    publishNotReadyAddresses: true,
    selector: selectorLabels(spec.name),
    ports: [CLIENT, ROUTE, MONITOR, ...(spec.metrics ? [METRICS] : []), ...listenerPorts(spec)],
  });
}

/**
 * Builds the Service with the stable address of one server, which exists before its pod. With these Services the first
 * mesh took 3.7 s; with the headless names it took 33 s under ordinary DNS caching. The Service publishes a server
 * before it is ready, because peers must reach it by then.
 */
export function podService(spec: ClusterSpec, pod: string): ServiceManifest {
  return service(spec, pod, {
    type: 'ClusterIP',
    publishNotReadyAddresses: true,
    selector: { ...selectorLabels(spec.name), 'statefulset.kubernetes.io/pod-name': pod },
    ports: [CLIENT, ROUTE, ...listenerPorts(spec)],
  });
}

function service(spec: ClusterSpec, name: string, body: ServiceManifest['spec']): ServiceManifest {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: objectMetadata(spec, name),
    spec: body,
  };
}

/** Returns the ports that the user's own configuration opens. */
function listenerPorts({ configuration }: ClusterSpec): readonly ServicePort[] {
  return (configuration?.listeners ?? []).map(({ name, port }) => servicePort(name, port, 'tcp'));
}

function servicePort(name: string, port: number, appProtocol: ServicePort['appProtocol']): ServicePort {
  // The target is a number, because the servers of another tool that are being taken over name their ports differently.
  return { name, port, targetPort: port, protocol: 'TCP', appProtocol };
}
