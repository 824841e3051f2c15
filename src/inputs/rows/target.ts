import { boolean, choice } from '../grammar/choice.ts';
import { kubeconfig } from '../grammar/kubeconfig.ts';
import { contextName, deploymentName, namespaceName } from '../grammar/kubernetes-name.ts';
import {
  accept,
  CLUSTER_COMMANDS,
  COMMANDS,
  DEPLOYING,
  defineOptionalRow,
  defineRow,
  type Grammar,
  refuse,
  type ValueOf,
} from '../grammar/row.ts';

/** The identity of the one Kubernetes cluster that a run may touch. */
export type ExpectedCluster =
  /** The API server's URL without a trailing slash. */
  | { readonly kind: 'url'; readonly url: string }
  /** SHA-256 of the DER of the cluster's CA, 64 lower-case hex digits. */
  | { readonly kind: 'ca-fingerprint'; readonly sha256: string };

export const expectedCluster: Grammar<ExpectedCluster> = {
  expected: 'the URL of the API server, or the SHA-256 fingerprint of its CA (64 hex digits, colons allowed)',
  example: 'https://kubernetes.example.com:6443',
  typing: { type: 'string' },
  parse: (text) => {
    const hex = text
      .replace(/^sha256(?: fingerprint)?[:=]/i, '')
      .replaceAll(':', '')
      .toLowerCase();
    if (/^[0-9a-f]{64}$/.test(hex)) return accept({ kind: 'ca-fingerprint', sha256: hex });
    const url = normalizeServer(text);
    if (url !== undefined) return accept({ kind: 'url', url });
    return refuse({
      suggestion: text.includes('://') || text.length > 250 ? undefined : normalizeServer(`https://${text}`),
    });
  },
};

/** Returns the URL of an API server without a default port and a trailing slash; undefined if it is invalid. */
export function normalizeServer(text: string): string | undefined {
  const url = URL.parse(text);
  if (url === null || !['https:', 'http:'].includes(url.protocol)) return undefined;
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '' || /\s/.test(text))
    return undefined;
  return `${url.origin}${url.pathname}`.replace(/(?<!\/)\/+$/, '');
}

const group = 'Target';

export const targetRows = {
  command: defineRow(choice(COMMANDS), {
    name: 'command',
    group,
    description:
      'What to do. `deploy` applies the NATS cluster and succeeds only if it is verified. `plan` reports what `deploy` would change, and changes nothing. `verify` checks a deployed cluster, and changes nothing. `rotate` replaces certificates and CAs that are due, without a restart. `delete` deletes one cluster, `prune` deletes expired previews, and `render` writes the objects to files.',
    default: 'deploy',
    commands: COMMANDS,
  }),
  kubeconfig: defineOptionalRow(kubeconfig, {
    name: 'kubeconfig',
    group,
    description:
      'Kubeconfig: its path, or its content. `delete` and `prune` do not use `~/.kube/config` unless this input or `expected-cluster` names it.',
    unset:
      "the files of the environment variable `KUBECONFIG`; else `~/.kube/config`, with a warning; else the service account of the runner's pod",
    guide: 'docs/kubeconfig.md',
    commands: CLUSTER_COMMANDS,
  }),
  context: defineOptionalRow(contextName, {
    name: 'context',
    group,
    description: 'Context of the kubeconfig.',
    unset: 'its current context',
    commands: CLUSTER_COMMANDS,
  }),
  expectedCluster: defineOptionalRow(expectedCluster, {
    name: 'expected-cluster',
    group,
    description:
      'Kubernetes cluster that the run may use. The step fails before it sends a credential if the kubeconfig leads to another one.',
    unset: 'not checked',
    guide: 'docs/kubeconfig.md#the-expected-cluster',
    commands: CLUSTER_COMMANDS,
  }),
  namespace: defineOptionalRow(namespaceName, {
    name: 'namespace',
    group,
    description: 'Namespace of the NATS cluster. `render` ignores the context.',
    unset: 'the namespace of the kubeconfig context, else `default`',
    commands: COMMANDS,
  }),
  createNamespace: defineRow(boolean, {
    name: 'create-namespace',
    group,
    description: 'Create the namespace if it does not exist.',
    default: 'false',
    commands: DEPLOYING,
  }),
  name: defineRow(deploymentName, {
    name: 'name',
    group,
    description:
      'Name of the NATS cluster, its Service and its StatefulSet, and prefix of all other object names. The name of a preview (`ttl`) may be any text.',
    guide: 'docs/names.md',
    default: 'nats',
    commands: COMMANDS.filter((command) => command !== 'prune'),
  }),
} as const;

export function readTarget(valueOf: ValueOf) {
  return { ...readAccess(valueOf), ...readPlace(valueOf) } as const;
}

/** Reads the Kubernetes cluster and its credentials. */
function readAccess(valueOf: ValueOf) {
  return {
    kubeconfig: valueOf(targetRows.kubeconfig),
    context: valueOf(targetRows.context),
    expectedCluster: valueOf(targetRows.expectedCluster),
  } as const;
}

/** Reads the inputs that identify a deployment. */
export function readPlace(valueOf: ValueOf) {
  return { namespace: valueOf(targetRows.namespace), name: valueOf(targetRows.name) } as const;
}

/** Reads the Kubernetes cluster and the namespace, for all deployments of a namespace. */
export function readNamespace(valueOf: ValueOf) {
  return { ...readAccess(valueOf), namespace: valueOf(targetRows.namespace) } as const;
}

/** Reads whether to create a missing namespace. Only `deploy` creates it, and `plan` reports it. */
export function readCreation(valueOf: ValueOf) {
  return { createNamespace: valueOf(targetRows.createNamespace) } as const;
}
