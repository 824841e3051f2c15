import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClientCertificate, ServerTarget } from '../../../src/servers/dial.ts';
import type { NatsServerVersion } from '../../cluster/versions.ts';
import { issueTestCertificate, makeTestCa, type TestAuthority } from './certificates.ts';
import { type TestDialer, testDialer } from './dialer.ts';
import { type Configuration, type NatsProcess, startNats } from './nats-process.ts';

export const SYSTEM = { user: 'system', password: 'system-secret' } as const;
export const PROBE = { user: 'probe', password: 'probe-secret' } as const;
export const PREFIX = 'probe';

type MeshServer = {
  readonly process: NatsProcess;
  readonly dialer: TestDialer;
  readonly leaf: ClientCertificate;
  readonly configuration: Configuration;
};

export type Mesh = {
  readonly servers: readonly [MeshServer, MeshServer];
  readonly clients: TestAuthority;
  readonly routes: TestAuthority;
  readonly target: (server: MeshServer) => ServerTarget;
  readonly stop: () => Promise<void>;
};

const USERS: Configuration = {
  authorization: { users: [{ ...PROBE, permissions: { publish: `${PREFIX}.>`, subscribe: `${PREFIX}.>` } }] },
  accounts: { $SYS: { users: [SYSTEM] } },
};

/**
 * Starts two servers whose clients and routes use TLS of separate CAs; the second knows the first's route port. `users`
 * are the entries about users.
 */
export async function startMesh(version: NatsServerVersion, users = USERS): Promise<Mesh> {
  const [clients, routes] = [await makeTestCa('clients'), await makeTestCa('routes')];
  const first = await startServer(version, 'n0', clients, routes, users, []);
  const url = `tls://127.0.0.1:${first.process.ports.route}`;
  const second = await startServer(version, 'n1', clients, routes, users, [url]).catch(async (error: unknown) => {
    await first.process.stop();
    throw error;
  });
  return {
    servers: [first, second],
    clients,
    routes,
    target: ({ dialer }) => ({
      dial: dialer.dial,
      trust: clients.trust,
      serverName: 'localhost',
      signal: new AbortController().signal,
      timeoutMs: 20_000,
    }),
    stop: async () => {
      await Promise.all([first.process.stop(), second.process.stop()]);
    },
  };
}

async function startServer(
  version: NatsServerVersion,
  name: string,
  clients: TestAuthority,
  routes: TestAuthority,
  users: Configuration,
  urls: readonly string[],
): Promise<MeshServer> {
  const leaf = await issueTestCertificate(clients);
  const routeLeaf = await issueTestCertificate(routes);
  let written: Configuration = {};
  const process = await startNats(version, async (directory) => {
    const tls = await writeLeaf(directory, 'server', leaf, clients.trust);
    const routeTls = await writeLeaf(directory, 'routes', routeLeaf, routes.trust);
    written = {
      server_name: name,
      tls,
      ...users,
      cluster: { name: 'mesh', host: '127.0.0.1', port: -1, tls: routeTls, routes: urls },
    };
    return written;
  });
  return { process, dialer: testDialer(process.ports, 'stream'), leaf, configuration: written };
}

/** Writes the three files of a `tls` block and returns the block. */
export async function writeLeaf(
  directory: string,
  name: string,
  leaf: ClientCertificate,
  trust: string,
): Promise<Configuration> {
  const [cert_file, key_file, ca_file] = [`${name}.crt`, `${name}.key`, `${name}-ca.crt`].map((file) =>
    join(directory, file),
  );
  await writeFile(`${cert_file}`, leaf.certificate);
  await writeFile(`${key_file}`, leaf.privateKey, { mode: 0o600 });
  await writeFile(`${ca_file}`, trust);
  return { cert_file, key_file, ca_file };
}
