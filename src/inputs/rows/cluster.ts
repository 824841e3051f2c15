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
    description: 'Number of servers. A single server has no routes.',
    default: '3',
    commands,
  }),
  image: optional(imageReference, {
    name: 'image',
    group,
    description: 'Image of nats-server, 2.10 or newer. Default: the running image; `nats:2.15.2` for a new cluster.',
    commands,
  }),
  imagePullSecrets: optional(list(pullSecretName), {
    name: 'image-pull-secrets',
    group,
    description:
      'Names of Secrets in the namespace with credentials for private registries (type `kubernetes.io/dockerconfigjson`), separated by commas or line breaks.',
    commands,
  }),
  antiAffinity: defaulted(choice(['required', 'preferred', 'none']), {
    name: 'anti-affinity',
    group,
    description:
      'Whether two servers may share a node: never (`required`), only if necessary (`preferred`), or always (`none`).',
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
      'Type of the Service for clients. External addresses are added to the server certificate and used for output `url`: those of the load balancer (the action waits up to 90 s for them), or those of the nodes with `NodePort`, if the credentials may list nodes.',
    default: 'ClusterIP',
    commands,
  }),
  securityContext: defaulted(choice(['restricted', 'platform']), {
    name: 'security-context',
    group,
    description:
      '`restricted` sets fixed user and group ids that satisfy the PodSecurity level of that name. `platform` leaves the ids to the platform (OpenShift).',
    default: 'restricted',
    commands,
  }),
  networkPolicy: defaulted(boolean, {
    name: 'network-policy',
    group,
    description:
      'Create a NetworkPolicy that allows all traffic to the client port, and traffic to the route port only between the servers.',
    default: 'false',
    commands,
  }),
  metrics: defaulted(boolean, {
    name: 'metrics',
    group,
    description:
      'Run a Prometheus exporter next to each server, on port 7777, and create a PodMonitor if its CRD is installed.',
    default: 'false',
    commands,
  }),
  overrides: optional(overrideList, {
    name: 'overrides',
    group,
    description:
      'Merge patches for the generated objects, as a YAML mapping of `Kind/role` to patch ([recipes](docs/from-helm.md#overrides)). Fields that the action relies on cannot be overridden.',
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
