import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:tls';
import { type Folder, inFolder } from './folder.ts';
import { portOf } from './handshake.ts';

/** The certificates that a server sends, leaf certificate first, and the CAs that its peer trusts. */
export type Presented = {
  readonly chain: string;
  readonly privateKeyPem: string;
  readonly trusted: string;
  /** The name that the peer dials; by default `HOST`. */
  readonly host?: string;
};

/**
 * The verdict of each verifier: `ok`, or the reason why it refuses the server. The clients in use are built on these
 * verifiers.
 */
export type Verdict = {
  readonly openssl: string;
  readonly go: string;
  readonly node: string;
  readonly python: string;
};

export const HOST = 'nats-0.example.svc';
export const ACCEPTED: Verdict = { openssl: 'ok', go: 'ok', node: 'ok', python: 'ok' };

/** Returns the error text of a failed program. */
function reasonOf(error: unknown): string {
  return Error.isError(error) ? error.message.trim() : 'refused';
}

function opensslVerdict(
  folder: Folder,
  { chain, trusted, host = HOST }: Presented,
  options: readonly string[],
): string {
  const [roots, untrusted] = [folder.write('roots.pem', trusted), folder.write('chain.pem', chain)];
  const shared = ['verify', '-x509_strict', '-check_ss_sig', '-CAfile', roots, '-untrusted', untrusted, ...options];
  try {
    folder.run('openssl', ...shared, '-purpose', 'sslserver', '-verify_hostname', host, untrusted);
    folder.run('openssl', ...shared, '-purpose', 'sslclient', '-verify_ip', '127.0.0.1', untrusted);
    return 'ok';
  } catch (error) {
    return reasonOf(error);
  }
}

/** Runs `openssl verify` in strict mode with further options, such as `-partial_chain`. */
export function opensslVerdicts(cases: readonly Presented[], ...options: readonly string[]): readonly string[] {
  return inFolder((folder) => cases.map((each) => opensslVerdict(folder, each, options)));
}

/** Returns the verdicts of Go's crypto/x509 for both TLS usages, by `verify.go`. */
export function goVerdicts(cases: readonly Presented[]): readonly string[] {
  const input = JSON.stringify(
    cases.map(({ chain, trusted, host = HOST }) => ({ Chain: chain, Roots: trusted, Host: host })),
  );
  return inFolder((folder) => {
    copyFileSync(new URL('verify.go', import.meta.url), folder.path('main.go'));
    folder.write('go.mod', 'module verify\n\ngo 1.21\n');
    const output = execFileSync('go', ['run', '.'], { cwd: folder.path('.'), input, encoding: 'utf8' });
    return output.trim().split('\n');
  });
}

const PYTHON = `
import json, socket, ssl, sys
for case in json.load(sys.stdin):
    context = ssl.create_default_context(cadata=case['trusted'])
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    try:
        with socket.create_connection(('127.0.0.1', case['port'])) as plain:
            with context.wrap_socket(plain, server_hostname=case['host']) as secure:
                print('ok' if secure.recv(7) == b'welcome' else 'silent')
    except ssl.SSLError as error:
        print(error)
`;

function pythonVerdicts(cases: readonly (Presented & { readonly port: number })[]): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, output: string): void =>
      error === null ? resolve(output.trim().split('\n')) : reject(error);
    const { stdin } = execFile('python3', ['-c', PYTHON], { encoding: 'utf8' }, done);
    stdin?.end(JSON.stringify(cases.map(({ port, trusted, host = HOST }) => ({ port, trusted, host }))));
  });
}

/** Returns the verdict of Node's TLS client; with `allowPartialTrustChain` a trusted intermediate can end the chain. */
export function nodeVerdict(
  { trusted, host = HOST }: Presented,
  port: number,
  allowPartialTrustChain = false,
): Promise<string> {
  return new Promise((resolve) => {
    const at = { host: '127.0.0.1', port, servername: host };
    const socket = connect({ ...at, ca: trusted, allowPartialTrustChain });
    socket.once('data', (chunk: Buffer) => {
      resolve(chunk.toString() === 'welcome' ? 'ok' : 'silent');
      socket.destroy();
    });
    socket.once('error', (error: Error) => resolve('code' in error ? String(error.code) : error.message));
  });
}

async function listen({ chain, privateKeyPem }: Presented): Promise<Server> {
  const server = createServer({ cert: chain, key: privateKeyPem }, (socket) => {
    socket.on('error', () => undefined); // the client's side reports the error
    socket.end('welcome');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return server;
}

/** Runs `work` with one TLS server on loopback for each case, and always closes the servers. */
export async function withServers<Result>(
  cases: readonly Presented[],
  work: (ports: readonly number[]) => Promise<Result>,
): Promise<Result> {
  const servers: Server[] = [];
  try {
    for (const each of cases) servers.push(await listen(each));
    return await work(servers.map((server) => portOf(server.address())));
  } finally {
    for (const server of servers) server.close();
  }
}

/**
 * Returns the verdicts of OpenSSL, Go, Node and Python for each case, Node and Python as clients of a live TLS server.
 */
export async function readVerdicts(cases: readonly Presented[]): Promise<readonly Verdict[]> {
  const [openssl, go] = [opensslVerdicts(cases), goVerdicts(cases)];
  const [node, python] = await withServers(cases, (ports) =>
    Promise.all([
      Promise.all(cases.map((each, index) => nodeVerdict(each, ports[index] ?? 0))),
      pythonVerdicts(cases.map((each, index) => ({ ...each, port: ports[index] ?? 0 }))),
    ]),
  );
  return cases.map((_, index) => ({
    openssl: openssl[index] ?? 'no verdict',
    go: go[index] ?? 'no verdict',
    node: node[index] ?? 'no verdict',
    python: python[index] ?? 'no verdict',
  }));
}
