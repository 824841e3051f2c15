import { BlockList, isIP } from 'node:net';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Returns the proxy of the environment for `server`, by the rules of Go's `http.ProxyFromEnvironment`, which kubectl
 * follows: HTTPS_PROXY or HTTP_PROXY applies, by the scheme of the server and in upper or lower case. A loopback
 * address has no proxy, and neither has a host, domain, address or CIDR in NO_PROXY.
 */
export function selectProxy(server: URL, env: Environment): string | undefined {
  const name = server.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const proxy = env[name] || env[name.toLowerCase()];
  if (proxy === undefined || proxy === '') return undefined;
  const host = server.hostname.replace(/^\[|\]$/g, '');
  if (isLoopback(host)) return undefined;
  const port = server.port || (server.protocol === 'https:' ? '443' : '80');
  const exceptions = (env['NO_PROXY'] || env['no_proxy'] || '').split(',').map((entry) => entry.trim().toLowerCase());
  if (exceptions.some((entry) => entry !== '' && isCovered(entry, host, port))) return undefined;
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

/** Checks whether a host name or address is local to this machine; an IPv6 address may be in brackets. */
export function isLoopback(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

function isCovered(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  if (entry.includes('/')) return isInSubnet(entry, host);
  const [, bracketed, plain, entryPort] = /^(?:\[(.+)\]|([^:]+))(?::(\d+))?$/.exec(entry) ?? [];
  const name = bracketed ?? plain ?? entry; // A bare IPv6 address has no port.
  if (entryPort !== undefined && entryPort !== port) return false;
  const family = isIP(host);
  if (family !== 0) return isInSubnet(`${name}/${family === 4 ? 32 : 128}`, host);
  const domain = name.replace(/^\*?\./, '');
  return host.endsWith(`.${domain}`) || host === name;
}

function isInSubnet(entry: string, host: string): boolean {
  const [network = '', prefix = ''] = entry.split('/');
  const family = isIP(network);
  if (
    family === 0 ||
    isIP(host) !== family ||
    !/^\d{1,3}$/.test(prefix) ||
    Number(prefix) > (family === 4 ? 32 : 128)
  ) {
    return false;
  }
  const type = family === 4 ? 'ipv4' : 'ipv6';
  const subnet = new BlockList();
  subnet.addSubnet(network, Number(prefix), type);
  return subnet.check(host, type);
}
