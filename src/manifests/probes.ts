import type { ClusterSpec } from '../cluster/spec.ts';

// `js-server-only` asks no stream or consumer: one broken consumer would otherwise keep a whole cluster from starting.
const SERVING = { path: '/healthz?js-server-only=true', port: 'monitor', scheme: 'HTTP' } as const;

// Up to 2.10 `js-server-only` also waits for a meta leader, and a restart elects none; this asks for less.
const ALIVE = { path: '/healthz?js-enabled-only=true', port: 'monitor', scheme: 'HTTP' } as const;

// Also whether the server's part of every stream and consumer has caught up.
const CAUGHT_UP = { path: '/healthz', port: 'monitor', scheme: 'HTTP' } as const;

const STARTING = { periodSeconds: 1, timeoutSeconds: 5 } as const;

/**
 * Noticed within a second. With JetStream a server has started once it has caught up, so that no rollout and no drain
 * takes the next one before: streams in memory would be lost with the last up-to-date copy. That may take as long as
 * streams are large, and one that never does only keeps this server from being started, so there is an hour for it:
 * then the kubelet starts the server again.
 */
export function startupProbe({ jetstream }: Pick<ClusterSpec, 'jetstream'>) {
  return jetstream === undefined
    ? ({ httpGet: SERVING, ...STARTING, failureThreshold: 600 } as const)
    : ({ httpGet: CAUGHT_UP, ...STARTING, failureThreshold: 3600 } as const);
}

/** Fails during lame duck (`/healthz` answers 500), which takes the leaving server out of the client Service. */
export const readinessProbe = { httpGet: SERVING, periodSeconds: 2, timeoutSeconds: 5, failureThreshold: 3 } as const;

/** Slow on purpose: a restart costs every client of the server, and 90 s of silence is no hiccup. */
export const livenessProbe = { httpGet: ALIVE, periodSeconds: 30, timeoutSeconds: 5, failureThreshold: 3 } as const;
