import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';
import { errorTitle } from '../../support/live-cluster.ts';
import { startTunnellingProxy, type TunnellingProxy } from '../../support/tunnelling-proxy.ts';

/** A name in the API server's certificate that no name server of the runner knows. */
const HOST = 'kubernetes.default.svc';

describe('an API server behind a proxy', () => {
  let deployment: TestDeployment;
  let proxy: TunnellingProxy;
  let kubeconfig: (more?: object) => string;
  let authority: string;

  beforeAll(async () => {
    deployment = await makeDeployment('proxy');
    const server = new URL(deployment.space.config.getCurrentCluster()?.server ?? '');
    proxy = await startTunnellingProxy(server);
    authority = `${HOST}:${server.port}`;
    const config: { clusters: { cluster: object }[] } = JSON.parse(await readFile(deployment.kubeconfig, 'utf8'));
    kubeconfig = (more) => {
      const clusters = config.clusters.map(({ cluster, ...own }) => ({
        ...own,
        cluster: { ...cluster, server: `https://${authority}`, ...more },
      }));
      return JSON.stringify({ ...config, clusters });
    };
  });

  afterAll(async () => {
    await proxy.close();
    await deployment.remove();
  });

  const PAIR = { replicas: '2', 'anti-affinity': 'preferred' } as const;

  test('is reached through HTTPS_PROXY by every request, watch and port-forward', async () => {
    const env = { HTTPS_PROXY: proxy.url };
    const result = await deployment.run({ ...PAIR, kubeconfig: kubeconfig() }, { env });
    expect([result.outputs['result'], errorTitle(result)]).toEqual(['deployed', undefined]);
    expect(new Set(proxy.asked())).toEqual(new Set([authority]));
    expect(proxy.asked().length).toBeGreaterThan(3);
  });

  test('is reached through the proxy-url of the kubeconfig, whatever the environment says', async () => {
    const before = proxy.asked().length;
    const inputs = { ...PAIR, kubeconfig: kubeconfig({ 'proxy-url': proxy.url }) };
    const result = await deployment.run(inputs, { env: { HTTPS_PROXY: 'http://127.0.0.1:1', NO_PROXY: '*' } });
    expect([result.outputs['result'], errorTitle(result)]).toEqual(['unchanged', undefined]);
    expect(proxy.asked().length).toBeGreaterThan(before);
  });

  test('is reached without the proxy if NO_PROXY names it', async () => {
    const before = proxy.asked().length;
    const inputs = { ...PAIR, kubeconfig: kubeconfig(), timeout: '20s' };
    const result = await deployment.run(inputs, { env: { HTTPS_PROXY: proxy.url, NO_PROXY: '.svc' } });
    expect(errorTitle(result)).toMatch(/^CLUSTER_UNREACHABLE/);
    expect(proxy.asked()).toHaveLength(before);
  });

  test('is reported as unreachable, with the proxy, if the proxy refuses', async () => {
    const inputs = { ...PAIR, kubeconfig: kubeconfig(), timeout: '20s' };
    const result = await deployment.run(inputs, { env: { HTTPS_PROXY: 'http://127.0.0.1:1' } });
    expect(errorTitle(result)).toMatch(/^CLUSTER_UNREACHABLE/);
  });
});
