import { type Asn1, isTagged, oidOf, sequenceOf, smallIntegerOf } from './der.ts';
import { EXTENSION } from './extensions.ts';

const ANY_POLICY = '2.5.29.32.0';

function requireDistinctPolicies(node: Asn1): void {
  const policies = sequenceOf(node, 'certificatePolicies').map((each) =>
    oidOf(sequenceOf(each, 'a policy')[0], 'a policy'),
  );
  if (new Set(policies).size < policies.length) throw new Error('certificatePolicies names a policy twice');
}

function mapsAnyPolicy(node: Asn1): boolean {
  const ids = sequenceOf(node, 'policyMappings').flatMap((each) => {
    const [issuer, subject] = sequenceOf(each, 'a policy mapping');
    return [oidOf(issuer, 'a policy mapping'), oidOf(subject, 'a policy mapping')];
  });
  return ids.includes(ANY_POLICY);
}

/**
 * Returns the demand of a certificate on the policies of its chain because of which verifiers may refuse the chain: Go
 * evaluates the policies of RFC 5280 §6.1 (crypto/x509 policiesValid), this Action does not. Returns undefined without
 * such a demand. Throws a plain Error on malformed extensions.
 */
export function policyDemand(extension: (id: string) => Asn1 | undefined): string | undefined {
  const [policies, mappings] = [extension(EXTENSION.certificatePolicies), extension(EXTENSION.policyMappings)];
  const [constraints, inhibit] = [extension(EXTENSION.policyConstraints), extension(EXTENSION.inhibitAnyPolicy)];
  if (policies !== undefined) requireDistinctPolicies(policies);
  if (inhibit !== undefined) smallIntegerOf(inhibit, 'inhibitAnyPolicy');
  if (mappings !== undefined && mapsAnyPolicy(mappings)) return 'policyMappings of anyPolicy';
  const parts = constraints === undefined ? [] : sequenceOf(constraints, 'policyConstraints');
  return parts.every((part) => isTagged(part, 1)) ? undefined : 'policyConstraints with requireExplicitPolicy';
}
