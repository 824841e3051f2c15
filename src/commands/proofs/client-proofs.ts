import { podNames } from '../../cluster/names.ts';
import { type ClusterSpec, isStandalone } from '../../cluster/spec.ts';
import { ActionError } from '../../errors/action-error.ts';
import {
  type Ca,
  type Cas,
  type Certificates,
  type DeploymentCredentials,
  findClientLeaf,
} from '../../manifests/material.ts';
import { hasSentinel } from '../../nats/conf/settings/operator.ts';
import type { Track } from '../../rotation/track.ts';
import {
  verifyClientRefusesForeign,
  verifyClientTrust,
  verifyRouteRefusesForeign,
  verifyRouteTrust,
} from '../../servers/client-proof.ts';
import { connectServer, type ServerConnection } from '../../servers/connection.ts';
import type { ServerTarget } from '../../servers/dial.ts';
import type { ServerResult } from '../../servers/failure.ts';
import type { Proof } from '../../servers/knock.ts';
import { verifyPublish } from '../../servers/publish-proof.ts';
import {
  verifyForgedJwtRefused,
  verifyNobodyRefused,
  verifyWrongKeyRefused,
  verifyWrongPasswordRefused,
} from '../../servers/sign-in-proof.ts';
import { PROBE_SUBJECTS } from '../desired/configuration.ts';
import { issueEphemeralLeaf, type Purpose, parseSigningCa } from '../issuance/signing.ts';
import { buildServerTarget, type ServerAccess } from '../pods/server-access.ts';
import { type NamedProof, requireProofs } from './proofs.ts';

export type AuthenticationAccess = ServerAccess & {
  readonly spec: ClusterSpec;
  readonly certificates: Certificates;
  readonly credentials: DeploymentCredentials;
};

/** Returns the checks that a server refuses clients that cannot authenticate, by password or by JWT. */
export function listRefusalProofs(terms: AuthenticationAccess, pod: string): readonly NamedProof[] {
  const { credentials } = terms;
  const { user } = credentials.client.current;
  const target = buildClientTarget(terms, pod, user);
  const { systemCredentials } = credentials;
  if (systemCredentials === undefined) {
    const verify = async () => await verifyWrongPasswordRefused({ ...target, user });
    return [{ claim: `${pod} refuses a wrong password`, verify }];
  }
  const wrongKey = async () => await verifyWrongKeyRefused(target, systemCredentials);
  const { configuration } = credentials;
  const withoutCredentials = {
    claim: `${pod} refuses a client without credentials`,
    verify: async () => await verifyNobodyRefused(target),
  };
  return [
    ...(configuration !== undefined && hasSentinel(configuration.tree) ? [] : [withoutCredentials]),
    { claim: `${pod} refuses a user JWT with the key of another user`, verify: wrongKey },
    {
      claim: `${pod} refuses a user JWT of an unknown operator`,
      verify: async () => await verifyForgedJwtRefused(target),
    },
  ];
}

/** Returns the target with the certificate of a user, if servers ask for one. */
function buildClientTarget(terms: AuthenticationAccess, pod: string, user: string): ServerTarget {
  const { certificates } = terms;
  return buildServerTarget(terms, pod, certificates.clientTrust, findClientLeaf(certificates, user));
}

/**
 * The check that a message published on one server arrives on every other. It uses the account of the probe user or,
 * with JWT authentication, the system account, because no other user is available.
 */
export class MessageDeliveryProof {
  readonly #access: AuthenticationAccess;
  readonly #early = new Map<string, Promise<ServerResult<ServerConnection> | undefined>>();

  constructor(access: AuthenticationAccess) {
    this.#access = access;
  }

  /** Starts to connect to a server that is up, ahead of the check. */
  connect(pod: string): void {
    // The old connection leads to a deleted server, or to one that has loaded another configuration since.
    this.#closeEarly(pod).catch(() => {});
    // A connection that failed is tried again when the check is required.
    this.#early.set(
      pod,
      this.#open(pod).catch(() => undefined),
    );
  }

  async verify(): Promise<Proof> {
    const { spec, signal } = this.#access;
    const results = await Promise.all(
      podNames(spec).map(async (pod) => {
        const known = await this.#early.get(pod);
        return known?.ok ? known : await this.#open(pod);
      }),
    );
    this.#early.clear();
    const connections = results.flatMap((result) => (result.ok ? [result.value] : []));
    try {
      const failed = results.find((result) => !result.ok);
      if (failed !== undefined && !failed.ok) {
        return { kind: 'unknown', failure: failed.failure };
      }
      return await verifyPublish({ connections, subjectPrefix: PROBE_SUBJECTS, signal, timeoutMs: 5000 });
    } finally {
      await Promise.all(connections.map(async (connection) => await connection.close()));
    }
  }

  async #open(pod: string): Promise<ServerResult<ServerConnection>> {
    const { probe, systemCredentials } = this.#access.credentials;
    return await connectServer({
      ...buildClientTarget(this.#access, pod, probe.user),
      ...(systemCredentials ?? probe),
    });
  }

  async #closeEarly(pod: string): Promise<void> {
    const before = await this.#early.get(pod);
    if (before?.ok) await before.value.close();
  }
}

type TrustAccess = ServerAccess & { readonly certificates: Certificates; readonly now: Date };

/**
 * Verifies the conditions of a rotation that no fingerprint shows: every server trusts the new CA before it is
 * presented, and no longer trusts the old CA after it was dropped. Checks nothing while no CA is being replaced. A CA
 * whose key is missing cannot sign a probe, so it is not checked.
 * @throws ActionError ROTATION_UNSAFE naming every failed check.
 */
export async function verifyTrust(terms: TrustAccess): Promise<readonly string[]> {
  const { client, route }: Cas = terms.certificates.authorities;
  // Servers that do not ask for client certificates trust no CA for them.
  const clientTrack = terms.spec.clientVerify === 'none' ? undefined : client;
  const routeTrack = isStandalone(terms.spec) ? undefined : route;
  const named = [
    ...(await listTrustProofs(terms, 'route', routeTrack)),
    ...(await listTrustProofs(terms, 'client', clientTrack)),
  ];
  return await requireProofs(named, terms.signal, (problems) => {
    const summary = problems.map(({ object, message }) => `${object}: ${message}`).join('; ');
    return new ActionError('ROTATION_UNSAFE', `the rotation stops here, because these checks failed: ${summary}`, {
      reason: problems[0]?.reason ?? 'Unproved',
      hint: 'Every server still accepts the certificates that its peers present. Look at the pod logs, then run the job again: it continues the rotation.',
      details: { problems },
    });
  });
}

async function listTrustProofs(
  terms: TrustAccess,
  purpose: Purpose,
  track: Track<Ca> | undefined,
): Promise<readonly NamedProof[]> {
  switch (track?.phase) {
    case 'trust-both':
      return await listPodProofs(terms, purpose, track.next, true);
    case 'drop-old':
      return await listPodProofs(terms, purpose, track.previous, false);
    case undefined:
    case 'idle':
    case 'swap-leaves':
    case 'overlap':
      return [];
  }
}

async function listPodProofs(
  terms: TrustAccess,
  purpose: Purpose,
  authority: Ca,
  isTrusted: boolean,
): Promise<readonly NamedProof[]> {
  if (authority.privateKey === undefined) {
    return [];
  }
  const signer = parseSigningCa(terms.spec, purpose, authority);
  if (signer.certificate.notAfter.getTime() <= terms.now.getTime()) {
    return []; // Peers refuse the certificates of an expired CA whether they trust it or not.
  }
  const leaf = await issueEphemeralLeaf(signer, terms.spec, terms.now);
  const { routeTrust, clientTrust } = terms.certificates;
  const accept = purpose === 'route' ? verifyRouteTrust : verifyClientTrust;
  const refuse = purpose === 'route' ? verifyRouteRefusesForeign : verifyClientRefusesForeign;
  return podNames(terms.spec).map((pod) => {
    const target = { ...buildServerTarget(terms, pod, purpose === 'route' ? routeTrust : clientTrust), leaf };
    return {
      claim: `${pod} ${isTrusted ? 'trusts the new' : 'no longer trusts the old'} ${purpose} CA`,
      verify: async () => (isTrusted ? await accept(target) : await refuse(target)),
    };
  });
}
