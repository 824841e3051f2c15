import { CLIENT_PORT, METRICS_PORT, MONITOR_PORT, ROUTE_PORT } from '../cluster/addresses.ts';
import { type Labels, selectorLabels } from '../cluster/labels.ts';
import { clusterNames } from '../cluster/names.ts';
import type { ClusterSpec, ServiceType } from '../cluster/spec.ts';
import { type Metadata, objectMetadata } from './metadata.ts';

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
