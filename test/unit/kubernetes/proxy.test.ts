import { expect, test } from '@jest/globals';
import { type Environment, selectProxy } from '../../../src/kubernetes/proxy.ts';

const proxy = 'http://proxy:3128';

test.each<[string, string, Environment, string | undefined]>([
  ['a request uses no proxy by default', 'https://kube', {}, undefined],
  ['HTTPS_PROXY is used for https', 'https://kube', { HTTPS_PROXY: proxy }, proxy],
  ['HTTP_PROXY is not used for https', 'https://kube', { HTTP_PROXY: proxy }, undefined],
  ['lower-case variables take precedence', 'https://kube', { https_proxy: proxy }, proxy],
  ['a proxy without a scheme uses http', 'https://kube', { HTTPS_PROXY: 'proxy:3128' }, proxy],
  ['a loopback address never uses a proxy', 'https://127.0.0.1:6443', { HTTPS_PROXY: proxy }, undefined],
  ['localhost never uses a proxy', 'https://localhost:6443', { HTTPS_PROXY: proxy }, undefined],
  ['* in NO_PROXY excludes all hosts', 'https://kube', { HTTPS_PROXY: proxy, NO_PROXY: '*' }, undefined],
  ['a host in NO_PROXY excludes itself', 'https://kube.x', { HTTPS_PROXY: proxy, NO_PROXY: 'a, kube.x' }, undefined],
  [
    'a domain in NO_PROXY excludes its hosts',
    'https://a.kube.x',
    { HTTPS_PROXY: proxy, NO_PROXY: 'kube.x' },
    undefined,
  ],
  [
    'a domain with a leading dot excludes only its hosts',
    'https://kube.x',
    { HTTPS_PROXY: proxy, NO_PROXY: '.kube.x' },
    proxy,
  ],
  ['a longer name is not excluded', 'https://notkube.x', { HTTPS_PROXY: proxy, NO_PROXY: 'kube.x' }, proxy],
  ['another port is not excluded', 'https://kube.x:6443', { HTTPS_PROXY: proxy, NO_PROXY: 'kube.x:443' }, proxy],
  ['the same port is excluded', 'https://kube.x', { HTTPS_PROXY: proxy, NO_PROXY: 'kube.x:443' }, undefined],
  ['a subnet excludes its addresses', 'https://10.1.2.3', { HTTPS_PROXY: proxy, NO_PROXY: '10.0.0.0/8' }, undefined],
  ['a subnet excludes no other addresses', 'https://11.1.2.3', { HTTPS_PROXY: proxy, NO_PROXY: '10.0.0.0/8' }, proxy],
  [
    'an IPv6 subnet excludes its addresses',
    'https://[fd00::1]:6443',
    { HTTPS_PROXY: proxy, NO_PROXY: 'fd00::/8' },
    undefined,
  ],
  ['a malformed subnet excludes nothing', 'https://10.1.2.3', { HTTPS_PROXY: proxy, NO_PROXY: '10.0.0.0/99,/' }, proxy],
])('%s', (_name, server, env, expected) => {
  expect(selectProxy(new URL(server), env)).toBe(expected);
});
