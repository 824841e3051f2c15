import { podNames } from '../../cluster/names.ts';
import { connectServer, type ServerConnection } from '../../servers/connection.ts';
import type { ServerResult } from '../../servers/failure.ts';
import type { Proof } from '../../servers/proof.ts';
import { provePublish } from '../../servers/publish-proof.ts';
import { PROBE_SUBJECTS } from '../configuration.ts';
import { clientTarget, type SignInTerms } from './sign-in-proofs.ts';

export type PassingProof = {
  /** Starts to connect to a server that is up, ahead of the check. */
  readonly connect: (pod: string) => void;
  readonly prove: () => Promise<Proof>;
};

/**
 * Creates the check that a message published on one server arrives on every other. It uses the account of the probe
 * user or, with JWT authentication, the system account, because no other user is available.
 */
export function passingProof(terms: SignInTerms): PassingProof {
  const { spec, credentials, signal } = terms;
  const { probe, systemCredentials } = credentials;
  const user = systemCredentials ?? probe;
  const early = new Map<string, Promise<ServerResult<ServerConnection> | undefined>>();
  const opened = async (pod: string): Promise<ServerResult<ServerConnection>> =>
    await connectServer({ ...clientTarget(terms, pod, probe.user), ...user });
  const closeEarly = async (pod: string): Promise<void> => {
    const before = await early.get(pod);
    if (before?.ok) await before.value.close();
  };
  return {
    connect: (pod) => {
      closeEarly(pod).catch(() => {}); // It led to a server that is gone, or that loaded another configuration since.
      // A connection that failed is tried again when the check is required.
      const connecting = opened(pod).catch(() => undefined);
      early.set(pod, connecting);
    },
    prove: async () => {
      const results = await Promise.all(
        podNames(spec).map(async (pod) => {
          const known = await early.get(pod);
          return known?.ok ? known : await opened(pod);
        }),
      );
      early.clear();
      const connections = results.flatMap((result) => (result.ok ? [result.value] : []));
      try {
        const failed = results.find((result) => !result.ok);
        if (failed !== undefined && !failed.ok) {
          return { kind: 'unknown', failure: failed.failure };
        }
        return await provePublish({ connections, subjectPrefix: PROBE_SUBJECTS, signal, timeoutMs: 5000 });
      } finally {
        await Promise.all(connections.map(async (connection) => await connection.close()));
      }
    },
  };
}
