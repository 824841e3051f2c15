import { METRICS_PORT, MONITOR_PORT } from '../cluster/addresses.ts';
import type { ClusterSpec } from '../cluster/spec.ts';

/** Another one is an override of `StatefulSet/servers`. */
const EXPORTER_IMAGE = 'natsio/prometheus-nats-exporter:0.17.3';

/**
 * The exporter beside a server, which reads its monitoring port within the pod. Without a probe of its own: whether a
 * server serves does not hang on who measures it.
 */
export function metricsContainer({ jetstream }: Pick<ClusterSpec, 'jetstream'>) {
  return {
    name: 'metrics',
    image: EXPORTER_IMAGE,
    imagePullPolicy: 'IfNotPresent',
    // As the Helm chart has them, so that its dashboards go on.
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
