import { MAX_SERVERS } from '../../cluster/names.ts';
import { boolean, choice, list } from '../grammar/choice.ts';
import { pullSecretName } from '../grammar/kubernetes-name.ts';
import { integer } from '../grammar/number.ts';
import { overrideList } from '../grammar/overrides.ts';
import { resources } from '../grammar/resources.ts';
import {
  accept,
  DESCRIBING_COMMANDS,
  defineOptionalRow,
  defineRow,
  type Grammar,
  refuse,
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
    if (isReference(text)) return accept(text);
    const repaired = text
      .slice(0, 512)
      .replace(/^(?:https?|docker):\/\//i, '')
      .replaceAll(/\s+/g, '');
    return refuse({ suggestion: [repaired, repaired.toLowerCase()].find(isReference) });
  },
};

function isReference(text: string): boolean {
  return text.length <= 512 && REFERENCE.test(text);
}

const group = 'Cluster';
const commands = DESCRIBING_COMMANDS;

export const clusterRows = {
  replicas: defineRow(integer(1, MAX_SERVERS), {
    name: 'replicas',
    group,
    description: 'Number of servers. A single server has no routes.',
    default: '3',
    commands,
  }),
  image: defineOptionalRow(imageReference, {
    name: 'image',
    group,
    description: 'Image of nats-server, release 2.10 or newer.',
    unset: 'the image that runs; `nats:2.15.2` for a new NATS cluster',
    commands,
  }),
  imagePullSecrets: defineOptionalRow(list(pullSecretName), {
    name: 'image-pull-secrets',
    group,
    description:
      'Names of Secrets in the namespace with credentials for private registries (type `kubernetes.io/dockerconfigjson`). They also pull the image of `metrics`.',
    unset: 'no Secrets; the service account of the pods may name some',
    guide: 'docs/operations/registries.md',
    commands,
  }),
  antiAffinity: defineRow(choice(['required', 'preferred', 'none']), {
    name: 'anti-affinity',
    group,
    description:
      'Whether servers may share a node: never (`required`), only if necessary (`preferred`), or always (`none`). `required` needs one schedulable node for each server.',
    default: 'required',
    commands,
  }),
  resources: defineRow(resources, {
    name: 'resources',
    group,
    description:
      'Requests and limits of each server as YAML: `cpu`, `memory`, `ephemeral-storage`. `GOMEMLIMIT` is set only if `limits.memory` is.',
    default: '{requests: {cpu: 100m, memory: 128Mi}}',
    commands,
  }),
  serviceType: defineRow(choice(['ClusterIP', 'NodePort', 'LoadBalancer']), {
    name: 'service-type',
    group,
    description:
      'Type of the Service for clients. Its external addresses are added to the server certificate and used for output `url`: those of the load balancer (waited for up to 90 s), or with `NodePort` those of the nodes, if the credentials may list nodes.',
    default: 'ClusterIP',
    commands,
  }),
  securityContext: defineRow(choice(['restricted', 'platform']), {
    name: 'security-context',
    group,
    description:
      'Security context of the pods: PodSecurity `restricted` with fixed user and group ids, or ids that the `platform` assigns (OpenShift).',
    default: 'restricted',
    commands,
  }),
  networkPolicy: defineRow(boolean, {
    name: 'network-policy',
    group,
    description:
      'Create a NetworkPolicy. It allows all traffic to the client port (4222) and, with `metrics`, to the exporter (7777). It allows only the servers on the route port (6222), and no traffic to the monitoring port (8222).',
    default: 'false',
    commands,
  }),
  metrics: defineRow(boolean, {
    name: 'metrics',
    group,
    description:
      'Run a Prometheus exporter next to each server, on port 7777, and create a PodMonitor if the CRD is installed.',
    default: 'false',
    commands,
  }),
  overrides: defineOptionalRow(overrideList, {
    name: 'overrides',
    group,
    description:
      'Merge patches for the rendered objects, as a YAML mapping from `Kind/role` to patch. Fields that the action relies on cannot be overridden.',
    unset: 'no patches',
    guide: 'docs/from-helm.md#overrides',
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
