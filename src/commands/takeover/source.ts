import { ActionError, type ObjectProblem } from '../../errors/action-error.ts';

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
  readonly doesAcceptRoutes: boolean;
  /** Whether clients that trust the CA of this deployment trust the server certificate. */
  readonly isTrusted: boolean;
  /** Whether `client-user` authenticates with `client-password`; undefined if that cannot be checked confidentially. */
  readonly doesKnowUser: boolean | undefined;
};

/** The objects and servers that another tool deployed under the names of this deployment. */
export type Source = {
  readonly objects: readonly ForeignObject[];
  readonly servers: readonly SourceServer[];
  /** The number of further servers that an earlier, killed run had taken over already. */
  readonly taken?: number;
};

/** The deployment that would replace the objects and servers of the source. */
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
    ({ clusterName, routes, doesAcceptRoutes }) => routes === 'tls' && doesAcceptRoutes && clusterName === name,
  );
}

/** Returns the interruptions that last longer than the restart of a server; empty if no server runs. */
export function findCuts(source: Source, successor: Successor): readonly Cut[] {
  const { servers } = source;
  if (servers.length === 0) {
    return [];
  }
  return [...findRouteCuts(source, successor), ...findClientCuts(servers, successor)];
}

const APART =
  'so old and new servers hold no routes to each other, and no message passes between their clients until the last server is replaced';

function findRouteCuts(source: Source, successor: Successor): readonly Cut[] {
  const { servers } = source;
  const cut = (reason: string, why: string, hint: string): readonly Cut[] => [
    { reason, message: `${why}, ${APART}`, hint },
  ];
  if (servers.length === 1 || areJoined(source, successor)) {
    return [];
  }
  const renamed = servers.find(({ clusterName, routes }) => routes !== 'none' && clusterName !== successor.name);
  if (servers.some(({ routes }) => routes === 'plaintext')) {
    return cut(
      'PlaintextRoutes',
      'the routes of the running servers are plaintext',
      'Plaintext routes cannot be kept.',
    );
  }
  if (renamed !== undefined) {
    const why = `the running NATS cluster is named ${JSON.stringify(renamed.clusterName ?? '')}, not "${successor.name}"`;
    return cut(
      'OtherClusterName',
      why,
      'Servers refuse routes of another cluster name, and the new servers always use `name` as theirs.',
    );
  }
  const hint = 'Set `route-tls-secret` to the Secret of the present route certificates to keep the routes.';
  return cut('OtherRouteAuthority', 'the route certificates of the running servers are signed by another CA', hint);
}

function findClientCuts(servers: readonly SourceServer[], successor: Successor): readonly Cut[] {
  const cuts: readonly (Cut | undefined)[] = [
    servers.some(({ clients }) => clients === 'plaintext')
      ? {
          reason: 'PlaintextClients',
          message: 'clients of the running servers use plaintext, and the new servers reject them until they use TLS',
          hint: `Make the clients trust \`ca.crt\` of the Secret ${successor.name}-client.`,
        }
      : findOtherCa(servers, successor),
    servers.every(({ doesKnowUser }) => doesKnowUser !== false)
      ? undefined
      : {
          reason: 'OtherUsers',
          message: `user ${successor.clientUser} cannot log in to the running servers with the password that the new servers would accept, so clients that log in differently would be rejected`,
          hint: 'Set `client-user` and `client-password` (and `users`) to the values that clients use now.',
        },
    successor.asksForCertificates
      ? {
          reason: 'ClientCertificates',
          message: 'the new servers require client certificates of their CA, and reject clients without one',
          hint: 'Take the servers over with `client-verify: none` first.',
        }
      : undefined,
  ];
  return cuts.filter((cut) => cut !== undefined);
}

function findOtherCa(servers: readonly SourceServer[], { name }: Successor): Cut | undefined {
  return servers.every(({ isTrusted }) => isTrusted)
    ? undefined
    : {
        reason: 'OtherAuthority',
        message:
          'the certificates of the running servers are signed by another CA, so clients that trust only that CA would reject the new servers',
        hint: `Set \`server-tls-secret\` to the Secret of these certificates, or \`ca-certificate\` and \`ca-private-key\` to their CA; or make the clients trust \`ca.crt\` of the Secret ${name}-client.`,
      };
}

type Consents = { readonly adopt: boolean; readonly outage: boolean };

/** Returns the reason why the takeover does not start: the opt-in is missing, or no opt-in would make it safe. */
export function findTakeoverRefusal(
  source: Source,
  successor: Successor,
  consents: Consents,
): ActionError<'CHANGE_FORBIDDEN'> | undefined {
  const impossible = findImpossibleCut(source, successor);
  const cuts = findCuts(source, successor);
  if (impossible === undefined && consents.adopt && (consents.outage || cuts.length === 0)) {
    return undefined;
  }
  const [reason, hint] =
    impossible === undefined ? describeOptIn(source, cuts, consents, successor) : [impossible.reason, impossible.hint];
  const shownCuts = impossible === undefined ? cuts : [impossible];
  const message = [describeSource(source, successor), ...shownCuts.map((cut) => cut.message)].join('; ');
  const problems: readonly ObjectProblem[] = [
    ...source.objects.map(({ object, owner }) => ({
      object,
      reason: 'Foreign',
      message: `${object} belongs to ${owner}`,
    })),
    ...shownCuts.map((cut) => ({ object: successor.name, reason: cut.reason, message: cut.message })),
  ];
  return new ActionError('CHANGE_FORBIDDEN', message, { reason, hint, details: { problems } });
}

/** Describes the objects that would be taken over: owners, namespace, number of running servers, and names. */
export function describeSource({ objects, servers }: Source, { namespace }: Pick<Successor, 'namespace'>): string {
  const owners = [...new Set(objects.map(({ owner }) => owner))].join(', ');
  const names = objects.map(({ object }) => object).join(', ');
  const running = servers.length === 0 ? '' : `, with ${servers.length} running servers`;
  return `objects of ${owners} already use the names of this deployment in namespace ${namespace}${running}: ${names}`;
}

function describeOptIn(
  { servers }: Source,
  cuts: readonly Cut[],
  { adopt }: Consents,
  { name }: Successor,
): readonly [string, string] {
  const restarts = servers.length === 0 ? '' : ', each server replaced by one restart';
  const allow = cuts.length === 0 ? 'adopt' : 'adopt, outage';
  const keep = cuts.map(({ hint }) => hint).join(' ');
  const hint = `To take them over${restarts}, add: allow: ${allow} — or deploy under another name than ${name}. ${keep}`;
  return [adopt ? 'CutsOffClients' : 'ForeignObjects', hint.trim()];
}

/** Returns the problem that makes the takeover unsafe even with every opt-in; undefined without one. */
function findImpossibleCut({ servers, taken = 0 }: Source, { name, replicas }: Successor): Cut | undefined {
  if (servers.some(({ jetstream }) => jetstream)) {
    return {
      reason: 'StreamsInOtherVolumes',
      message: 'the running servers have JetStream, but volumes with other names, so their streams would be lost',
      hint: `Deploy under another name than ${name}, mirror the streams there (\`nats stream add --mirror\`), then move the clients.`,
    };
  }
  const running = servers.length + taken;
  return servers.length > 0 && running !== replicas
    ? {
        reason: 'OtherReplicas',
        message: `${running} servers run, but \`replicas\` is ${replicas}`,
        hint: `Take the servers over with \`replicas: ${running}\`; change \`replicas\` in a later run.`,
      }
    : undefined;
}
