import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * An HTTPS server with deliberate faults. A real API server does not answer 429, drop connections or expire a resource
 * version at the moment that a test needs. The end-to-end tests use a real API server for everything else.
 */
export type FakeApiServer = {
  readonly url: string;
  readonly certificateAuthority: string;
  /** The `METHOD path?query` of each request so far. */
  readonly requests: readonly string[];
  /** The requests so far, with their headers and bodies. */
  readonly received: readonly IncomingMessage[];
  /** Names of the client certificates that clients presented. */
  readonly clients: readonly string[];
  /** Returns the number of connections accepted so far. */
  readonly connections: () => number;
  /** Sets the next answers, in order; the last one stays. */
  readonly answerWith: (...answers: readonly Answer[]) => void;
  /** Sets the handler of attempts to open a WebSocket. */
  readonly onUpgrade: (upgrade: (request: IncomingMessage, socket: Duplex) => void) => void;
  readonly close: () => Promise<void>;
};

export function makeCertificate(): { readonly key: string; readonly cert: string } {
  const folder = mkdtempSync(join(tmpdir(), 'fake-api-'));
  try {
    const [key, cert] = [join(folder, 'key'), join(folder, 'cert')];
    const subject = ['-subj', '/CN=fake', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2'];
    const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    execFileSync('openssl', ['req', '-x509', ...kind, '-keyout', key, '-out', cert, ...subject], { stdio: 'ignore' });
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Starts the server. With `asksClients` it asks clients for a certificate and accepts any. */
export async function startFakeApiServer(
  { key, cert }: { readonly key: string; readonly cert: string } = makeCertificate(),
  asksClients = false,
): Promise<FakeApiServer> {
  const received: IncomingMessage[] = [];
  const clients: string[] = [];
  const requests: string[] = [];
  let script: readonly Answer[] = [];
  let connections = 0;
  const options = { key, cert, requestCert: asksClients, rejectUnauthorized: false };
  const server = createServer(options, (request, response) => {
    received.push(request);
    requests.push(`${request.method} ${request.url}`);
    const [next, ...later] = script;
    if (later.length > 0) script = later;
    if (next === undefined) response.writeHead(500).end();
    else next(request, response);
  });
  server.on('secureConnection', (socket) => {
    connections++;
    const { subject } = socket.getPeerCertificate();
    if (subject?.CN !== undefined) clients.push(String(subject.CN));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the fake API server has no port');
  return {
    url: `https://127.0.0.1:${address.port}`,
    certificateAuthority: cert,
    requests,
    received,
    clients,
    connections: () => connections,
    answerWith: (...answers) => {
      script = answers;
    },
    onUpgrade: (upgrade) => {
      server.on('upgrade', upgrade);
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };
}

export const drop: Answer = (request) => {
  request.socket.destroy();
};

export const silence: Answer = () => undefined;

/** Returns a watch that sends these events and then ends without an error. */
export function events(...entries: readonly object[]): Answer {
  return (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(entries.map((event) => `${JSON.stringify(event)}\n`).join(''));
  };
}

/** Returns a watch that breaks in the middle of an event. */
export function brokenEvents(...entries: readonly object[]): Answer {
  return (request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write(`${entries.map((event) => `${JSON.stringify(event)}\n`).join('')}{"type":"ADD`, () => {
      request.socket.destroy();
    });
  };
}
