import { podHost } from '../cluster/addresses.ts';
import { podNames } from '../cluster/names.ts';
import type { ClusterSpec } from '../cluster/spec.ts';
import { ActionError, type ObjectProblem } from '../errors.ts';
import type { KubernetesApi } from '../kubernetes/api.ts';
import type { Credentials, Leaf } from '../manifests/material.ts';
import { provePlaintextRefused, proveWrongPasswordRefused } from '../servers/client-proof.ts';
import { connectServer, type ServerConnection, type ServerTarget } from '../servers/connection.ts';
import type { Proof } from '../servers/proof.ts';
import { provePublish } from '../servers/publish-proof.ts';
import { proveRouteRefusesForeign, proveRouteTrust } from '../servers/route-proof.ts';
import { PROBE_SUBJECTS } from './configuration.ts';
import { podDial } from './pod-dial.ts';

const TIMEOUT_MS = 5000;
/** A proof that could not be asked is asked again; a disproof is an answer. */
const ATTEMPTS = 3;

export type ProofTerms = {
  readonly api: KubernetesApi;
  readonly spec: ClusterSpec;
  readonly clientTrust: string;
  readonly routeTrust: string;
  readonly clientUser: string;
  readonly probe: Credentials;
  /** A leaf of the route authority that no server has seen. */
  readonly routeLeaf: Leaf;
  /** A leaf of an authority that no server trusts. */
  readonly foreignLeaf: Leaf;
  readonly signal: AbortSignal;
};

type NamedProof = { readonly what: string; readonly prove: () => Promise<Proof> };

/**
 * Proves from outside what no server says of itself: the route ports take our authority's leaves and no other, clients
 * need TLS and the right password, and what is published on one server arrives on every other. Returns what was proved.
 * @throws ActionError MESH_INSECURE naming every disproof.
 */
export async function proveFromOutside(terms: ProofTerms): Promise<readonly string[]> {
  const proofs = podNames(terms.spec).flatMap((pod, ordinal) => serverProofs(terms, pod, ordinal));
  const named: readonly NamedProof[] = [
    ...proofs,
    { what: 'messages pass between all servers', prove: async () => await provePassing(terms) },
  ];
  const outcomes = await Promise.all(
    named.map(async ({ what, prove }) => ({ what, proof: await insist(prove, terms.signal) })),
  );
  const problems = outcomes.flatMap(({ what, proof }): ObjectProblem[] => {
    switch (proof.kind) {
      case 'proved':
        return [];
      case 'disproved':
        return [{ object: what, reason: proof.reason, message: proof.message }];
      case 'unknown':
        return [{ object: what, reason: proof.failure.reason, message: proof.failure.message }];
    }
  });
  if (problems.length === 0) {
    return outcomes.map(({ what }) => what);
  }
  const said = problems.map(({ object, message }) => `${object}: ${message}`).join('; ');
  throw new ActionError('MESH_INSECURE', `the mesh is complete, but this was not proved: ${said}`, {
    reason: problems[0]?.reason ?? 'Unproved',
    hint: 'Look at the configuration the servers run (Secret and pod logs); somebody else may have changed it. Run the job again to restore ours.',
    details: { problems },
  });
}

function serverProofs(terms: ProofTerms, pod: string, ordinal: number): readonly NamedProof[] {
  const { signal, clientTrust, clientUser, routeTrust, routeLeaf, foreignLeaf } = terms;
  const client = clientTarget(terms, pod, ordinal);
  const route = { ...client, trust: routeTrust };
  const plaintext = { dial: client.dial, signal, timeoutMs: TIMEOUT_MS };
  return [
    {
      what: `${pod} accepts a route certificate of our authority`,
      prove: async () => {
        const proof = await proveRouteTrust({ ...route, leaf: routeLeaf });
        return proof.kind === 'proved' ? { kind: 'proved' } : proof;
      },
    },
    {
      what: `${pod} refuses a route certificate of a foreign authority`,
      prove: async () => await proveRouteRefusesForeign({ ...route, leaf: foreignLeaf }),
    },
    { what: `${pod} refuses a client without TLS`, prove: async () => await provePlaintextRefused(plaintext) },
    {
      what: `${pod} refuses a wrong password`,
      prove: async () => await proveWrongPasswordRefused({ ...client, trust: clientTrust, user: clientUser }),
    },
  ];
}

function clientTarget({ api, spec, clientTrust, signal }: ProofTerms, pod: string, ordinal: number): ServerTarget {
  return {
    dial: podDial(api, spec.namespace, pod),
    trust: clientTrust,
    serverName: podHost(spec, ordinal),
    signal,
    timeoutMs: TIMEOUT_MS,
  };
}

async function provePassing(terms: ProofTerms): Promise<Proof> {
  const opened = await Promise.all(
    podNames(terms.spec).map(async (pod, ordinal) => {
      return await connectServer({ ...clientTarget(terms, pod, ordinal), ...terms.probe });
    }),
  );
  const connections: ServerConnection[] = opened.flatMap((result) => (result.ok ? [result.value] : []));
  try {
    const failed = opened.find((result) => !result.ok);
    if (failed !== undefined && !failed.ok) {
      return { kind: 'unknown', failure: failed.failure };
    }
    return await provePublish({
      connections,
      subjectPrefix: PROBE_SUBJECTS,
      signal: terms.signal,
      timeoutMs: TIMEOUT_MS,
    });
  } finally {
    await Promise.all(connections.map(async (connection) => await connection.close()));
  }
}

async function insist(prove: () => Promise<Proof>, signal: AbortSignal): Promise<Proof> {
  let proof = await prove();
  for (let attempt = 1; proof.kind === 'unknown' && attempt < ATTEMPTS; attempt++) {
    signal.throwIfAborted();
    proof = await prove();
  }
  return proof;
}
