import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { provideHelm } from '../test/cluster/helm.ts';
import type { TestNamespace } from '../test/support/namespace.ts';
import { requireProgram } from './process.ts';

/**
 * A deployment without the action: openssl issues the certificates, and Helm installs the official chart and waits for
 * the pods.
 */
export type ChartRelease = {
  /** Installs the chart, from nothing to the state that Helm calls deployed. */
  readonly install: () => Promise<void>;
  /** Upgrades the release with nothing to change. */
  readonly upgrade: () => Promise<void>;
  readonly remove: () => Promise<void>;
};

/** Returns values of the chart with the image of this bench, without the reloader and the tool box of the chart. */
const VALUES = (version: string, servers: number): string => `
config:
  cluster:
    enabled: true
    replicas: ${servers}
    routeURLs: {user: route, password: bench}
    tls: {enabled: true, secretName: bench-tls, merge: {verify: true}}
  nats:
    tls: {enabled: true, secretName: bench-tls}
  monitor: {enabled: true}
  merge:
    authorization: {users: [{user: client, password: bench}]}
tlsCA: {enabled: true, secretName: bench-tls}
container: {image: {repository: nats, tag: ${version}}}
podTemplate:
  topologySpreadConstraints: {}
reloader: {enabled: false}
natsBox: {enabled: false}
`;

export async function chartRelease(
  space: TestNamespace,
  { chart, version, servers }: { readonly chart: string; readonly version: string; readonly servers: number },
): Promise<ChartRelease> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-chart-'));
  const helm = await provideHelm();
  await writeFile(join(folder, 'values.yaml'), VALUES(version, servers));
  await writeFile(join(folder, 'kubeconfig'), space.config.exportConfig(), { mode: 0o600 });
  const env = { KUBECONFIG: join(folder, 'kubeconfig'), HOME: folder };
  const upgrade = async (): Promise<void> => {
    const waiting = ['--wait', '--timeout', '3m', '--namespace', space.name];
    await requireProgram(helm, ['upgrade', '--install', 'nats', chart, '--values', 'values.yaml', ...waiting], {
      cwd: folder,
      env,
    });
  };
  return {
    install: async () => {
      await certificates(folder, space.name, servers);
      await secret(space, folder);
      await upgrade();
    },
    upgrade,
    remove: async () => await rm(folder, { recursive: true, force: true }),
  };
}

async function certificates(cwd: string, namespace: string, servers: number): Promise<void> {
  const names = [
    `nats.${namespace}.svc`,
    `*.nats-headless.${namespace}.svc.cluster.local`,
    ...Array.from({ length: servers }, (_, at) => `nats-${at}.nats-headless`),
  ];
  const alternatives = `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}`;
  const steps = [
    'req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.crt -subj /CN=ca -days 1825',
    `req -newkey rsa:2048 -nodes -keyout tls.key -out tls.csr -subj /CN=nats -addext ${alternatives}`,
    'x509 -req -in tls.csr -CA ca.crt -CAkey ca.key -CAcreateserial -copy_extensions copy -out tls.crt -days 90',
  ];
  for (const step of steps) await requireProgram('openssl', step.split(' '), { cwd });
}

/** Creates the Secret as `kubectl create secret generic` does. */
async function secret({ core, name: namespace }: TestNamespace, folder: string): Promise<void> {
  const keys = ['ca.crt', 'tls.crt', 'tls.key'];
  const data = Object.fromEntries(
    await Promise.all(keys.map(async (key) => [key, (await readFile(join(folder, key))).toString('base64')] as const)),
  );
  await core.createNamespacedSecret({ namespace, body: { metadata: { name: 'bench-tls' }, data } });
}
