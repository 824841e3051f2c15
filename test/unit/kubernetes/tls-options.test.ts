import { expect, test } from '@jest/globals';
import { Agent, ProxyAgent } from 'undici';
import { createDispatcher } from '../../../src/kubernetes/tls-options.ts';

const TLS = { rejectUnauthorized: true } as const;

test('requests go through a proxy only if the kubeconfig or the environment names one', async () => {
  const direct = createDispatcher({ proxyUrl: undefined }, TLS, 1);
  const proxied = createDispatcher({ proxyUrl: 'http://proxy.example.com:3128' }, TLS, 1);
  expect([direct.constructor, proxied.constructor]).toEqual([Agent, ProxyAgent]);
  await Promise.all([direct.close(), proxied.close()]);
});
