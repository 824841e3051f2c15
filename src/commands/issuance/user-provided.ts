import { podHost, serviceHost } from '../../cluster/addresses.ts';
import { podNames } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import { ActionError, type ObjectProblem } from '../../errors/action-error.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import { type Leaf, secretKeys } from '../../manifests/material.ts';
import { decodeSecret } from '../../objects/secret.ts';
import type { ExtendedKeyUsage } from '../../pki/extensions.ts';
import { inspectUserSecret } from '../../pki/user-secret.ts';

/** A certificate from a user-provided Secret, with the CAs by which it is trusted. */
export type UserProvidedLeaf = Leaf & { readonly trust: string; readonly notAfter: Date };

export type UserProvidedCertificates = {
  readonly server: UserProvidedLeaf | undefined;
  readonly route: UserProvidedLeaf | undefined;
};

type Reading = { readonly api: KubernetesApi; readonly now: Date; readonly signal: AbortSignal };

/**
 * Reads the Secrets that the user provides, and never writes them. Their certificates must contain the names in the
 * URLs that this Action dials and returns as output.
 * @throws ActionError PKI_INVALID with every problem of one Secret.
 */
export async function readUserProvidedCertificates(
  spec: ClusterSpec,
  reading: Reading,
): Promise<UserProvidedCertificates> {
  const { serverTlsSecret, routeTlsSecret } = spec;
  const pods = podNames(spec).map((_, ordinal) => podHost(spec, ordinal));
  const read = async (name: string, dnsNames: readonly string[], usages: readonly ExtendedKeyUsage[]) =>
    await readUserProvidedLeaf(spec, { name, dnsNames, usages }, reading);
  const [server, route] = await Promise.all([
    serverTlsSecret === undefined
      ? undefined
      : read(serverTlsSecret, [serviceHost(spec.name, spec.namespace), ...pods], ['serverAuth']),
    routeTlsSecret === undefined ? undefined : read(routeTlsSecret, pods, ['serverAuth', 'clientAuth']),
  ]);
  return { server, route };
}

type Wanted = {
  readonly name: string;
  readonly dnsNames: readonly string[];
  readonly usages: readonly ExtendedKeyUsage[];
};

async function readUserProvidedLeaf(
  { namespace }: ClusterSpec,
  { name, dnsNames, usages }: Wanted,
  { api, now, signal }: Reading,
): Promise<UserProvidedLeaf> {
  const secret = `Secret ${namespace}/${name}`;
  const object = await api.get({ kind: 'Secret', name, namespace }, signal);
  const data = object === undefined ? {} : decodeSecret(object).data;
  const [certificate, privateKey, trust] = [secretKeys.certificate, secretKeys.privateKey, secretKeys.trust].map(
    (key) => data[key],
  );
  const { leaf, violations } = inspectUserSecret({
    certificate,
    privateKey,
    trust,
    fields: { certificate: `${secret} tls.crt`, privateKey: `${secret} tls.key`, trust: `${secret} ca.crt` },
    wanted: { dnsNames, ipAddresses: [], usages },
    now,
  });
  if (leaf === undefined || violations.length > 0) {
    throw unusableSecretError(secret, object !== undefined, violations);
  }
  return {
    certificate: certificate ?? '',
    privateKey: privateKey ?? '',
    trust: trust ?? '',
    notAfter: leaf.notAfter,
  };
}

function unusableSecretError(
  secret: string,
  exists: boolean,
  violations: readonly { readonly reason: string; readonly field: string; readonly message: string }[],
): ActionError<'PKI_INVALID'> {
  const [first] = violations;
  const problems = violations.map(
    ({ field, reason, message }): ObjectProblem => ({ object: field, reason, message: `${field} ${message}` }),
  );
  const messages = exists ? problems.map(({ message }) => message).join('; ') : 'it does not exist';
  return new ActionError('PKI_INVALID', `${secret} cannot be used: ${messages}`, {
    reason: exists ? (first?.reason ?? 'Unusable') : 'SecretMissing',
    hint: `Have its owner (for example cert-manager) issue it again without these problems; this action never writes ${secret}.`,
    details: { field: first?.field ?? secret },
  });
}
