import type { Certificate } from './certificate.ts';
import { forbiddenNames } from './forbidden-names.ts';
import type { SubjectAltNames } from './subject-alt-name.ts';

/** The names by permission. `forbidden` contains the names that at least one of the CAs may not certify. */
type DividedNames = { readonly permitted: SubjectAltNames; readonly forbidden: readonly string[] };

/** Splits names into those that every one of `authorities` (a CA and the CAs above it) may certify, and the others. */
export function divideNames(
  authorities: readonly Pick<Certificate, 'nameConstraints'>[],
  names: SubjectAltNames,
): DividedNames {
  const forbidden = authorities.flatMap(({ nameConstraints }) =>
    nameConstraints === undefined ? [] : forbiddenNames(nameConstraints, names),
  );
  const isPermitted = (name: string): boolean => !forbidden.includes(name);
  return {
    permitted: { dnsNames: names.dnsNames.filter(isPermitted), ipAddresses: names.ipAddresses.filter(isPermitted) },
    forbidden: [...new Set(forbidden)],
  };
}
