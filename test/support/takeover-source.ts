import { AppsV1Api, PolicyV1Api, type V1Container, type V1ObjectMeta, type V1Volume } from '@kubernetes/client-node';
import { type IssuedAuthority, makeAuthority, makeLeaf } from '../unit/support/issuance.ts';
import { PODS } from './cluster-load.ts';
import { eventually } from './eventually.ts';
import type { TestNamespace } from './namespace.ts';

const IMAGE = 'nats:2.12.15';
const CLIENT = { user: 'apps', password: 'of-the-apps-1' } as const;
const ROUTE = { user: 'peers', password: 'of-the-peers-1' } as const;

/** A running NATS cluster that another tool deployed, with the CA and passwords that its owner knows. */
export type TakeoverSource = {
  readonly clients: IssuedAuthority;
  readonly client: typeof CLIENT;
  readonly route: typeof ROUTE;
  /** A name in the certificate for clients. */
  readonly host: string;
};

type Port = { readonly name: string; readonly port: number };

const RESTRICTED = {
  allowPrivilegeEscalation: false,
  runAsNonRoot: true,
  runAsUser: 1000,
  capabilities: { drop: ['ALL'] },
  seccompProfile: { type: 'RuntimeDefault' },
};

/**
 * Creates the objects of release `nats` of the Helm chart 2.14 with routes and clients over TLS, without its reloader
 * and box, in the layout of its templates (nats-io/k8s, helm/charts/nats/files).
 */
export async function installChartCluster(space: TestNamespace): Promise<TakeoverSource> {
  const { core, name: namespace, config } = space;
  const names = { 'app.kubernetes.io/name': 'nats', 'app.kubernetes.io/instance': 'nats' };
  const helm = { 'app.kubernetes.io/managed-by': 'Helm', 'helm.sh/chart': 'nats-2.14.2' };
  const owned = (name: string): V1ObjectMeta => ({
    name,
    labels: { ...names, ...helm },
    annotations: { 'meta.helm.sh/release-name': 'nats', 'meta.helm.sh/release-namespace': namespace },
  });
  const selector = { ...names, 'app.kubernetes.io/component': 'nats' };
  const hosts = PODS.map((pod) => `${pod}.nats-headless`);
  const [clients, routes] = await Promise.all([
    makeAuthority({ commonName: 'web' }),
    makeAuthority({ commonName: 'peers' }),
  ]);
  const service = `nats.${namespace}.svc`;
  const reached = [...hosts, ...PODS.map((pod) => `${pod}.${namespace}.svc`)];
  await putLeaf(space, 'web-tls', clients, ['nats', service, ...reached]);
  await putLeaf(space, 'peer-tls', routes, reached);
  const urls = hosts.map((host) => `tls://${ROUTE.user}:${ROUTE.password}@${host}:6222`);
  const text = `
server_name: $SERVER_NAME
port: 4222
http_port: 8222
pid_file: "/var/run/nats/nats.pid"
lame_duck_grace_period: 10s
lame_duck_duration: 30s
authorization { users: [ { user: "${CLIENT.user}", password: "${CLIENT.password}" } ] }
tls { cert_file: "/etc/nats-certs/nats/tls.crt", key_file: "/etc/nats-certs/nats/tls.key" }
cluster {
  name: nats, port: 6222, no_advertise: true
  authorization { user: "${ROUTE.user}", password: "${ROUTE.password}" }
  routes: ${JSON.stringify(urls)}
  tls {
    cert_file: "/etc/nats-certs/cluster/tls.crt", key_file: "/etc/nats-certs/cluster/tls.key"
    ca_file: "/etc/nats-certs/cluster/ca.crt", verify: true
  }
}
`;
  await core.createNamespacedConfigMap({
    namespace,
    body: { metadata: owned('nats-config'), data: { 'nats.conf': text } },
  });
  const ports: readonly Port[] = [
    { name: 'nats', port: 4222 },
    { name: 'cluster', port: 6222 },
    { name: 'monitor', port: 8222 },
  ];
  const spec = { selector, ports: servicePorts(ports.slice(0, 1)) };
  const headless = { selector, clusterIP: 'None', publishNotReadyAddresses: true, ports: servicePorts(ports) };
  await core.createNamespacedService({ namespace, body: { metadata: owned('nats'), spec } });
  await core.createNamespacedService({ namespace, body: { metadata: owned('nats-headless'), spec: headless } });
  await config.makeApiClient(PolicyV1Api).createNamespacedPodDisruptionBudget({
    namespace,
    body: { metadata: owned('nats'), spec: { maxUnavailable: 1, selector: { matchLabels: selector } } },
  });
  await runServers(space, {
    metadata: owned('nats'),
    serviceName: 'nats-headless',
    labels: { ...selector, ...helm },
    selector,
    ports,
    args: ['--config', '/etc/nats-config/nats.conf'],
    layout: 'chart',
    volumes: {
      '/etc/nats-config': { name: 'config', configMap: { name: 'nats-config' } },
      '/var/run/nats': { name: 'pid', emptyDir: {} },
      '/etc/nats-certs/nats': { name: 'nats-tls', secret: { secretName: 'web-tls' } },
      '/etc/nats-certs/cluster': { name: 'cluster-tls', secret: { secretName: 'peer-tls' } },
    },
  });
  return { clients, client: CLIENT, route: ROUTE, host: service };
}

/**
 * Creates the objects of the pires/kubernetes-nats-cluster example of 2017 (its nats.yml, nats.conf and README): TLS
 * for clients only, one name for all servers, one Secret for all files.
 */
export async function createRecipeCluster(space: TestNamespace): Promise<TakeoverSource> {
  const { core, name: namespace } = space;
  const selector = { component: 'nats' };
  const clients = await makeAuthority({ commonName: 'ca' });
  const { certificatePem, privateKeyPem } = await leafOf(clients, ['nats']);
  const files = { 'nats.pem': certificatePem, 'nats-key.pem': privateKeyPem, 'ca.pem': clients.certificatePem };
  await putSecret(space, 'tls-nats-server', files);
  await putSecret(space, 'tls-nats-client', { 'ca.pem': clients.certificatePem });
  const text = `
listen: 0.0.0.0:4222
http: 0.0.0.0:8222
tls { cert_file: "/etc/nats/tls/nats.pem", key_file: "/etc/nats/tls/nats-key.pem", timeout: 2 }
authorization { user: "${CLIENT.user}", password: "${CLIENT.password}", timeout: 1 }
cluster {
  listen: 0.0.0.0:6222
  authorization { user: "${ROUTE.user}", password: "${ROUTE.password}", timeout: 0.5 }
  routes = [ "nats://${ROUTE.user}:${ROUTE.password}@nats:6222" ]
}
debug: false
trace: true
logtime: true
max_connections: 100
max_control_line: 512
max_payload: 65536
write_deadline: "2s"
`;
  await core.createNamespacedConfigMap({
    namespace,
    body: { metadata: { name: 'nats-config' }, data: { 'nats.conf': text } },
  });
  const ports: readonly Port[] = [
    { name: 'client', port: 4222 },
    { name: 'cluster', port: 6222 },
    { name: 'monitor', port: 8222 },
  ];
  const spec = { selector, clusterIP: 'None', ports: servicePorts(ports) };
  const metadata = { name: 'nats', labels: selector };
  await core.createNamespacedService({ namespace, body: { metadata, spec } });
  await runServers(space, {
    metadata,
    serviceName: 'nats',
    labels: selector,
    selector,
    ports,
    args: ['--config', '/etc/nats/config/nats.conf'],
    layout: 'recipe',
    volumes: {
      '/etc/nats/tls': { name: 'tls-volume', secret: { secretName: 'tls-nats-server' } },
      '/etc/nats/config': { name: 'config-volume', configMap: { name: 'nats-config' } },
    },
  });
  return { clients, client: CLIENT, route: ROUTE, host: 'nats' };
}

type Servers = {
  readonly metadata: V1ObjectMeta;
  readonly serviceName: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly selector: Readonly<Record<string, string>>;
  readonly ports: readonly Port[];
  readonly args: string[];
  /**
   * The layout of the source. The servers of the `recipe` start one after the other, run on separate nodes, and end
   * without a lame duck.
   */
  readonly layout: 'chart' | 'recipe';
  /** The volumes by their mount paths. */
  readonly volumes: Readonly<Record<string, V1Volume>>;
};

async function runServers(space: TestNamespace, servers: Servers): Promise<void> {
  const apps = space.config.makeApiClient(AppsV1Api);
  const { metadata, serviceName, labels, selector, volumes, layout } = servers;
  const apart = { labelSelector: { matchLabels: selector }, topologyKey: 'kubernetes.io/hostname' };
  const affinity = { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [apart] } };
  await apps.createNamespacedStatefulSet({
    namespace: space.name,
    body: {
      metadata,
      spec: {
        serviceName,
        replicas: PODS.length,
        podManagementPolicy: layout === 'chart' ? 'Parallel' : 'OrderedReady',
        selector: { matchLabels: selector },
        template: {
          metadata: { labels: { ...labels } },
          spec: {
            containers: [container(servers)],
            ...(layout === 'chart' ? { terminationGracePeriodSeconds: 60 } : { affinity }),
            volumes: Object.values(volumes),
          },
        },
      },
    },
  });
  await eventually('the servers of the other tool are ready', 90, async () => {
    const { status } = await apps.readNamespacedStatefulSet({ name: 'nats', namespace: space.name });
    return status?.readyReplicas === PODS.length || undefined;
  });
}

function container({ args, ports, volumes, layout }: Servers): V1Container {
  const livenessProbe = { httpGet: { path: '/', port: 8222 }, initialDelaySeconds: 10, timeoutSeconds: 5 };
  const drain = { preStop: { exec: { command: ['nats-server', '-sl=ldm=/var/run/nats/nats.pid'] } } };
  return {
    name: 'nats',
    image: IMAGE,
    command: ['nats-server'],
    args,
    env: [
      { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
      { name: 'SERVER_NAME', value: '$(POD_NAME)' },
    ],
    ports: ports.map(({ name, port }) => ({ name, containerPort: port })),
    securityContext: RESTRICTED,
    volumeMounts: Object.entries(volumes).map(([mountPath, { name }]) => ({ name, mountPath })),
    ...(layout === 'chart'
      ? { lifecycle: drain, readinessProbe: { httpGet: { path: '/healthz', port: 'monitor' }, periodSeconds: 2 } }
      : { livenessProbe }),
  };
}

function servicePorts(ports: readonly Port[]) {
  return ports.map(({ name, port }) => ({ name, port, targetPort: name }));
}

async function putLeaf(
  space: TestNamespace,
  name: string,
  authority: IssuedAuthority,
  dnsNames: readonly string[],
): Promise<void> {
  const { certificatePem, privateKeyPem } = await leafOf(authority, dnsNames);
  await putSecret(space, name, {
    'tls.crt': certificatePem,
    'tls.key': privateKeyPem,
    'ca.crt': authority.certificatePem,
  });
}

async function leafOf({ authority }: IssuedAuthority, dnsNames: readonly string[]) {
  return await makeLeaf(authority, { commonName: '', subjectAltNames: { dnsNames, ipAddresses: [] } });
}

async function putSecret(
  { core, name: namespace }: TestNamespace,
  name: string,
  stringData: Record<string, string>,
): Promise<void> {
  await core.createNamespacedSecret({ namespace, body: { metadata: { name }, stringData } });
}
