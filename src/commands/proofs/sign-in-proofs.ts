import type { ClusterSpec } from '../../cluster/spec.ts';
import { type Certificates, clientLeaf, type DeploymentCredentials } from '../../manifests/material.ts';
import { hasSentinel } from '../../nats/conf/operator.ts';
import {
  proveForgedJwtRefused,
  proveNobodyRefused,
  proveWrongKeyRefused,
  proveWrongPasswordRefused,
} from '../../servers/sign-in-proof.ts';
import type { ServerTarget } from '../../servers/target.ts';
import type { NamedProof } from './proofs.ts';
import { type ServerTerms, serverTarget } from './server-target.ts';

export type SignInTerms = ServerTerms & {
  readonly spec: ClusterSpec;
  readonly certificates: Certificates;
  readonly credentials: DeploymentCredentials;
};

/**
 * Returns the checks that a server refuses every client that cannot authenticate as one of its users, by password or by
 * JWT.
 */
export function strangerRefusals(terms: SignInTerms, pod: string): readonly NamedProof[] {
  const { credentials } = terms;
  const { user } = credentials.client.current;
  const target = clientTarget(terms, pod, user);
  const { systemCredentials } = credentials;
  if (systemCredentials === undefined) {
    const prove = async () => await proveWrongPasswordRefused({ ...target, user });
    return [{ what: `${pod} refuses a wrong password`, prove }];
  }
  const wrongKey = async () => await proveWrongKeyRefused(target, systemCredentials);
  const { configuration } = credentials;
  const nobody = {
    what: `${pod} refuses a client without credentials`,
    prove: async () => await proveNobodyRefused(target),
  };
  return [
    ...(configuration !== undefined && hasSentinel(configuration.tree) ? [] : [nobody]),
    { what: `${pod} refuses a user JWT with the key of another user`, prove: wrongKey },
    { what: `${pod} refuses a user of no operator`, prove: async () => await proveForgedJwtRefused(target) },
  ];
}

/** Returns the target with the certificate of a user, where servers ask for one. */
export function clientTarget(terms: SignInTerms, pod: string, user: string): ServerTarget {
  const { certificates } = terms;
  return serverTarget(terms, pod, certificates.clientTrust, clientLeaf(certificates, user));
}
