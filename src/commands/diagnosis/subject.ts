import { podNames } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import type { CertificateSight } from '../../diagnosis/bundle.ts';
import type { Desired } from '../desired.ts';
import { certificateInventory } from '../issuance/inventory.ts';
import type { Subject } from './diagnoser.ts';

/** Returns the subject of a diagnosis of this state of the cluster. */
export function subjectOf(spec: ClusterSpec, desired: Desired): Subject {
  return { spec, servers: podNames(spec), certificates: sightsOf(desired) };
}

function sightsOf({ issued }: Desired): readonly CertificateSight[] {
  return certificateInventory(issued.certificates).map(({ kind, name, certificate }) => {
    const { notAfter, fingerprint256, issuer } = certificate;
    return { name: `${kind} ${name}`, notAfter, fingerprint256, issuer };
  });
}
