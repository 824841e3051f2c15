import { podNames } from '../../cluster/names.ts';
import { isStandalone } from '../../cluster/standalone.ts';
import { ActionError, type ObjectProblem } from '../../errors.ts';
import { type Certificates, clientLeaf, type DeploymentCredentials, type Leaf } from '../../manifests/material.ts';
import { parseCertificates } from '../../pki/certificate.ts';
import {
  proveClientRefusesForeign,
  proveNoCertificateRefused,
  provePlaintextRefused,
  proveWrongPasswordRefused,
} from '../../servers/client-proof.ts';
import { connectServer, type ServerConnection, type ServerTarget } from '../../servers/connection.ts';
import { disproved, type Proof } from '../../servers/proof.ts';
import { provePublish } from '../../servers/publish-proof.ts';
import { proveRouteRefusesForeign, proveRouteTrust } from '../../servers/route-proof.ts';
import { PROBE_SUBJECTS } from '../configuration.ts';
import { type NamedProof, requireProofs } from './proofs.ts';
import { type ServerTerms, serverTarget } from './server-target.ts';

export type ProofTerms = ServerTerms & {
  readonly certificates: Certificates;
  readonly credentials: DeploymentCredentials;
  /** A leaf of an authority that no server trusts. */
  readonly foreignLeaf: Leaf;
};

/**
 * Proves from outside what no server says of itself: the route ports take our authority's leaves and no other, clients
 * need TLS, the right password and, where asked for, a certificate, and what is published on one server arrives on
 * every other. Returns what was proved.
 * @throws ActionError MESH_INSECURE naming every disproof.
 */
export async function proveFromOutside(terms: ProofTerms): Promise<readonly string[]> {
  const named = podNames(terms.spec).flatMap((pod) => [
    ...(isStandalone(terms.spec) ? [] : [routeHandshake(terms, pod), routeRefusal(terms, pod)]),
    ...refusals(terms, pod),
    ...(terms.spec.clientVerify === 'none' ? [] : certificateRefusals(terms, pod)),
  ]);
  const passing = { what: 'messages pass between all servers', prove: async () => await provePassing(terms) };
  return await requireProofs([...named, passing], terms.signal, insecure);
}

/** Proves that the route ports present each their own certificate and accept those of their peers. */
export async function proveRouteHandshakes(
  terms: ServerTerms & Pick<ProofTerms, 'certificates'>,
  pods: readonly string[] = podNames(terms.spec),
): Promise<void> {
  const named = isStandalone(terms.spec) ? [] : pods.map((pod) => routeHandshake(terms, pod));
  await requireProofs(named, terms.signal, insecure);
}

function insecure(problems: readonly ObjectProblem[]): ActionError<'MESH_INSECURE'> {
  const said = problems.map(({ object, message }) => `${object}: ${message}`).join('; ');
  return new ActionError('MESH_INSECURE', `the mesh is complete, but this was not proved: ${said}`, {
    reason: problems[0]?.reason ?? 'Unproved',
    hint: 'Look at the configuration the servers run (Secret and pod logs); somebody else may have changed it. Run the job again to restore ours.',
    details: { problems },
  });
}

function routeHandshake(terms: ServerTerms & Pick<ProofTerms, 'certificates'>, pod: string): NamedProof {
  const { routes, routeTrust } = terms.certificates;
  const leaf = routes[pod] ?? { certificate: '', privateKey: '' };
  return {
    what: `${pod} accepts a route certificate of our authority and presents its own`,
    prove: async () => {
      const proof = await proveRouteTrust({ ...serverTarget(terms, pod, routeTrust), leaf });
      const [own] = parseCertificates(leaf.certificate, 'route certificate');
      return proof.kind === 'proved' && proof.certificate.fingerprint256 !== own?.fingerprint256
        ? disproved('OtherCertificate', 'the route port presents another certificate than the one issued')
        : proof;
    },
  };
}

function routeRefusal(terms: ProofTerms, pod: string): NamedProof {
  const route = serverTarget(terms, pod, terms.certificates.routeTrust);
  return {
    what: `${pod} refuses a route certificate of a foreign authority`,
    prove: async () => await proveRouteRefusesForeign({ ...route, leaf: terms.foreignLeaf }),
  };
}

function refusals(terms: ProofTerms, pod: string): readonly NamedProof[] {
  const { certificates, credentials } = terms;
  const { user } = credentials.client.current;
  const client = serverTarget(terms, pod, certificates.clientTrust, clientLeaf(certificates, user));
  return [
    { what: `${pod} refuses a client without TLS`, prove: async () => await provePlaintextRefused(client) },
    {
      what: `${pod} refuses a wrong password`,
      prove: async () => await proveWrongPasswordRefused({ ...client, user }),
    },
  ];
}

function certificateRefusals(terms: ProofTerms, pod: string): readonly NamedProof[] {
  const client = serverTarget(terms, pod, terms.certificates.clientTrust);
  return [
    {
      what: `${pod} refuses a client without a certificate`,
      prove: async () => await proveNoCertificateRefused(client),
    },
    {
      what: `${pod} refuses a client certificate of a foreign authority`,
      prove: async () => await proveClientRefusesForeign({ ...client, leaf: terms.foreignLeaf }),
    },
  ];
}

async function provePassing(terms: ProofTerms): Promise<Proof> {
  const { certificates, credentials, signal } = terms;
  const { probe } = credentials;
  const targets = podNames(terms.spec).map(
    (pod): ServerTarget => serverTarget(terms, pod, certificates.clientTrust, certificates.clients[probe.user]),
  );
  const opened = await Promise.all(targets.map(async (target) => await connectServer({ ...target, ...probe })));
  const connections: ServerConnection[] = opened.flatMap((result) => (result.ok ? [result.value] : []));
  try {
    const failed = opened.find((result) => !result.ok);
    if (failed !== undefined && !failed.ok) {
      return { kind: 'unknown', failure: failed.failure };
    }
    return await provePublish({ connections, subjectPrefix: PROBE_SUBJECTS, signal, timeoutMs: 5000 });
  } finally {
    await Promise.all(connections.map(async (connection) => await connection.close()));
  }
}
