import { ActionError } from '../../errors.ts';
import type { Inputs } from '../../inputs/inputs.ts';
import type { ClusterConnection } from '../../kubernetes/cluster-connection.ts';
import type { KubeconfigOrigin } from '../../kubernetes/kubeconfig-part.ts';

/** Returns the cluster that a step talks to and the origin of the kubeconfig, in one line. */
export function describeCluster({ server, context, origin }: ClusterConnection): string {
  return `Kubernetes cluster ${server} (context ${context}, ${describeOrigin(origin)})`;
}

function describeOrigin(origin: KubeconfigOrigin): string {
  switch (origin.kind) {
    case 'input':
      return `kubeconfig from input kubeconfig${origin.path === undefined ? '' : `: ${origin.path}`}`;
    case 'environment':
      return `kubeconfig from KUBECONFIG: ${origin.paths.join(', ')}`;
    case 'home':
      return `kubeconfig from the home folder: ${origin.path}`;
    case 'pod':
      return 'credentials of the service account of this pod';
  }
}

/** The commands whose only purpose is to delete. */
const DESTRUCTIVE: readonly Inputs['command'][] = ['delete', 'prune'];

/**
 * Checks a kubeconfig that the user did not name. An empty input, for example of a secret that does not exist, falls
 * back to the home folder, which on a self-hosted runner may lead to the cluster of the runner's owner. Returns a
 * warning.
 * @throws ActionError INPUT_INVALID for commands that delete, unless `expected-cluster` says which cluster is meant.
 */
export function judgeOrigin(
  { command, hasExpectedCluster }: { readonly command: Inputs['command']; readonly hasExpectedCluster: boolean },
  { origin, server }: ClusterConnection,
): string | undefined {
  if (origin.kind !== 'home' || hasExpectedCluster) {
    return undefined;
  }
  const said = `input kubeconfig is empty and KUBECONFIG is not set, so the kubeconfig would be ${origin.path}`;
  const correction = 'kubeconfig: ~/.kube/config';
  if (DESTRUCTIVE.includes(command)) {
    const message = `\`command: ${command}\` needs a kubeconfig that is named: ${said}, which leads to ${server}`;
    throw new ActionError('INPUT_INVALID', `kubeconfig: ${message}`, {
      reason: 'KubeconfigNotNamed',
      hint: `Check that the secret of input kubeconfig exists. If ${origin.path} is meant, add: ${correction}`,
      details: { violations: [{ input: 'kubeconfig', message, correction }] },
    });
  }
  return `input kubeconfig is empty and KUBECONFIG is not set, so the kubeconfig is ${origin.path}, which leads to ${server}. If this is meant, add: ${correction} (or set expected-cluster)`;
}
