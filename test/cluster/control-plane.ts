import { ADDRESSES, API_PORT, type ClusterLayout, type DnsCache } from './layout.ts';
import { PATH, type Program } from './supervisor.ts';

const ETCD = 'http://127.0.0.1:2379';
const ETCD_PEER = 'http://127.0.0.1:2380';

/** Returns one of the programs in the `kube` binary. */
export function kubeProgram(layout: ClusterLayout, name: string, program: string, args: readonly string[]): Program {
  return {
    name,
    argv: [`${layout.programs}/kube`, program, ...args],
    env: [PATH, `HOME=${layout.directory}`, 'GOGC=50'],
    log: layout.log(name),
  };
}

/** Returns etcd without fsync: a cluster for one test run need not survive a power failure. */
export function etcd(layout: ClusterLayout): Program {
  return kubeProgram(layout, 'etcd', 'etcd', [
    `--data-dir=${layout.file('etcd')}`,
    '--unsafe-no-fsync',
    `--listen-client-urls=${ETCD}`,
    `--advertise-client-urls=${ETCD}`,
    `--listen-peer-urls=${ETCD_PEER}`,
    `--initial-advertise-peer-urls=${ETCD_PEER}`,
    `--initial-cluster=default=${ETCD_PEER}`,
  ]);
}

export function apiServer(layout: ClusterLayout): Program {
  return kubeProgram(layout, 'kube-apiserver', 'kube-apiserver', [
    `--etcd-servers=${ETCD}`,
    `--advertise-address=${ADDRESSES.apiServer}`,
    `--secure-port=${API_PORT}`,
    `--tls-cert-file=${layout.file('pki', 'api.crt')}`,
    `--tls-private-key-file=${layout.file('pki', 'api.key')}`,
    `--service-account-key-file=${layout.file('pki', 'service-account.pub')}`,
    `--service-account-signing-key-file=${layout.file('pki', 'service-account.key')}`,
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    `--token-auth-file=${layout.file('pki', 'tokens.csv')}`,
    '--authorization-mode=Node,RBAC',
    '--enable-admission-plugins=NodeRestriction',
    `--service-cluster-ip-range=${ADDRESSES.serviceRange}`,
    '--kubelet-preferred-address-types=InternalIP',
    '--allow-privileged',
    `--audit-policy-file=${layout.file('audit-policy.yaml')}`,
    `--audit-log-path=${layout.audit}`,
  ]);
}

/**
 * Returns the controller manager. It starts after the API is ready, because it exits if its authentication
 * configuration is missing.
 */
export function controllerManager(layout: ClusterLayout): Program {
  const kubeconfig = layout.file('pki', 'controller-manager.kubeconfig');
  return kubeProgram(layout, 'kube-controller-manager', 'kube-controller-manager', [
    `--kubeconfig=${kubeconfig}`,
    `--authentication-kubeconfig=${kubeconfig}`,
    `--authorization-kubeconfig=${kubeconfig}`,
    `--service-account-private-key-file=${layout.file('pki', 'service-account.key')}`,
    `--root-ca-file=${layout.file('pki', 'ca.crt')}`,
    '--use-service-account-credentials',
    '--leader-elect=false',
    '--bind-address=127.0.0.1',
  ]);
}

export function scheduler(layout: ClusterLayout): Program {
  const kubeconfig = layout.file('pki', 'scheduler.kubeconfig');
  return kubeProgram(layout, 'kube-scheduler', 'kube-scheduler', [
    `--kubeconfig=${kubeconfig}`,
    `--authentication-kubeconfig=${kubeconfig}`,
    `--authorization-kubeconfig=${kubeconfig}`,
    '--leader-elect=false',
    '--bind-address=127.0.0.1',
  ]);
}

export function proxy(layout: ClusterLayout): Program {
  return kubeProgram(layout, 'kube-proxy', 'kube-proxy', [`--config=${layout.file('proxy.yaml')}`]);
}

export function coreDns(layout: ClusterLayout, cache: DnsCache): Program {
  return kubeProgram(layout, 'coredns', 'coredns', ['-conf', layout.file(`Corefile.cache-${cache}`)]);
}

/** Returns the configuration files of the programs above, by path. */
export function controlPlaneFiles(layout: ClusterLayout): ReadonlyMap<string, string> {
  return new Map([
    [layout.file('audit-policy.yaml'), AUDIT_POLICY],
    [layout.file('proxy.yaml'), proxyConfiguration(layout)],
    [layout.file('Corefile.cache-on'), corefile(layout, 'on')],
    [layout.file('Corefile.cache-off'), corefile(layout, 'off')],
  ]);
}

const AUDIT_POLICY = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules: [{level: Metadata}]
`;

/**
 * Renders the configuration of the only kube-proxy, because all nodes share one network namespace. It masquerades
 * addresses of pods, because these are not routed.
 */
function proxyConfiguration(layout: ClusterLayout): string {
  return `apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: iptables
clientConnection: {kubeconfig: "${layout.file('pki', 'proxy.kubeconfig')}"}
clusterCIDR: ${ADDRESSES.podRange}
iptables: {masqueradeAll: true, minSyncPeriod: 0s}
conntrack: {maxPerCore: 0}
hostnameOverride: node-1
metricsBindAddress: 127.0.0.1:10249
`;
}

/**
 * Renders the Corefile. Most clusters have `cache 30` and `ttl 30`: after a look-up that comes too early, the name does
 * not resolve for half a minute.
 */
function corefile(layout: ClusterLayout, cache: DnsCache): string {
  return `cluster.local:53 in-addr.arpa:53 {
  bind ${ADDRESSES.dns}
  errors
  ${cache === 'on' ? 'cache 30' : ''}
  kubernetes cluster.local in-addr.arpa {
    kubeconfig ${layout.file('pki', 'admin-inside.kubeconfig')}
    pods insecure
    ttl ${cache === 'on' ? 30 : 0}
  }
}
.:53 {
  bind ${ADDRESSES.dns}
  template ANY ANY {
    rcode NXDOMAIN
  }
}
`;
}
