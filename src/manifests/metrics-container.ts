import { METRICS_PORT, MONITOR_PORT } from '../cluster/addresses.ts';
import type { ClusterSpec } from '../cluster/spec.ts';

/** The image of the exporter. An override of `StatefulSet/servers` can replace it. */
const EXPORTER_IMAGE = 'natsio/prometheus-nats-exporter:0.17.3';

/**
 * Builds the exporter container beside a server, which reads the monitoring port within the pod. The container has no
 * probe, because the readiness of a server must not depend on its exporter.
 */
export function metricsContainer({ jetstream }: Pick<ClusterSpec, 'jetstream'>) {
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
