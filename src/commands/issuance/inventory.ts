import type { Certificates, Leaf } from '../../manifests/material.ts';
import { type Certificate, parseCertificates } from '../../pki/certificate.ts';
import type { ReportedCertificate } from '../../report/deploy-report.ts';

export type InventoryEntry = Pick<ReportedCertificate, 'kind' | 'name'> & { readonly certificate: Certificate };

/** Returns every certificate in use and every trusted CA. */
export function certificateInventory(certificates: Certificates): readonly InventoryEntry[] {
  const { server, routes, clients, clientTrust, routeTrust } = certificates;
  return [
    ...first('server', 'for clients', server),
    ...Object.entries(routes).flatMap(([pod, leaf]) => first('route', `of ${pod}`, leaf)),
    ...Object.entries(clients).flatMap(([name, leaf]) => first('client', name, leaf)),
    ...authorities('for clients', clientTrust),
    ...authorities('for routes', routeTrust),
  ];
}

function first(kind: InventoryEntry['kind'], name: string, { certificate }: Leaf): readonly InventoryEntry[] {
  const [own] = parseCertificates(certificate, name);
  return own === undefined ? [] : [{ kind, name, certificate: own }];
}

function authorities(name: string, bundle: string): readonly InventoryEntry[] {
  return parseCertificates(bundle, 'ca.crt').map((certificate) => ({ kind: 'authority', name, certificate }));
}
