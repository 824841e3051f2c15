/** An object with a name of this deployment that another tool made. */
export type ForeignObject = {
  /** The object as `Kind/name`. */
  readonly object: string;
  /** The owner, for example `Helm (release nats)` or `kubectl`. */
  readonly owner: string;
};

/** A running server of another tool, as it answers, compared with the server that would replace it. */
export type SourceServer = {
  readonly pod: string;
  /** The name of the NATS cluster; undefined for a server without one. */
  readonly clusterName: string | undefined;
  readonly jetstream: boolean;
  readonly clients: 'plaintext' | 'tls';
  readonly routes: 'plaintext' | 'tls' | 'none';
  /** Whether the server accepts the route certificates of this deployment, and presents one that they accept. */
  readonly acceptsRoutes: boolean;
  /** Whether clients that trust the CA of this deployment trust the server certificate. */
  readonly isTrusted: boolean;
  /** Whether `client-user` authenticates with `client-password`; undefined if that cannot be checked confidentially. */
  readonly knowsUser: boolean | undefined;
};

/** The objects and servers that another tool deployed under the names of this deployment. */
export type Source = {
  readonly objects: readonly ForeignObject[];
  readonly servers: readonly SourceServer[];
  /** The number of further servers that an earlier, killed run had taken over already. */
  readonly taken?: number;
};

/** The deployment that would replace them. */
export type Successor = {
  readonly name: string;
  readonly namespace: string;
  readonly replicas: number;
  readonly clientUser: string;
  readonly asksForCertificates: boolean;
};

/** An interruption by the takeover: the affected clients or servers, the time, the reason, and how to avoid it. */
export type Cut = { readonly reason: string; readonly message: string; readonly hint: string };

/** Checks whether old and new servers have routes to each other while they are replaced one by one. */
export function areJoined({ servers }: Pick<Source, 'servers'>, { name }: Pick<Successor, 'name'>): boolean {
  return servers.every(
    ({ clusterName, routes, acceptsRoutes }) => routes === 'tls' && acceptsRoutes && clusterName === name,
  );
}

/** Returns the interruptions that last longer than the restart of a server; empty if no server runs. */
export function cutsOf(source: Source, successor: Successor): readonly Cut[] {
  const { servers } = source;
  if (servers.length === 0) {
    return [];
  }
  return [...routeCuts(source, successor), ...clientCuts(servers, successor)];
}

const APART =
  'so those replaced and those yet to be replaced hold no routes to each other, and no message passes between their clients until the last one is replaced';

function routeCuts(source: Source, successor: Successor): readonly Cut[] {
  const { servers } = source;
  const cut = (reason: string, why: string, hint: string): readonly Cut[] => [
    { reason, message: `${why}, ${APART}`, hint },
  ];
  if (servers.length === 1 || areJoined(source, successor)) {
    return [];
  }
  const renamed = servers.find(({ clusterName, routes }) => routes !== 'none' && clusterName !== successor.name);
  if (servers.some(({ routes }) => routes === 'plaintext')) {
    return cut('PlaintextRoutes', 'its routes are plaintext', 'Routes that are plaintext now cannot be kept.');
  }
  if (renamed !== undefined) {
    const why = `its cluster is named ${JSON.stringify(renamed.clusterName ?? '')}, not "${successor.name}"`;
    return cut('OtherClusterName', why, 'Servers of another cluster name refuse each other; name cannot differ.');
  }
  const hint = 'Give the Secret of its route certificates as route-tls-secret to keep the routes.';
  return cut('OtherRouteAuthority', 'its route certificates are of another authority', hint);
}

function clientCuts(servers: readonly SourceServer[], successor: Successor): readonly Cut[] {
  const cuts: readonly (Cut | undefined)[] = [
    servers.some(({ clients }) => clients === 'plaintext')
      ? {
          reason: 'PlaintextClients',
          message: 'its clients are plaintext, and the new servers refuse them until they speak TLS',
          hint: `Have clients trust ca.crt of the Secret ${successor.name}-client.`,
        }
      : otherAuthority(servers, successor),
    servers.every(({ knowsUser }) => knowsUser !== false)
      ? undefined
      : {
          reason: 'OtherUsers',
          message: `user ${successor.clientUser} does not sign in there with the password that the new servers would take, so clients that sign in otherwise are refused`,
          hint: 'Give client-user and client-password (and users) as clients have them now.',
        },
    successor.asksForCertificates
      ? {
          reason: 'ClientCertificates',
          message: 'the new servers ask clients for certificates, and refuse those that have none of theirs',
          hint: 'Take it over with client-verify: none first.',
        }
      : undefined,
  ];
  return cuts.filter((cut) => cut !== undefined);
}

function otherAuthority(servers: readonly SourceServer[], { name }: Successor): Cut | undefined {
  return servers.every(({ isTrusted }) => isTrusted)
    ? undefined
    : {
        reason: 'OtherAuthority',
        message:
          'its certificates for clients are of another authority, so clients that trust only that one refuse the new servers',
        hint: `Give its certificates as server-tls-secret, or its authority as ca-certificate and ca-private-key; or have clients trust ca.crt of the Secret ${name}-client.`,
      };
}
