import { describe, expect, test } from '@jest/globals';
import { LONGEST_CLIENT_USER } from '../../../src/cluster/user.ts';
import { buildCertManagerManifests } from '../../../src/manifests/cert-manager.ts';
import { buildManifests } from '../../../src/manifests/manifests.ts';
import { checkObjectSizes } from '../../../src/manifests/object-sizes.ts';
import { clusterSpec } from '../support/cluster-spec.ts';
import { certificateOf, issue, leavesOf } from '../support/issued-certificates.ts';
import { materialFor } from '../support/material.ts';

/** The longest value of every input. */
const spec = clusterSpec({
  name: 'n'.repeat(52),
  namespace: 's'.repeat(63),
  replicas: 99,
  clientUser: 'u'.repeat(LONGEST_CLIENT_USER),
  routeUser: 'r'.repeat(64),
  clientVerify: 'verify-and-map',
  clientCertificates: ['c'.repeat(40)],
  networkPolicy: true,
  metrics: true,
  podMonitor: true,
});
const clients = [`${spec.clientUser}-999999`, ...spec.clientCertificates];

describe('the longest names that inputs accept', () => {
  const objects = buildManifests(spec, materialFor(spec), { generation: 999_999, partition: 0 });

  test('fit into the objects that are named after them', () => {
    for (const { kind, metadata } of objects) {
      expect([metadata.name, metadata.name.length <= (kind === 'Service' ? 63 : 253)]).toEqual([metadata.name, true]);
      for (const value of Object.values(metadata.labels)) expect(value.length).toBeLessThanOrEqual(63);
    }
    // The StatefulSet controller labels each pod with its name, and with a hash of ten characters.
    expect(`${spec.name}-98`.length).toBeLessThanOrEqual(63);
    expect(`${spec.name}-0123456789`.length).toBeLessThanOrEqual(63);
  });

  test('fit into every certificate, with the users of later rotations and each pod', async () => {
    const issued = await issue(spec, undefined, { clients });
    for (const { certificate } of Object.values(leavesOf(issued))) {
      const { subject, dnsNames } = certificateOf(certificate);
      expect(subject.replace(/^CN=/, '').length).toBeLessThanOrEqual(64);
      for (const name of dnsNames) {
        expect(name.length).toBeLessThanOrEqual(253);
        for (const label of name.split('.')) expect(label.length).toBeLessThanOrEqual(63);
      }
    }
    expect(Object.keys(issued.certificates.routes)).toHaveLength(99);
  });

  test('fit into the cert-manager resources', () => {
    const day = 86_400_000;
    const terms = {
      certificateValidityMs: 90 * day,
      caValidityMs: 900 * day,
      renewBeforeMs: day,
      isCaGiven: false,
    };
    const names = buildCertManagerManifests(spec, terms).flatMap((object) =>
      object.kind === 'Certificate' ? [object.spec.commonName] : [],
    );
    expect(names.filter((name) => name.length > 64)).toEqual([]);
    expect(names.length).toBeGreaterThan(0);
  });

  test('fit into the Secrets with the largest keys of 99 servers', async () => {
    // A private key of RSA-4096 has about 3,270 bytes of PEM, a certificate of such a key about 2,600.
    const leaf = { certificate: 'c'.repeat(4096), privateKey: 'k'.repeat(4096) };
    const material = materialFor(spec);
    const routes = Object.fromEntries(Object.keys(material.certificates.routes).map((pod) => [pod, leaf]));
    const certificates = { ...material.certificates, routes };
    const all = buildManifests(spec, { ...material, certificates });
    expect(checkObjectSizes(all, { configurationInput: undefined })).toEqual([]);
  });
});
