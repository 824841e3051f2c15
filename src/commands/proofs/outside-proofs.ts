import { podNames } from '../../cluster/names.ts';
import { isStandalone } from '../../cluster/spec.ts';
import { ActionError, type ObjectProblem } from '../../errors/action-error.ts';
import type { Leaf } from '../../manifests/material.ts';
import { parseCertificates, shortenFingerprint } from '../../pki/certificate.ts';
import {
  verifyClientRefusesForeign,
  verifyNoCertificateRefused,
  verifyPlaintextRefused,
  verifyRouteRefusesForeign,
  verifyRouteTrust,
} from '../../servers/client-proof.ts';
import { createFailedCheck } from '../../servers/knock.ts';
import { issueEphemeralLeaf, issueUnknownCa } from '../issuance/signing.ts';
import { buildServerTarget, type ServerAccess, SharedDials } from '../pods/server-access.ts';
import { type AuthenticationAccess, listRefusalProofs, MessageDeliveryProof } from './client-proofs.ts';
import { EarlyProofs } from './early-proofs.ts';
import { type NamedProof, requireProofs } from './proofs.ts';

export type OutsideAccess = AuthenticationAccess & {
  /** Issues a leaf certificate of a CA that no server trusts. */
  readonly foreignLeaf: () => Promise<Leaf>;
};

/**
 * The checks over real connections, because no server reports these facts about itself: the route ports accept leaf
 * certificates of our CA and no other; clients need TLS, authentication and, where servers ask for it, a certificate;
 * and a message published on one server arrives on every other.
 */
export class OutsideProofs {
  readonly #ended = new AbortController();
  readonly #access: OutsideAccess;
  readonly #ofMesh: NamedProof;
  readonly #early: EarlyProofs;
  #foreign: Promise<Leaf> | undefined;

  constructor(options: Omit<OutsideAccess, 'dials' | 'foreignLeaf'> & { readonly now: () => Date }) {
    const signal = AbortSignal.any([options.signal, this.#ended.signal]);
    const dials = new SharedDials(options.api, options.spec.namespace, signal);
    const foreignLeaf = async (): Promise<Leaf> => await (this.#foreign ??= issueUntrustedLeaf(options));
    this.#access = { ...options, signal, dials, foreignLeaf };
    const delivery = new MessageDeliveryProof(this.#access);
    const ofMesh = { claim: 'messages pass between all servers', verify: async () => await delivery.verify() };
    const ofServer = (pod: string): readonly NamedProof[] => {
      delivery.connect(pod); // Started together with the checks of the server, it shares their port-forward.
      return listServerProofs(this.#access, pod);
    };
    this.#ofMesh = ofMesh;
    this.#early = new EarlyProofs({ pods: podNames(options.spec), ofServer, ofMesh, now: () => performance.now() });
  }

  /** Takes the observations of one round, so that early checks are done when all checks are required. */
  saw(...look: Parameters<EarlyProofs['saw']>): void {
    this.#early.saw(...look);
  }

  /**
   * Checks everything. Returns the checks that succeeded.
   * @throws ActionError MESH_INSECURE naming every failed check; WAIT_TIMEOUT for checks without an answer.
   */
  async require(): Promise<readonly string[]> {
    const ofServers = podNames(this.#access.spec).flatMap((pod) => listServerProofs(this.#access, pod));
    const named = [...ofServers, this.#ofMesh].map((proof) => this.#early.withEarlyResult(proof));
    return await requireProofs(named, this.#access.signal, insecureError);
  }

  /** Closes every connection. */
  close(): void {
    this.#ended.abort();
  }
}

async function issueUntrustedLeaf({
  spec,
  now,
}: Pick<OutsideAccess, 'spec'> & { readonly now: () => Date }): Promise<Leaf> {
  return await issueEphemeralLeaf(await issueUnknownCa(spec, now()), spec, now());
}

function listServerProofs(terms: OutsideAccess, pod: string): readonly NamedProof[] {
  return [
    ...(isStandalone(terms.spec) ? [] : [buildRouteHandshakeProof(terms, pod), buildRouteRefusalProof(terms, pod)]),
    buildPlaintextRefusalProof(terms, pod),
    ...listRefusalProofs(terms, pod),
    ...(terms.spec.clientVerify === 'none' ? [] : buildCertificateRefusalProofs(terms, pod)),
  ];
}

/** Verifies that each route port presents its own certificate and accepts those of its peers. */
export async function requireRouteHandshakes(
  terms: ServerAccess & Pick<OutsideAccess, 'certificates'>,
  pods: readonly string[] = podNames(terms.spec),
): Promise<void> {
  const named = isStandalone(terms.spec) ? [] : pods.map((pod) => buildRouteHandshakeProof(terms, pod));
  await requireProofs(named, terms.signal, insecureError);
}

function insecureError(problems: readonly ObjectProblem[]): ActionError<'MESH_INSECURE'> {
  const text = problems.map(({ object, message }) => `${object}: ${message}`).join('; ');
  return new ActionError('MESH_INSECURE', `the mesh is complete, but these security checks failed: ${text}`, {
    reason: problems[0]?.reason ?? 'Unproved',
    hint: 'Check the configuration that the servers run (Secret and pod logs): it may have been changed by hand. Run the job again to restore the deployed one.',
    details: { problems },
  });
}

function buildRouteHandshakeProof(terms: ServerAccess & Pick<OutsideAccess, 'certificates'>, pod: string): NamedProof {
  const { routes, routeTrust } = terms.certificates;
  const leaf = routes[pod] ?? { certificate: '', privateKey: '' };
  return {
    claim: `${pod} accepts a route certificate of our CA and presents its own`,
    verify: async () => {
      const proof = await verifyRouteTrust({ ...buildServerTarget(terms, pod, routeTrust), leaf });
      const [own] = parseCertificates(leaf.certificate, 'route certificate');
      if (proof.kind !== 'verified' || proof.certificate.fingerprint256 === own?.fingerprint256) return proof;
      const [served, issued] = [proof.certificate, own].map((leaf) => shortenFingerprint(leaf?.fingerprint256 ?? ''));
      const text = `the route port presents the certificate ${served} (SHA-256), expected ${issued} of its Secret`;
      return createFailedCheck('OtherCertificate', text);
    },
  };
}

function buildRouteRefusalProof(terms: OutsideAccess, pod: string): NamedProof {
  const route = buildServerTarget(terms, pod, terms.certificates.routeTrust);
  return {
    claim: `${pod} refuses a route certificate of an untrusted CA`,
    verify: async () => await verifyRouteRefusesForeign({ ...route, leaf: await terms.foreignLeaf() }),
  };
}

function buildPlaintextRefusalProof(terms: OutsideAccess, pod: string): NamedProof {
  const client = buildServerTarget(terms, pod, terms.certificates.clientTrust);
  return { claim: `${pod} refuses a client without TLS`, verify: async () => await verifyPlaintextRefused(client) };
}

function buildCertificateRefusalProofs(terms: OutsideAccess, pod: string): readonly NamedProof[] {
  const client = buildServerTarget(terms, pod, terms.certificates.clientTrust);
  return [
    {
      claim: `${pod} refuses a client without a certificate`,
      verify: async () => await verifyNoCertificateRefused(client),
    },
    {
      claim: `${pod} refuses a client certificate of an untrusted CA`,
      verify: async () => await verifyClientRefusesForeign({ ...client, leaf: await terms.foreignLeaf() }),
    },
  ];
}
