import { connect, type NatsConnection } from '@nats-io/transport-node';
import { block, type ConfBlock, type ConfValue } from '../../../src/nats/conf/reader/value.ts';
import { buildServerConfiguration, type ServerSettings } from '../../../src/nats/conf/writer/server.ts';
import { renderConfiguration } from '../../../src/nats/conf/writer/write.ts';
import type { Decoded } from '../../../src/nats/mesh/decoder.ts';
import { decodeRoutez, decodeVarz } from '../../../src/nats/mesh/monitoring.ts';
import type { MeshExpectation, ServerObservation } from '../../../src/nats/mesh/observation.ts';
import type { ServerTarget } from '../../../src/servers/dial.ts';
import type { NatsServerVersion } from '../../cluster/versions.ts';
import {
  type NatsServer,
  type NatsServerPorts,
  startNatsServer,
  takeFreeServerPorts,
} from '../../support/nats-server.ts';
import { testDialer } from '../servers/dialer.ts';
import { type CertificateFolder, type CertificatePaths, makeCertificateFolder } from './certificates.ts';

export type Place = { readonly name: string; readonly ports: NatsServerPorts };

/** The differences between servers except the addresses: on one loopback address the servers differ by their ports. */
export type Change = {
  readonly settings?: Partial<ServerSettings>;
  /** Entries that replace rendered ones; undefined leaves an entry out. */
  readonly entries?: Readonly<Record<string, ConfValue | undefined>>;
  readonly cluster?: ConfBlock;
  readonly route?: CertificatePaths;
};

/** Servers on 127.0.0.1 with the configuration of the action, and everything that was started for them. */
export type LoopbackCluster = {
  readonly certificates: CertificateFolder;
  readonly places: (count: number) => Promise<readonly Place[]>;
  readonly tree: (place: Place, members: readonly Place[], change?: Change) => ConfBlock;
  /** Renders nats.conf of a server whose peers are `members`. */
  readonly configuration: (place: Place, members: readonly Place[], change?: Change) => string;
  readonly environment: (place: Place, route?: CertificatePaths) => Readonly<Record<string, string>>;
  readonly start: (
    version: NatsServerVersion,
    place: Place,
    members: readonly Place[],
    change?: Change,
  ) => Promise<NatsServer>;
  readonly connect: (place: Place, user: string, password: string) => Promise<NatsConnection>;
  /** Returns the target for the connections and checks of `src/servers`. */
  readonly target: (place: Place) => ServerTarget;
  /** Reads VARZ and ROUTEZ over `$SYS`. */
  readonly observe: (place: Place) => Promise<ServerObservation>;
  readonly stop: () => Promise<void>;
};

export const hostilePassword = '$HOME # "quoted" \\x41\\ \'single\' 3k {ä€😀}; //,\u0085\u0007';

const routePassword = 'p@ss/w:rd %#"$';

export const users = {
  client: { user: 'true', password: hostilePassword },
  probe: { user: '12-nats-0', password: '3k' },
  system: { user: 'system user', password: '$2 ünï"' },
  route: { user: 'route #1', password: routePassword },
} as const;

export async function makeLoopbackCluster(): Promise<LoopbackCluster> {
  const certificates = await makeCertificateFolder();
  const started: NatsServer[] = [];
  const environment = (place: Place, route = certificates.route) => environmentOf(place, route);
  const tree = (place: Place, members: readonly Place[], change: Change = {}) =>
    loopbackConfiguration(certificates, place, members, change);
  const configuration = (place: Place, members: readonly Place[], change?: Change) =>
    renderConfiguration(tree(place, members, change));
  const connectTo = async (place: Place, user: string, password: string) =>
    await connect({
      servers: `127.0.0.1:${place.ports.clientPort}`,
      user,
      pass: password,
      tls: { ca: certificates.serverTrust },
      reconnect: false,
      ignoreClusterUpdates: true,
      timeout: 10_000,
    });
  return {
    certificates,
    environment,
    tree,
    configuration,
    connect: connectTo,
    target: ({ ports }) => ({
      dial: testDialer({ client: ports.clientPort, route: ports.clusterPort }, 'socket').dial,
      trust: certificates.serverTrust,
      serverName: '127.0.0.1',
      signal: new AbortController().signal,
      timeoutMs: 20_000,
    }),
    places: async (count) =>
      await Promise.all(
        Array.from({ length: count }, async (_, ordinal) => ({
          name: `12-nats-${ordinal}`,
          ports: await takeFreeServerPorts(),
        })),
      ),
    start: async (version, place, members, change = {}) => {
      const server = await startNatsServer({
        version,
        configuration: configuration(place, members, change),
        environment: environment(place, change.route),
        ...place.ports,
      });
      started.push(server);
      return server;
    },
    observe: async (place) => {
      const client = await connectTo(place, users.system.user, users.system.password);
      try {
        return await observation(place, client);
      } finally {
        await client.close();
      }
    },
    stop: async () => {
      await Promise.all(started.map(async (server) => await server.stop()));
      await certificates.remove();
    },
  };
}

export function expectationOf(places: readonly Place[], revision = 'r1'): MeshExpectation {
  return {
    clusterName: 'nats',
    servers: places.map(({ name }) => ({ serverName: name, uid: `uid-of-${name}`, statefulSetRevision: 'nats-1' })),
    revisionTag: `rev:${revision}`,
    poolSize: undefined,
    pinnedAccounts: [],
    joinsClusters: false,
    jetstream: false,
  };
}

function loopbackConfiguration(
  certificates: CertificateFolder,
  place: Place,
  members: readonly Place[],
  { settings, entries, cluster, route = certificates.route }: Change,
): ConfBlock {
  const userInfo = `${encodeURIComponent(users.route.user)}:${encodeURIComponent(users.route.password)}`;
  const configuration = buildServerConfiguration({
    clusterName: 'nats',
    revision: 'R1',
    logging: { debug: false, trace: false, logtime: true },
    limits: {},
    files: {
      serverCertificate: certificates.server.certificate,
      serverKey: certificates.server.key,
      clientTrust: certificates.server.trust,
      routeTrust: route.trust,
    },
    clientVerify: 'none',
    clientUsers: [users.client],
    users: [],
    probeUser: users.probe,
    probeSubjectPrefix: 'proof',
    systemUser: users.system,
    routeUser: users.route,
    jetstream: undefined,
    routes: members.map(({ ports }) => `tls://${userInfo}@127.0.0.1:${ports.clusterPort}`),
    ...settings,
  });
  const { port: _, cluster: rendered, ...others } = configuration.entries;
  const own = typeof rendered === 'object' && rendered.kind === 'block' ? rendered.entries : undefined;
  return block({
    ...others,
    ...entries,
    listen: `127.0.0.1:${place.ports.clientPort}`,
    http_port: place.ports.monitorPort,
    cluster: own && block({ ...own, host: '127.0.0.1', port: place.ports.clusterPort, ...cluster?.entries }),
  });
}

function environmentOf({ name, ports }: Place, route: CertificatePaths): Readonly<Record<string, string>> {
  return {
    SERVER_NAME: `"${name}"`,
    CLIENT_ADVERTISE: `"127.0.0.1:${ports.clientPort}"`,
    ROUTE_ADVERTISE: `"127.0.0.1:${ports.clusterPort}"`,
    ROUTE_CERT: `"${route.certificate}"`,
    ROUTE_KEY: `"${route.key}"`,
  };
}

async function observation({ name }: Place, client: NatsConnection): Promise<ServerObservation> {
  const ask = async (query: string) => {
    const answer = await client.request(`$SYS.REQ.SERVER.${client.info?.server_id}.${query}`, '', { timeout: 10_000 });
    return answer.json<unknown>();
  };
  return {
    pod: { uid: `uid-of-${name}`, statefulSetRevision: 'nats-1' },
    varz: decodedValue(decodeVarz(await ask('VARZ'))),
    routez: decodedValue(decodeRoutez(await ask('ROUTEZ'))),
  };
}

function decodedValue<Value>(decoded: Decoded<Value>): Value {
  if (decoded.kind === 'malformed') {
    throw new Error(`${decoded.path}: ${decoded.message}`);
  }
  return decoded.value;
}
