import { afterEach, beforeEach } from '@jest/globals';
import { connectKubernetes, type KubernetesApi } from '../../../src/kubernetes/api.ts';
import { loadKubeConfig } from '../../../src/kubernetes/kubeconfig.ts';
import { type FakeApiServer, makeCertificate, startFakeApiServer } from './fake-api-server.ts';

/** Connects to the fake API server with this `user` entry of a kubeconfig. */
export function connectTo(
  server: Pick<FakeApiServer, 'url' | 'certificateAuthority'>,
  user: object = { token: 't' },
  cluster: object = {},
): KubernetesApi {
  const authority = Buffer.from(server.certificateAuthority).toString('base64');
  const yaml = JSON.stringify({
    clusters: [{ name: 'c', cluster: { server: server.url, 'certificate-authority-data': authority, ...cluster } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  });
  return connectKubernetes(loadKubeConfig({ kind: 'content', yaml }, undefined, {}));
}

/** Starts a fake API server before each test of the file, passes it with a connection to `begin`, and closes both. */
export function useFakeApiServer(begin: (server: FakeApiServer, api: KubernetesApi) => void): void {
  const certificate = makeCertificate();
  const open: (() => Promise<void>)[] = [];
  beforeEach(async () => {
    const server = await startFakeApiServer(certificate);
    const api = connectTo(server);
    open.push(api.close, server.close);
    begin(server, api);
  });
  afterEach(async () => {
    for (const close of open.splice(0)) await close();
  });
}
