import type { ClusterSpec } from '../cluster/spec.ts';

// `js-server-only` checks no stream or consumer: one broken consumer would otherwise keep a whole cluster from
// starting.
const SERVING = { path: '/healthz?js-server-only=true', port: 'monitor', scheme: 'HTTP' } as const;

// Up to 2.10, `js-server-only` also waits for a meta leader, and a restart elects none; this path checks less.
const ALIVE = { path: '/healthz?js-enabled-only=true', port: 'monitor', scheme: 'HTTP' } as const;

// This also checks whether the server's part of every stream and consumer has caught up.
const CAUGHT_UP = { path: '/healthz', port: 'monitor', scheme: 'HTTP' } as const;

const STARTING = { periodSeconds: 1, timeoutSeconds: 5 } as const;

/**
 * Builds the startup probe, which notices a started server within a second. With JetStream, a server has started once
 * it has caught up, so that no rollout and no drain takes the next server before: streams in memory would be lost with
 * the last up-to-date copy. Large streams take long to catch up, and a server that never catches up affects only its
 * own start. The probe therefore allows one hour; then the kubelet restarts the server.
 */
export function startupProbe({ jetstream }: Pick<ClusterSpec, 'jetstream'>) {
  return jetstream === undefined
    ? ({ httpGet: SERVING, ...STARTING, failureThreshold: 600 } as const)
    : ({ httpGet: CAUGHT_UP, ...STARTING, failureThreshold: 3600 } as const);
}

/**
 * The readiness probe. It fails during lame duck mode (`/healthz` answers 500), which takes the leaving server out of
 * the client Service.
 */
export const readinessProbe = { httpGet: SERVING, periodSeconds: 2, timeoutSeconds: 5, failureThreshold: 3 } as const;

/**
 * The liveness probe. It is slow on purpose: a restart disconnects every client of the server, and only 90 s without an
 * answer justify that.
 */
export const livenessProbe = { httpGet: ALIVE, periodSeconds: 30, timeoutSeconds: 5, failureThreshold: 3 } as const;
