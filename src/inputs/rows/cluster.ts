import { MAX_SERVERS } from '../../cluster/names.ts';
import { boolean, choice, list } from '../grammar/choice.ts';
import { pullSecretName } from '../grammar/kubernetes-name.ts';
import { integer } from '../grammar/number.ts';
import { overrideList } from '../grammar/overrides.ts';
import { resources } from '../grammar/resources.ts';
import {
  accepted,
  DESCRIBING_COMMANDS,
  defaulted,
  type Grammar,
  optional,
  refused,
  type ValueOf,
} from '../grammar/row.ts';

const COMPONENT = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const DOMAIN_PART = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const DOMAIN = `(?:${DOMAIN_PART}(?:\\.${DOMAIN_PART})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]{1,5})?`;
const REFERENCE = new RegExp(
  `^(?:${DOMAIN}/)?(?<path>${COMPONENT}(?:/${COMPONENT})*)(?::(?<tag>\\w[\\w.-]{0,127}))?(?:@(?<digest>sha256:[a-f0-9]{64}))?$`,
);

/** The grammar of an image reference (distribution/reference, `reference.go`): `[registry/]path[:tag][@sha256:…]`. */
export const imageReference: Grammar<string> = {
  expected: 'an image reference, as `nats:2.15.2`, `ghcr.io/team/nats:2.15.2` or `nats@sha256:` and 64 hex digits',
  example: 'nats:2.15.2',
  typing: { type: 'string' },
  parse: (text) => {
    if (isReference(text)) return accepted(text);
    const repaired = text
      .slice(0, 512)
      .replace(/^(?:https?|docker):\/\//i, '')
      .replaceAll(/\s+/g, '');
    return refused({ suggestion: [repaired, repaired.toLowerCase()].find(isReference) });
  },
};

function isReference(text: string): boolean {
  return text.length <= 512 && REFERENCE.test(text);
}

const group = 'Cluster';
const commands = DESCRIBING_COMMANDS;

export const clusterRows = {
  replicas: defaulted(integer(1, MAX_SERVERS), {
    name: 'replicas',
    group,
    description: 'Number of servers. 1 is a valid preview, without routes.',
    default: '3',
    commands,
  }),
  image: optional(imageReference, {
    name: 'image',
    group,
    description: 'Image of nats-server, 2.10 or newer. Absent: what runs is kept; a new cluster gets `nats:2.15.2`.',
    commands,
  }),
  imagePullSecrets: optional(list(pullSecretName), {
    name: 'image-pull-secrets',
    group,
    description:
      'Names of Secrets of the namespace with the credentials for a private registry (type `kubernetes.io/dockerconfigjson`). They also pull the image of `metrics`.',
    commands,
  }),
  antiAffinity: defaulted(choice(['required', 'preferred', 'none']), {
    name: 'anti-affinity',
    group,
    description:
      'Whether two servers may share a node: never (`required`), if need be (`preferred`), or freely (`none`).',
    default: 'required',
    commands,
  }),
  resources: defaulted(resources, {
    name: 'resources',
    group,
    description: 'Requests and limits of each server as YAML: `cpu`, `memory`, `ephemeral-storage`.',
    default: '{requests: {cpu: 100m, memory: 128Mi}}',
    commands,
  }),
  serviceType: defaulted(choice(['ClusterIP', 'NodePort', 'LoadBalancer']), {
    name: 'service-type',
    group,
    description:
      'Type of the Service for clients. The addresses of `LoadBalancer` (waited for up to 90 s) or, where nodes may be listed, of the nodes with `NodePort` are named by the server certificate and lead in output `url`.',
    default: 'ClusterIP',
    commands,
  }),
  securityContext: defaulted(choice(['restricted', 'platform']), {
    name: 'security-context',
    group,
    description: 'PodSecurity `restricted` with fixed user and group ids, or ids left to the `platform` (OpenShift).',
    default: 'restricted',
    commands,
  }),
  networkPolicy: defaulted(boolean, {
    name: 'network-policy',
    group,
    description:
      'A NetworkPolicy that lets everybody reach the client port, and only the servers each other on the route port.',
    default: 'false',
    commands,
  }),
  metrics: defaulted(boolean, {
    name: 'metrics',
    group,
    description:
      'An exporter for Prometheus beside each server, on port 7777, and a PodMonitor where the cluster knows the kind.',
    default: 'false',
    commands,
  }),
  overrides: optional(overrideList, {
    name: 'overrides',
    group,
    description:
      'Merge patches on the rendered objects, as a YAML mapping of `Kind/role` to patch ([recipes](docs/from-helm.md#overrides)). What the promise needs cannot be taken away.',
    commands,
  }),
} as const;

export function readCluster(valueOf: ValueOf) {
  return {
    replicas: valueOf(clusterRows.replicas),
    image: valueOf(clusterRows.image),
    imagePullSecrets: valueOf(clusterRows.imagePullSecrets) ?? [],
    antiAffinity: valueOf(clusterRows.antiAffinity),
    resources: valueOf(clusterRows.resources),
    serviceType: valueOf(clusterRows.serviceType),
    securityContext: valueOf(clusterRows.securityContext),
    networkPolicy: valueOf(clusterRows.networkPolicy),
    metrics: valueOf(clusterRows.metrics),
    overrides: valueOf(clusterRows.overrides) ?? [],
  } as const;
}
