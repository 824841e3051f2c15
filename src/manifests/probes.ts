// `js-server-only` asks no stream or consumer: one broken consumer would otherwise keep a whole cluster from starting.
const SERVING = { path: '/healthz?js-server-only=true', port: 'monitor', scheme: 'HTTP' } as const;

// Up to 2.10 `js-server-only` also waits for a meta leader, and a restart elects none; this asks for less.
const ALIVE = { path: '/healthz?js-enabled-only=true', port: 'monitor', scheme: 'HTTP' } as const;

/** Ten minutes to start (JetStream may recover large streams), noticed within a second. */
export const startupProbe = { httpGet: SERVING, periodSeconds: 1, timeoutSeconds: 5, failureThreshold: 600 } as const;

/** Fails during lame duck (`/healthz` answers 500), which takes the leaving server out of the client Service. */
export const readinessProbe = { httpGet: SERVING, periodSeconds: 2, timeoutSeconds: 5, failureThreshold: 3 } as const;

/** Slow on purpose: a restart costs every client of the server, and 90 s of silence is no hiccup. */
export const livenessProbe = { httpGet: ALIVE, periodSeconds: 30, timeoutSeconds: 5, failureThreshold: 3 } as const;
