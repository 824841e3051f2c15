import { expect, test } from '@jest/globals';
import { type Environment, selectProxy } from '../../../src/kubernetes/proxy.ts';

const proxy = 'http://proxy:3128';

test.each<[string, string, Environment, string | undefined]>([
  ['no proxy is set', 'https://kube', {}, undefined],
  ['HTTPS_PROXY is for https', 'https://kube', { HTTPS_PROXY: proxy }, proxy],
  ['HTTP_PROXY is not', 'https://kube', { HTTP_PROXY: proxy }, undefined],
  ['lower case counts', 'https://kube', { https_proxy: proxy }, proxy],
  ['a proxy without a scheme speaks http', 'https://kube', { HTTPS_PROXY: 'proxy:3128' }, proxy],
  ['loopback never goes through a proxy', 'https://127.0.0.1:6443', { HTTPS_PROXY: proxy }, undefined],
  ['nor does localhost', 'https://localhost:6443', { HTTPS_PROXY: proxy }, undefined],
  ['* excludes all', 'https://kube', { HTTPS_PROXY: proxy, NO_PROXY: '*' }, undefined],
  ['a host excludes itself', 'https://kube.x', { HTTPS_PROXY: proxy, NO_PROXY: 'a, kube.x' }, undefined],
  ['a domain excludes its hosts', 'https://a.kube.x', { HTTPS_PROXY: proxy, NO_PROXY: 'kube.x' }, undefined],
  ['a dotted domain excludes hosts only', 'https://kube.x', { HTTPS_PROXY: proxy, NO_PROXY: '.kube.x' }, proxy],
  ['a longer name is another', 'https://notkube.x', { HTTPS_PROXY: proxy, NO_PROXY: 'kube.x' }, proxy],
  ['another port is not excluded', 'https://kube.x:6443', { HTTPS_PROXY: proxy, NO_PROXY: 'kube.x:443' }, proxy],
  ['the same port is', 'https://kube.x', { HTTPS_PROXY: proxy, NO_PROXY: 'kube.x:443' }, undefined],
  ['a subnet excludes its addresses', 'https://10.1.2.3', { HTTPS_PROXY: proxy, NO_PROXY: '10.0.0.0/8' }, undefined],
  ['and no others', 'https://11.1.2.3', { HTTPS_PROXY: proxy, NO_PROXY: '10.0.0.0/8' }, proxy],
  ['an IPv6 subnet too', 'https://[fd00::1]:6443', { HTTPS_PROXY: proxy, NO_PROXY: 'fd00::/8' }, undefined],
  ['a malformed subnet excludes nothing', 'https://10.1.2.3', { HTTPS_PROXY: proxy, NO_PROXY: '10.0.0.0/99,/' }, proxy],
])('%s', (_name, server, env, expected) => {
  expect(selectProxy(new URL(server), env)).toBe(expected);
});
