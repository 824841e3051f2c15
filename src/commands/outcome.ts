import { clientUrl } from '../cluster/addresses.ts';
import { clusterNames, podNames } from '../cluster/names.ts';
import { configRevisionOf } from '../cluster/revision.ts';
import type { ClusterSpec } from '../cluster/spec.ts';
import type { DeployInputs } from '../inputs/inputs.ts';
import type { DeployReport } from '../report/deploy-report.ts';
import type { Configuration } from './configuration.ts';
import type { Issued } from './issuance.ts';
import type { PassedGate } from './mesh-gate.ts';

type Outcome = {
  readonly changed: boolean;
  readonly objects: readonly string[];
  readonly gate: PassedGate;
  readonly issued: Issued;
  readonly configuration: Configuration;
  readonly proofs: readonly string[];
  readonly inputs: DeployInputs;
};

/** What the finished deployment has to tell. */
export function deployReport(
  spec: ClusterSpec,
  { changed, objects, gate, issued, configuration, proofs, inputs }: Outcome,
): DeployReport {
  return {
    result: changed ? 'deployed' : 'unchanged',
    name: spec.name,
    namespace: spec.namespace,
    url: clientUrl(spec),
    image: spec.image,
    servers: podNames(spec),
    versions: gate.versions,
    readyReplicas: gate.readyReplicas,
    pairs: gate.pairs.map(({ from, to, connections }) => ({ from, to, connections })),
    clientTrust: issued.certificates.clientTrust,
    clientSecret: clusterNames(spec.name).clientSecret,
    certificateNotAfter: issued.notAfter,
    renewalDue: new Date(issued.notAfter.getTime() - inputs.renewBeforeMs),
    revision: configuration.revision,
    configRevision: configRevisionOf(spec),
    changedObjects: objects,
    reloaded: gate.reloaded,
    issued: issued.issued,
    proofs,
  };
}
