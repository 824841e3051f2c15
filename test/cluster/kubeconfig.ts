import { existsSync } from 'node:fs';
import { clusterLayout } from './layout.ts';

export const DEFAULT_CLUSTER = 'default';

/** Returns the kubeconfig of a started embedded cluster, for tools without a kubeconfig of their own. */
export function defaultKubeconfig(name: string = DEFAULT_CLUSTER): string | undefined {
  const { kubeconfig } = clusterLayout(name, '');
  return existsSync(kubeconfig) ? kubeconfig : undefined;
}

/** Renders a kubeconfig with one cluster and one user. */
export function renderKubeconfig(fields: {
  readonly server: string;
  readonly certificateAuthority: string;
  readonly user: string;
  readonly token: string;
  readonly namespace?: string;
}): string {
  const cluster = {
    server: fields.server,
    'certificate-authority-data': Buffer.from(fields.certificateAuthority).toString('base64'),
  };
  const context = { cluster: 'embedded', user: fields.user, namespace: fields.namespace ?? 'default' };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'embedded', cluster }],
    users: [{ name: fields.user, user: { token: fields.token } }],
    contexts: [{ name: 'embedded', context }],
    'current-context': 'embedded',
  };
  return `${JSON.stringify(config, undefined, 2)}\n`; // JSON is YAML.
}
