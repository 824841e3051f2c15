import { CLIENT_PORT, METRICS_PORT, MONITOR_PORT, ROUTE_PORT, serviceHost } from '../cluster/addresses.ts';
import { SERVER_CONTAINER } from '../cluster/names.ts';
import { routeCertificateKey, routePrivateKeyKey, serverEnvironment, serverFiles } from '../cluster/server-files.ts';
import type { ClusterSpec, Resources } from '../cluster/spec.ts';
import { ActionError } from '../errors/action-error.ts';
import { parseQuantity } from '../inputs/grammar/number.ts';
import { buildResolverMounts, buildStoreMounts } from './stores.ts';

/** The image of the exporter. An override of `StatefulSet/servers` can replace it. */
const EXPORTER_IMAGE = 'natsio/prometheus-nats-exporter:0.17.3';

/**
 * Builds the container of the exporter, which reads the monitoring port of the server in the same pod. The container
 * has no probe, because the readiness of a server must not depend on its exporter.
 */
export function buildMetricsContainer({ jetstream }: Pick<ClusterSpec, 'jetstream'>) {
  return {
    name: 'metrics',
    image: EXPORTER_IMAGE,
    imagePullPolicy: 'IfNotPresent',
    // The flags are those of the Helm chart, so that its dashboards keep working.
    args: [
      `-port=${METRICS_PORT}`,
      '-connz',
      '-routez',
      '-subz',
      '-varz',
      ...(jetstream === undefined ? [] : ['-jsz=all']),
      '-prefix=nats',
      '-use_internal_server_id',
      `http://localhost:${MONITOR_PORT}/`,
    ],
    ports: [{ name: 'metrics', containerPort: METRICS_PORT, protocol: 'TCP' }],
    resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '128Mi' } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    terminationMessagePolicy: 'FallbackToLogsOnError',
  } as const;
}

// `js-server-only` checks no stream or consumer: one broken consumer would otherwise keep a whole cluster from
// starting.
const SERVING = { path: '/healthz?js-server-only=true', port: 'monitor', scheme: 'HTTP' } as const;

// This path does not wait for a meta leader, as `js-server-only` does up to 2.10: a restart of the server would not
// help.
const ALIVE = { path: '/healthz?js-enabled-only=true', port: 'monitor', scheme: 'HTTP' } as const;

// This also checks whether the server's part of every stream and consumer has caught up.
const CAUGHT_UP = { path: '/healthz', port: 'monitor', scheme: 'HTTP' } as const;

const STARTING = { periodSeconds: 1, timeoutSeconds: 5 } as const;

/**
 * Builds the startup probe, which notices a started server within a second. With JetStream, a server has started once
 * it has caught up, so that no rollout and no drain takes the next server before that: streams in memory would be lost
 * with the last up-to-date copy. Large streams take long to catch up, and a server that never catches up affects only
 * its own start. The probe therefore allows one hour; then the kubelet restarts the server.
 */
function buildStartupProbe({ jetstream }: Pick<ClusterSpec, 'jetstream'>) {
  return jetstream === undefined
    ? ({ httpGet: SERVING, ...STARTING, failureThreshold: 600 } as const)
    : ({ httpGet: CAUGHT_UP, ...STARTING, failureThreshold: 3600 } as const);
}

/**
 * The readiness probe. It fails during lame duck mode (`/healthz` answers 500), which takes the leaving server out of
 * the client Service.
 */
const readinessProbe = { httpGet: SERVING, periodSeconds: 2, timeoutSeconds: 5, failureThreshold: 3 } as const;

/**
 * The liveness probe. It is slow on purpose: a restart disconnects every client of the server, and only 90 s without an
 * answer justify that.
 */
const livenessProbe = { httpGet: ALIVE, periodSeconds: 30, timeoutSeconds: 5, failureThreshold: 3 } as const;

/** The share of the memory limit for the Go heap. The rest is for memory that Go's collector does not count. */
const GO_MEMORY_SHARE = 0.9;

export const CONFIGURATION_VOLUME = 'configuration';
export const PID_VOLUME = 'pid';

/** The files of a route certificate that all peers share. */
export const SHARED_ROUTE_CERTIFICATE = 'route.crt';
export const SHARED_ROUTE_KEY = 'route.key';

/**
 * Builds the nats-server container. Nothing in it depends on the number of replicas, or on passwords and certificates.
 */
export function buildServerContainer(spec: ClusterSpec) {
  return {
    name: SERVER_CONTAINER,
    image: spec.image,
    imagePullPolicy: 'IfNotPresent',
    // The program has no path: the official images have it at /nats-server (scratch, with `/` on PATH since 2.7.4) or
    // in /usr/local/bin (alpine). The preStop hook finds the same program the same way.
    command: ['nats-server'],
    args: ['--config', serverFiles.configuration, '--pid', serverFiles.pid],
    env: buildEnvironment(spec),
    ports: [
      { name: 'client', containerPort: CLIENT_PORT, protocol: 'TCP' },
      { name: 'cluster', containerPort: ROUTE_PORT, protocol: 'TCP' },
      { name: 'monitor', containerPort: MONITOR_PORT, protocol: 'TCP' },
      ...(spec.configuration?.listeners ?? []).map(({ name, port }) => buildContainerPort(name, port)),
    ],
    resources: spec.resources,
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    startupProbe: buildStartupProbe(spec),
    readinessProbe,
    livenessProbe,
    // The command returns at once; nats-server ignores the SIGTERM that follows while it is in lame duck mode.
    lifecycle: { preStop: { exec: { command: ['nats-server', '--signal', `ldm=${serverFiles.pid}`] } } },
    // The last log lines reach the pod's status, readable without access to logs.
    terminationMessagePolicy: 'FallbackToLogsOnError',
    volumeMounts: [
      { name: CONFIGURATION_VOLUME, mountPath: serverFiles.configurationDirectory, readOnly: true },
      { name: PID_VOLUME, mountPath: serverFiles.pidDirectory },
      ...buildStoreMounts(spec),
      ...buildResolverMounts(spec),
    ],
  } as const;
}

function buildContainerPort(name: string, port: number) {
  return { name, containerPort: port, protocol: 'TCP' } as const;
}

type EnvironmentVariable = {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly fieldRef: { readonly apiVersion: 'v1'; readonly fieldPath: string } };
};

function buildEnvironment(spec: ClusterSpec): readonly EnvironmentVariable[] {
  const pod = `$(${serverEnvironment.podName})`;
  const host = serviceHost(pod, spec.namespace);
  const directory = serverFiles.configurationDirectory;
  const isShared = spec.routeTlsSecret !== undefined;
  return [
    // This variable comes first, because the kubelet expands only variables defined before. The default `apiVersion` is
    // stated too: server-side apply compares the whole reference, and other managers own it with the default.
    { name: serverEnvironment.podName, valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } },
    buildQuotedVariable(serverEnvironment.serverName, pod),
    buildQuotedVariable(serverEnvironment.clientAdvertise, `${host}:${CLIENT_PORT}`),
    buildQuotedVariable(serverEnvironment.routeAdvertise, `${host}:${ROUTE_PORT}`),
    buildQuotedVariable(
      serverEnvironment.routeCertificate,
      `${directory}/${isShared ? SHARED_ROUTE_CERTIFICATE : routeCertificateKey(pod)}`,
    ),
    buildQuotedVariable(
      serverEnvironment.routeKey,
      `${directory}/${isShared ? SHARED_ROUTE_KEY : routePrivateKeyKey(pod)}`,
    ),
    ...buildMemoryLimit(spec.resources),
  ];
}

function buildQuotedVariable(name: string, value: string): EnvironmentVariable {
  return { name, value: `"${value}"` };
}

/**
 * Returns GOMEMLIMIT in bytes if the container has a memory limit; otherwise an empty list, because no limit applies.
 */
function buildMemoryLimit(resources: Resources): readonly EnvironmentVariable[] {
  const limit = resources.limits?.['memory'];
  if (limit === undefined) {
    return [];
  }
  const bytes = parseQuantity(limit);
  if (bytes === undefined) {
    const message = `resources: limits.memory is ${JSON.stringify(limit)}, expected a quantity such as 512Mi`;
    throw new ActionError('INPUT_INVALID', message, {
      hint: 'Write `limits.memory` in `resources` as a Kubernetes quantity, for example `512Mi`.',
      details: { violations: [{ input: 'resources', message, correction: 'limits: {memory: 512Mi}' }] },
    });
  }
  return [{ name: 'GOMEMLIMIT', value: String(Math.floor(bytes * GO_MEMORY_SHARE)) }];
}
