import { isTrusted } from './certificate-trust.ts';
import type { Journal } from './journal.ts';
import { loadConfiguration, type ServerConfiguration, type ServerFiles } from './server-configuration.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** One connection of a server to a peer. */
export type RouteEnd = {
  readonly id: number;
  readonly peer: InMemoryServer;
  readonly account: string | undefined;
  readonly sinceMs: number;
};

/** The faults that a test makes on purpose. */
export type Faults = {
  /** Returns the error with which a server refuses to reload, or to start with, a configuration. */
  refuses: (server: string, configuration: ServerConfiguration) => string | undefined;
  /** Returns the problem that a server reports about its health. */
  ails: (server: string, configuration: ServerConfiguration) => string | undefined;
  /** Returns whether the network between two servers is cut. */
  isCut: (one: string, other: string) => boolean;
  /** Returns whether a server refuses a user whose password is right. */
  locksOut: (server: string, user: string, configuration: ServerConfiguration) => boolean;
  /** The time in milliseconds until servers have connected to each other. */
  dialMs: number;
};

const DIAL_MS = 40;
const REDIAL_MS = 1000;
const POOL_SIZE = 3;

export type Session = { readonly end: () => void; readonly user: () => string | undefined };

/** The nats-server of one pod. */
export class InMemoryServer {
  readonly pod: string;
  readonly id: string;
  readonly version: string;
  readonly startedMs: number;
  readonly sessions = new Set<Session & { deliver: (account: string, subject: string, payload: Buffer) => void }>();
  readonly log: string[] = [];
  configuration: ServerConfiguration;
  loadedMs: number;
  routes: readonly RouteEnd[] = [];
  isLeaving = false;

  constructor(
    pod: string,
    { id, version, nowMs }: { readonly id: string; readonly version: string; readonly nowMs: number },
    configuration: ServerConfiguration,
  ) {
    this.pod = pod;
    this.id = id;
    this.version = version;
    this.startedMs = nowMs;
    this.loadedMs = nowMs;
    this.configuration = configuration;
  }

  get revision(): string {
    return this.configuration.tags.find((tag) => tag.startsWith('rev:')) ?? '';
  }
}

/** The running servers and the routes between them. */
export class InMemoryNetwork {
  readonly #clock: VirtualClock;
  readonly #journal: Journal;
  readonly #servers = new Map<string, InMemoryServer>();
  readonly faults: Faults = {
    refuses: () => undefined,
    ails: () => undefined,
    isCut: () => false,
    locksOut: () => false,
    dialMs: DIAL_MS,
  };
  #started = 0;
  #routes = 0;

  constructor(clock: VirtualClock, journal: Journal) {
    this.#clock = clock;
    this.#journal = journal;
  }

  /** Returns the running server of a pod. */
  server(pod: string): InMemoryServer | undefined {
    return this.#servers.get(pod);
  }

  /**
   * Starts a server with the files of its volume.
   * @throws Error when it refuses its configuration
   */
  start(pod: string, version: string, mounted: ServerFiles): InMemoryServer {
    const configuration = this.#load(pod, mounted);
    this.#started += 1;
    const id = `NIM${String(this.#started).padStart(12, '0')}`;
    const server = new InMemoryServer(pod, { id, version, nowMs: this.#clock.now() }, configuration);
    this.#servers.set(pod, server);
    this.#journal.add('start', pod, server.revision);
    this.#dialSoon();
    return server;
  }

  /**
   * Makes a server read its files again. If the server refuses them, it keeps its configuration and returns an error.
   */
  reload(server: InMemoryServer, mounted: ServerFiles): string | undefined {
    try {
      server.configuration = this.#load(server.pod, mounted);
    } catch (error) {
      const words = Error.isError(error) ? error.message : String(error);
      server.log.push(`[ERR] Failed to reload server configuration: ${words}`);
      return words;
    }
    server.loadedMs = this.#clock.now();
    server.log.push('[INF] Reloaded server configuration');
    this.#journal.add('reload', server.pod, server.revision);
    const { users } = server.configuration;
    for (const session of server.sessions) {
      if (!users.has(session.user() ?? '')) session.end();
    }
    this.#dialSoon();
    return undefined;
  }

  /** Begins the lame duck mode, in which a server is not Ready any more. */
  leave(server: InMemoryServer): void {
    server.isLeaving = true;
    this.#journal.add('leave', server.pod);
  }

  stop(server: InMemoryServer): void {
    for (const session of server.sessions) session.end();
    if (this.#servers.get(server.pod) === server) this.#servers.delete(server.pod);
    this.#journal.add('stop', server.pod);
    this.connect();
  }

  problemOf(server: InMemoryServer): string | undefined {
    return this.faults.ails(server.pod, server.configuration);
  }

  /** Delivers a message to its subscribers on the server and on all its peers. */
  publish(from: InMemoryServer, account: string, subject: string, payload: Buffer): void {
    const reached = new Set([from, ...from.routes.map(({ peer }) => peer)]);
    for (const server of reached) {
      for (const session of server.sessions) session.deliver(account, subject, payload);
    }
  }

  /** Ends the routes to servers that are gone or cut off, and makes those that both ends accept. */
  connect(): void {
    const servers = [...this.#servers.values()];
    const isOpen = (one: InMemoryServer, other: InMemoryServer): boolean =>
      servers.includes(other) && !this.faults.isCut(one.pod, other.pod) && !this.faults.isCut(other.pod, one.pod);
    for (const server of servers) server.routes = server.routes.filter(({ peer }) => isOpen(server, peer));
    const pairs = servers.flatMap((one, index) => servers.slice(index + 1).map((other) => [one, other] as const));
    for (const [one, other] of pairs) {
      const isConnected = one.routes.some(({ peer }) => peer === other);
      if (isConnected || !isOpen(one, other)) continue;
      if (isAccepted(one, other) || isAccepted(other, one)) this.#join(one, other);
    }
  }

  #load(pod: string, mounted: ServerFiles): ServerConfiguration {
    const configuration = loadConfiguration(mounted);
    const words = this.faults.refuses(pod, configuration);
    if (words !== undefined) throw new Error(words);
    return configuration;
  }

  #join(one: InMemoryServer, other: InMemoryServer): void {
    const sinceMs = this.#clock.now();
    this.#journal.add('join', `${one.pod} ${other.pod}`);
    for (const account of [...Array.from({ length: POOL_SIZE }, () => undefined), '$SYS']) {
      this.#routes += 1;
      const id = this.#routes;
      one.routes = [...one.routes, { id, peer: other, account, sinceMs }];
      other.routes = [...other.routes, { id, peer: one, account, sinceMs }];
    }
  }

  #dialSoon(): void {
    for (const ms of [this.faults.dialMs, this.faults.dialMs + REDIAL_MS]) setTimeout(() => this.connect(), ms);
  }
}

/** Checks whether `to` accepts the route that `from` dials, and `from` the certificate that `to` presents. */
function isAccepted(from: InMemoryServer, to: InMemoryServer): boolean {
  const [dialler, listener] = [from.configuration, to.configuration];
  const url = dialler.routes.find(({ peer }) => peer === to.pod);
  if (url === undefined || dialler.routeTls === undefined || listener.routeTls === undefined) return false;
  return (
    dialler.clusterName === listener.clusterName &&
    (listener.routeLogin === undefined || listener.routeLogin === url.login) &&
    isTrusted(dialler.routeTls.certificate, listener.routeTls.trust) &&
    isTrusted(listener.routeTls.certificate, dialler.routeTls.trust)
  );
}
