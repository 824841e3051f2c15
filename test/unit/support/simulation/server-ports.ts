import type { Duplex } from 'node:stream';
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls';
import { recordOf, textOf } from '../../../../src/objects/json.ts';
import { isTrusted } from './certificate-trust.ts';
import type { InMemoryNetwork, InMemoryServer } from './in-memory-servers.ts';
import { monitoringAnswer } from './monitoring-answers.ts';
import type { TlsFiles } from './server-configuration.ts';
import type { VirtualClock } from './virtual-clock.ts';
import { wire } from './wire.ts';

export type PortParts = {
  readonly clock: VirtualClock;
  readonly network: InMemoryNetwork;
  /** Makes a server read its volume again. Returns the error of the server if it refuses. */
  readonly reload: (server: InMemoryServer) => string | undefined;
};

/** Opens a connection to a port of a server. Returns the end of the client. */
export function openPort(parts: PortParts, server: InMemoryServer, port: number): Duplex {
  const [own, far] = wire();
  own.on('error', () => {});
  const ends: Wire = { own, far };
  if (port === 6222) serveRoutePort(parts, server, ends);
  else new ClientSession(parts, server, ends);
  return far;
}

/** Both ends of a connection. */
type Wire = { readonly own: Duplex; readonly far: Duplex };

type Encryption = { readonly files: TlsFiles; readonly verifies: boolean };

/**
 * The errors that a client gets for the alerts of a TLS server. A server of Node.js sends no alert when it refuses a
 * client.
 */
const ALERTS = {
  missing: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
  unknown: 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA',
} as const;

/** Encrypts a connection as a server, and calls `accepted` once the certificate of the client is accepted. */
function encrypt(
  { own, far }: Wire,
  { files, verifies }: Encryption,
  clock: VirtualClock,
  accepted: (socket: TLSSocket) => void,
): TLSSocket {
  const secureContext = contextOf(files);
  const socket = new TLSSocket(own, {
    isServer: true,
    secureContext,
    requestCert: verifies,
    rejectUnauthorized: false,
  });
  socket.on('error', () => {
    if (own.writable) own.end();
  });
  socket.once('secure', () => {
    clock.noteActivity();
    const peer = socket.getPeerX509Certificate();
    const chain = [peer, peer?.issuerCertificate]
      .flatMap((each) => (each === undefined ? [] : [each.toString()]))
      .join('');
    const refusal = peer === undefined ? ALERTS.missing : isTrusted(chain, files.trust) ? undefined : ALERTS.unknown;
    if (verifies && refusal !== undefined) far.destroy(Object.assign(new Error(`alert ${refusal}`), { code: refusal }));
    else accepted(socket);
  });
  return socket;
}

const contexts = new Map<string, SecureContext>();

function contextOf({ certificate, key, trust }: TlsFiles): SecureContext {
  const known = contexts.get(certificate + trust) ?? createSecureContext({ cert: certificate, key, ca: trust });
  contexts.set(certificate + trust, known);
  return known;
}

function infoLine({ id, version, configuration }: InMemoryServer): string {
  const { serverName, clusterName, tls } = configuration;
  const info = {
    server_id: id,
    server_name: serverName,
    version,
    proto: 1,
    headers: true,
    max_payload: 1_048_576,
    tls_required: true,
    tls_verify: tls.verifies,
    auth_required: true,
    ...(clusterName === undefined ? {} : { cluster: clusterName }),
  };
  return `INFO ${JSON.stringify(info)}\r\n`;
}

function serveRoutePort({ clock }: PortParts, server: InMemoryServer, ends: Wire): void {
  const { routeTls } = server.configuration;
  if (routeTls === undefined) {
    ends.own.end();
    return;
  }
  const socket = encrypt(ends, { files: routeTls, verifies: true }, clock, () => socket.write(infoLine(server)));
  socket.on('end', () => socket.end());
  socket.resume();
}

/** One connection of a client to a server, in the protocol of NATS. */
class ClientSession {
  readonly #parts: PortParts;
  readonly #server: InMemoryServer;
  readonly #wire: Wire;
  readonly #subscriptions = new Map<string, string>();
  #socket: TLSSocket | undefined;
  #received = Buffer.alloc(0);
  #user: string | undefined;
  #account: string | undefined;

  constructor(parts: PortParts, server: InMemoryServer, ends: Wire) {
    [this.#parts, this.#server, this.#wire] = [parts, server, ends];
    const session = {
      user: () => this.#user,
      end: () => this.#end(),
      deliver: (account: string, subject: string, payload: Buffer) => this.#deliver(account, subject, payload),
    };
    server.sessions.add(session);
    ends.own.once('close', () => server.sessions.delete(session));
    ends.own.write(infoLine(server));
    const { tls } = server.configuration;
    encrypt(ends, { files: tls, verifies: tls.verifies }, parts.clock, (socket) => {
      this.#socket = socket;
      socket.on('data', (chunk: Buffer) => this.#receive(chunk));
      socket.on('end', () => socket.end());
    });
  }

  #end(): void {
    this.#wire.own.destroy();
    this.#wire.far.destroy();
  }

  #receive(chunk: Buffer): void {
    this.#parts.clock.noteActivity();
    this.#received = Buffer.concat([this.#received, chunk]);
    for (let end = this.#received.indexOf('\r\n'); end >= 0; end = this.#received.indexOf('\r\n')) {
      const line = this.#received.toString('utf8', 0, end);
      const [verb = '', ...words] = line.split(' ');
      const size = /^H?PUB$/i.test(verb) ? Number(words.at(-1)) : 0;
      const after = end + 2 + (/^H?PUB$/i.test(verb) ? size + 2 : 0);
      if (this.#received.length < after) return;
      const payload = this.#received.subarray(end + 2, end + 2 + size);
      this.#received = this.#received.subarray(after);
      this.#obey(verb.toUpperCase(), words, { line, payload });
    }
  }

  #obey(
    verb: string,
    words: readonly string[],
    { line, payload }: { readonly line: string; readonly payload: Buffer },
  ): void {
    switch (verb) {
      case 'CONNECT':
        this.#authenticate(line.slice('CONNECT '.length));
        return;
      case 'PING':
        this.#say(this.#account === undefined ? '' : 'PONG\r\n');
        return;
      case 'SUB':
        this.#subscriptions.set(words.at(-1) ?? '', words[0] ?? '');
        return;
      case 'UNSUB':
        this.#subscriptions.delete(words[0] ?? '');
        return;
      case 'PUB':
        this.#publish(words[0] ?? '', words.length > 2 ? words[1] : undefined, payload);
        return;
      case 'HPUB':
        this.#publish(words[0] ?? '', words.length > 3 ? words[1] : undefined, payload.subarray(Number(words.at(-2))));
        return;
      default:
    }
  }

  #authenticate(text: string): void {
    const options = recordOf(JSON.parse(text));
    const user = textOf(options['user']) ?? '';
    const { pod, configuration } = this.#server;
    const known = configuration.users.get(user);
    const isLockedOut = this.#parts.network.faults.locksOut(pod, user, configuration);
    if (known === undefined || known.password !== options['pass'] || isLockedOut) {
      this.#say("-ERR 'Authorization Violation'\r\n");
      this.#socket?.end();
      return;
    }
    [this.#user, this.#account] = [user, known.account];
  }

  #publish(subject: string, reply: string | undefined, payload: Buffer): void {
    if (this.#account === undefined) return;
    const [, id, verb = ''] = /^\$SYS\.REQ\.SERVER\.(\w+)\.(\w+)$/.exec(subject) ?? [];
    if (id === undefined) {
      this.#parts.network.publish(this.#server, this.#account, subject, payload);
    } else if (this.#account === '$SYS' && id === this.#server.id && reply !== undefined) {
      this.#deliver('$SYS', reply, Buffer.from(JSON.stringify(this.#answer(verb))));
    }
  }

  #answer(verb: string): unknown {
    const { network, clock, reload } = this.#parts;
    if (verb !== 'RELOAD') return monitoringAnswer(network, this.#server, verb, clock.now());
    const words = reload(this.#server);
    const server = { name: this.#server.pod, id: this.#server.id };
    return words === undefined ? { server, data: {} } : { server, error: { code: 500, description: words } };
  }

  #deliver(account: string, subject: string, payload: Buffer): void {
    if (account !== this.#account) return;
    for (const [sid, pattern] of this.#subscriptions) {
      if (matches(pattern, subject))
        this.#say(`MSG ${subject} ${sid} ${payload.length}\r\n${payload.toString('utf8')}\r\n`);
    }
  }

  #say(text: string): void {
    this.#parts.clock.noteActivity();
    if (this.#socket?.writable === true && text !== '') this.#socket.write(text);
  }
}

function matches(pattern: string, subject: string): boolean {
  const [wanted, tokens] = [pattern.split('.'), subject.split('.')];
  const isOpen = wanted.at(-1) === '>';
  const fixed = isOpen ? wanted.slice(0, -1) : wanted;
  return (
    (isOpen ? tokens.length > fixed.length : tokens.length === fixed.length) &&
    fixed.every((token, index) => token === '*' || token === tokens[index])
  );
}
