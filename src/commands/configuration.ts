import { routeUrls } from '../cluster/addresses.ts';
import { revisionOf } from '../cluster/revision.ts';
import { serverFiles } from '../cluster/server-files.ts';
import type { ClusterSpec } from '../cluster/spec.ts';
import { type Certificates, servedCertificates } from '../manifests/material.ts';
import { renderConfiguration } from '../nats/conf/render.ts';
import { serverConfiguration } from '../nats/conf/server.ts';
import type { DeploymentCredentials } from './passwords.ts';

/** Where the probe user may publish and subscribe. */
export const PROBE_SUBJECTS = '_nats_cluster_action.probe';

export type Configuration = { readonly text: string; readonly revision: string };

/** The nats.conf of the deployment, tagged with the digest of itself and of the certificates beside it. */
export function deploymentConfiguration(
  spec: ClusterSpec,
  credentials: DeploymentCredentials,
  certificates: Certificates,
): Configuration {
  const settings = {
    clusterName: spec.name,
    logging: spec.logging,
    limits: spec.limits,
    files: serverFiles,
    clientUsers: [credentials.client],
    probeUser: credentials.system.probe,
    probeSubjectPrefix: PROBE_SUBJECTS,
    systemUser: credentials.system.system,
    routeUser: credentials.system.route,
    routes: routeUrls(spec, credentials.system.route),
  };
  const revision = revisionOf(renderConfiguration(serverConfiguration(settings)), servedCertificates(certificates));
  return { text: renderConfiguration(serverConfiguration({ ...settings, revision })), revision };
}
