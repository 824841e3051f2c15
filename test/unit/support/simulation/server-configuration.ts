import { parseConfiguration } from '../../../../src/nats/conf/reader/parse.ts';
import type { ConfValue } from '../../../../src/nats/conf/reader/value.ts';
import { type JsonRecord, recordOf, recordsOf, textOf, textsOf } from '../../../../src/objects/json.ts';

/** The files of a pod's volume by their paths, and the variables of its container. */
export type ServerFiles = {
  readonly files: ReadonlyMap<string, string>;
  readonly environment: ReadonlyMap<string, string>;
};

export type TlsFiles = { readonly certificate: string; readonly key: string; readonly trust: string };

/** A route to a peer, with the user that the server presents to it. */
type RouteUrl = { readonly peer: string; readonly login: string };

/** The configuration that a server has loaded, with the content of the files that it names. */
export type ServerConfiguration = {
  readonly serverName: string;
  readonly tags: readonly string[];
  readonly clusterName: string | undefined;
  readonly routes: readonly RouteUrl[];
  /** The login that peers have to present; undefined accepts every peer with a certificate. */
  readonly routeLogin: string | undefined;
  /** The password and the account of each user. */
  readonly users: ReadonlyMap<string, { readonly password: string; readonly account: string }>;
  readonly tls: TlsFiles & { readonly verifies: boolean };
  readonly routeTls: TlsFiles | undefined;
};

/**
 * Reads the configuration as nats-server does when it starts or reloads.
 * @throws Error in the words of the server when the text or a file is missing or wrong
 */
export function loadConfiguration({ files, environment }: ServerFiles): ServerConfiguration {
  const file = (path: unknown): string => {
    const text = files.get(textOf(path) ?? '');
    if (text === undefined) throw new Error(`open ${String(path)}: no such file or directory`);
    return text;
  };
  const source = { input: 'config', file: 'nats.conf', text: file('/etc/nats/nats.conf') };
  const tree = parseConfiguration(source, { files: new Map(), environment: new Set(environment.keys()) });
  const conf = recordOf(plain(tree, environment));
  const cluster = conf['cluster'] === undefined ? undefined : recordOf(conf['cluster']);
  const tlsFiles = (tls: JsonRecord): TlsFiles => {
    return { certificate: file(tls['cert_file']), key: file(tls['key_file']), trust: file(tls['ca_file']) };
  };
  const tls = recordOf(conf['tls']);
  const login = cluster?.['authorization'] === undefined ? undefined : recordOf(cluster['authorization']);
  return {
    serverName: textOf(conf['server_name']) ?? '',
    tags: textsOf(conf['server_tags']).map((tag) => tag.toLowerCase()),
    clusterName: textOf(cluster?.['name']),
    routes: textsOf(cluster?.['routes']).map(routeUrl),
    routeLogin: login === undefined ? undefined : `${String(login['user'])}:${String(login['password'])}`,
    users: usersOf(conf),
    tls: { ...tlsFiles(tls), verifies: tls['verify'] === true || tls['verify_and_map'] === true },
    routeTls: cluster === undefined ? undefined : tlsFiles(recordOf(cluster['tls'])),
  };
}

function routeUrl(url: string): RouteUrl {
  const { hostname, username, password } = new URL(url);
  const [peer = ''] = hostname.split('.');
  return { peer, login: `${decodeURIComponent(username)}:${decodeURIComponent(password)}` };
}

function usersOf(conf: JsonRecord): ServerConfiguration['users'] {
  const named = (users: unknown, account: string) =>
    recordsOf(users).map(({ user, password }) => [String(user), { password: String(password), account }] as const);
  const system = recordOf(recordOf(conf['accounts'])['$SYS'])['users'];
  return new Map([...named(recordOf(conf['authorization'])['users'], '$G'), ...named(system, '$SYS')]);
}

/** Returns the value in JSON, with the variables of the environment in place. */
function plain(value: ConfValue, environment: ReadonlyMap<string, string>): unknown {
  if (typeof value !== 'object') return value;
  switch (value.kind) {
    case 'block':
      return Object.fromEntries(Object.entries(value.entries).map(([key, inner]) => [key, plain(inner, environment)]));
    case 'list':
      return value.items.map((item) => plain(item, environment));
    case 'variable':
      return value.value === undefined
        ? environment.get(value.name)?.replace(/^"(.*)"$/, '$1')
        : plain(value.value, environment);
    case 'float':
    case 'date':
      return value.text;
  }
}
