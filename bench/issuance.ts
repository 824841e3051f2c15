import { issueCertificates } from '../src/commands/issuance/issuance.ts';
import { issueCa } from '../src/commands/issuance/signing.ts';
import { clusterSpec } from '../test/unit/support/cluster-spec.ts';
import { monotonicUs } from './clock.ts';

const DAY_MS = 86_400_000;

/** One issuance: its start in µs of the monotonic clock, and its duration. */
export type Issuance = { readonly begunUs: number; readonly elapsedMs: number };

/**
 * Issues two CAs and seven leaf certificates, as a first deploy does: five servers' routes, the server's, a client's.
 */
export async function issueForFiveServers(): Promise<Issuance> {
  const spec = clusterSpec({ replicas: 5, clientCertificates: ['billing'] });
  const now = new Date();
  const [begunUs, begun] = [monotonicUs(), performance.now()];
  const [client, route] = await Promise.all(
    (['client', 'route'] as const).map(async (purpose) => {
      const current = await issueCa(spec, purpose, { now, caValidityMs: 1825 * DAY_MS });
      return { phase: 'idle', current } as const;
    }),
  );
  const wanted = {
    authorities: { client, route },
    clients: ['billing'],
    userProvided: { server: undefined, route: undefined },
  };
  const held = { server: undefined, routes: {}, clients: {} };
  const terms = { now, certificateValidityMs: 90 * DAY_MS, renewBeforeMs: 30 * DAY_MS, forced: new Set([]) };
  const { issued } = await issueCertificates(spec, wanted, held, terms);
  const elapsedMs = performance.now() - begun;
  if (issued.length !== 7) throw new Error(`expected 7 leaves, got ${issued.length}`);
  return { begunUs, elapsedMs };
}

// If this file runs as a program, it issues them once, before V8 has compiled anything, as a run of the action does.
if (import.meta.main) {
  const { begunUs, elapsedMs } = await issueForFiveServers();
  process.stdout.write(`${begunUs} ${elapsedMs}\n`);
}
