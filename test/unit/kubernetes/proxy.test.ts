import { expect, test } from '@jest/globals';
import { type Environment, selectProxy } from '../../../src/kubernetes/proxy.ts';

const proxy = 'http://proxy:3128';

test.each<[string, string, Environment, string | undefined]>([
  ['a request uses no proxy by default', 'https://kube', {}, undefined],
  ['HTTPS_PROXY is used for https', 'https://kube', { HTTPS_PROXY: proxy }, proxy],
  ['HTTP_PROXY is not used for https', 'https://kube', { HTTP_PROXY: proxy }, undefined],
  ['HTTP_PROXY is used for http', 'http://kube', { HTTP_PROXY: proxy }, proxy],
  ['HTTPS_PROXY is not used for http', 'http://kube', { HTTPS_PROXY: proxy }, undefined],
  ['an empty variable names no proxy', 'https://kube', { HTTPS_PROXY: '' }, undefined],
  ['lower-case variables take precedence', 'https://kube', { https_proxy: proxy }, proxy],
  ['a proxy without a scheme uses http', 'https://kube', { HTTPS_PROXY: 'proxy:3128' }, proxy],
  ['a loopback address never uses a proxy', 'https://127.0.0.1:6443', { HTTPS_PROXY: proxy }, undefined],
  ['localhost never uses a proxy', 'https://localhost:6443', { HTTPS_PROXY: proxy }, undefined],
  ['an IPv6 loopback address never uses a proxy', 'https://[::1]:6443', { HTTPS_PROXY: proxy }, undefined],
  ['a host name that begins like a loopback address is remote', 'https://127.a.x', { HTTPS_PROXY: proxy }, proxy],
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
  [
    'the same default port of http is excluded',
    'http://kube.x',
    { HTTP_PROXY: proxy, NO_PROXY: 'kube.x:80' },
    undefined,
  ],
  ['no_proxy is read, too', 'https://kube.x', { HTTPS_PROXY: proxy, no_proxy: 'kube.x' }, undefined],
  ['an empty NO_PROXY excludes nothing', 'https://kube.x', { HTTPS_PROXY: proxy, NO_PROXY: ',' }, proxy],
  ['an address excludes itself', 'https://10.1.2.3', { HTTPS_PROXY: proxy, NO_PROXY: '10.1.2.3' }, undefined],
  ['the end of an address excludes nothing', 'https://10.1.2.3', { HTTPS_PROXY: proxy, NO_PROXY: '2.3' }, proxy],
  ['an IPv6 address excludes itself', 'https://[fd00::1]', { HTTPS_PROXY: proxy, NO_PROXY: 'fd00::1' }, undefined],
  [
    'an IPv6 address with its port excludes itself',
    'https://[fd00::1]:6443',
    { HTTPS_PROXY: proxy, NO_PROXY: '[fd00::1]:6443' },
    undefined,
  ],
  [
    'an IPv6 address with another port excludes nothing',
    'https://[fd00::1]',
    { HTTPS_PROXY: proxy, NO_PROXY: '[fd00::1]:6443' },
    proxy,
  ],
  ['a subnet excludes no host name', 'https://kube.x', { HTTPS_PROXY: proxy, NO_PROXY: '0.0.0.0/0' }, proxy],
  [
    'a subnet of one address excludes it',
    'https://10.1.2.3',
    { HTTPS_PROXY: proxy, NO_PROXY: '10.1.2.3/32' },
    undefined,
  ],
  [
    'an IPv6 subnet of one address excludes it',
    'https://[fd00::1]',
    { HTTPS_PROXY: proxy, NO_PROXY: 'fd00::1/128' },
    undefined,
  ],
  [
    'a subnet of the other family excludes nothing',
    'https://10.1.2.3',
    { HTTPS_PROXY: proxy, NO_PROXY: '::/0' },
    proxy,
  ],
  [
    'an IPv4 subnet excludes no IPv6 address',
    'https://[fd00::1]',
    { HTTPS_PROXY: proxy, NO_PROXY: '0.0.0.0/0' },
    proxy,
  ],
  [
    'a subnet without a number of bits excludes nothing',
    'https://10.1.2.3',
    { HTTPS_PROXY: proxy, NO_PROXY: '10.0.0.0/,10.0.0.0/x,10.0.0.0/33,/8' },
    proxy,
  ],
  [
    'an IPv6 subnet of too many bits is ignored',
    'https://[fd00::1]',
    { HTTPS_PROXY: proxy, NO_PROXY: 'fd00::1/129' },
    proxy,
  ],
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
