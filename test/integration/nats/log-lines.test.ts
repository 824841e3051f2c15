import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createPodFacts, type LogFacts } from '../../../src/causes/facts.ts';
import { findRouteCauses } from '../../../src/causes/route-causes.ts';
import { explainServerExit } from '../../../src/causes/server-log.ts';
import { block, type ConfBlock } from '../../../src/nats/conf/reader/value.ts';
import { parseCa } from '../../../src/pki/ca.ts';
import { type IssuedCertificate, issueCaCertificate, issueLeaf } from '../../../src/pki/issue.ts';
import { computeValidity } from '../../../src/pki/signed-certificate.ts';
import type { NatsServerVersion } from '../../cluster/versions.ts';
import { eventually } from '../../support/eventually.ts';
import { startNatsServer, takeFreeServerPorts } from '../../support/nats-server.ts';
import type { CertificatePaths } from './certificates.ts';
import { type Change, type LoopbackCluster, makeLoopbackCluster, type Place } from './loopback-cluster.ts';

const VERSIONS = ['2.10.29', '2.12.15', '2.15.2'] as const satisfies readonly NatsServerVersion[];
const DAY_MS = 86_400_000;

type Routes = {
  readonly good: CertificatePaths;
  readonly otherName: CertificatePaths;
  readonly expired: CertificatePaths;
  readonly future: CertificatePaths;
};

/** The name of a peer here, where servers reach peers by loopback; in pods only port-forwards use it. */
const PEER = { '127.0.0.1': 'peer' };

describe.each(VERSIONS)('the log reader recognizes, from nats-server %s,', (version) => {
  let cluster: LoopbackCluster;
  let directory: string;
  let routes: Routes;

  beforeAll(async () => {
    cluster = await makeLoopbackCluster();
    directory = await mkdtemp(join(tmpdir(), 'log-lines-'));
    routes = await routeCertificates(directory);
  });

  afterAll(async () => {
    await cluster.stop();
    await rm(directory, { recursive: true, force: true });
  });

  test.each<[string, string, () => Change, () => Change]>([
    ['an unknown CA', 'UnknownAuthority', () => ({}), () => ({ route: cluster.certificates.foreignRoute })],
    ['another name', 'NameMismatch', () => ({ route: routes.good }), () => ({ route: routes.otherName })],
    ['an expired certificate', 'CertificateExpired', () => ({ route: routes.good }), () => ({ route: routes.expired })],
    [
      'a certificate that is not valid yet',
      'CertificateNotYetValid',
      () => ({ route: routes.good }),
      () => ({ route: routes.future }),
    ],
    ['another password', 'AuthorizationViolation', () => ({}), () => ({ cluster: authorization('other') })],
    ['another NATS cluster', 'ForeignCluster', () => ({}), () => ({ cluster: block({ name: 'other' }) })],
  ])('a route that is refused because of %s', async (_, reason, ours, theirs) => {
    const [here, there] = await placesFor(cluster);
    const servers = [
      await cluster.start(version, here, [here, there], ours()),
      await cluster.start(version, there, [here, there], theirs()),
    ];
    const found = await eventually(`a cause ${reason}`, 30, async () => {
      const logs = await Promise.all(
        servers.map(async (server, index) => logOf([here, there][index], await server.log())),
      );
      const facts = { ...createPodFacts({ name: '12-nats', namespace: 'n' }, []), logs, addresses: PEER };
      return findRouteCauses(facts).find((cause) => cause.reason === reason && cause.fatal);
    });
    expect(found.evidence).not.toEqual([]);
    await Promise.all(servers.map(async (server) => await server.stop()));
  });

  test.each<[string, string, (place: Place) => Change]>([
    [
      'a port without a listener',
      'ConnectionRefused',
      ({ ports }) => ({
        cluster: block({ routes: { kind: 'list', items: [`tls://127.0.0.1:${ports.monitorPort + 1}`] } }),
      }),
    ],
    [
      'a host name without an address',
      'NameUnresolved',
      () => ({ cluster: block({ routes: { kind: 'list', items: ['tls://nats-7.invalid:6222'] } }) }),
    ],
  ])('a route that fails because of %s', async (_, reason, change) => {
    const [here] = await placesFor(cluster);
    const server = await cluster.start(version, here, [here], change(here));
    const found = await eventually(`a cause ${reason}`, 60, async () => {
      const logs = [logOf(here, await server.log())];
      return findRouteCauses({ ...createPodFacts({ name: 'x', namespace: 'n' }, []), logs, addresses: PEER })[0];
    });
    expect(found).toMatchObject({ reason });
    await server.stop();
  });

  test.each<[string, string, (place: Place) => Promise<string> | string]>([
    ['an unknown field', 'ConfigurationError', () => 'max_paylod: 3'],
    ['an invalid configuration', 'ConfigurationError', () => 'max_payload: "abc'],
    ['an unset variable', 'ConfigurationError', () => 'server_name: $NOPE'],
    [
      'the private key of another certificate',
      'CertificateKeyMismatch',
      () => `tls { cert_file: "${routes.good.certificate}", key_file: "${routes.otherName.key}" }`,
    ],
    [
      'an invalid certificate file',
      'CertificateUnreadable',
      () => `tls { cert_file: "${routes.good.key}", key_file: "${routes.good.key}" }`,
    ],
    ['a missing file', 'FileMissing', () => `tls { cert_file: "/nope.crt", key_file: "${routes.good.key}" }`],
    ['a store that is not writable', 'JetStreamFailed', () => 'jetstream { store_dir: "/proc/nope" }'],
  ])('the exit because of %s', async (_, reason, entry) => {
    const ports = await takeFreeServerPorts();
    const text = `listen: "127.0.0.1:${ports.clientPort}"\n${await entry({ name: 'a', ports })}\n`;
    expect(await endOf(version, text)).toMatchObject({ reason });
  });

  test.each<[string, (port: number, other: number) => string]>([
    ['clients', (port) => `listen: "127.0.0.1:${port}"`],
    ['routes', (port, other) => `listen: "127.0.0.1:${other}"\ncluster { name: a, listen: "127.0.0.1:${port}" }`],
    ['monitoring', (port, other) => `listen: "127.0.0.1:${other}"\nhttp: "127.0.0.1:${port}"`],
  ])('the exit because another program holds the port of %s', async (_, configuration) => {
    const { clientPort } = await takeFreeServerPorts();
    const holder = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => holder.once('listening', resolve));
    try {
      const address = holder.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      const exit = await endOf(version, configuration(port, clientPort));
      expect(exit).toMatchObject({ reason: 'PortInUse', certain: false, says: expect.stringContaining(String(port)) });
    } finally {
      await new Promise((resolve) => holder.close(resolve));
    }
  });
});

async function placesFor(cluster: LoopbackCluster): Promise<readonly [Place, Place]> {
  const [here, there] = await cluster.places(2);
  if (here === undefined || there === undefined) {
    throw new Error('expected two places');
  }
  return [here, there];
}

function authorization(password: string): ConfBlock {
  return block({ authorization: block({ user: 'route #1', password }) });
}

function logOf(place: Place | undefined, text: string): LogFacts {
  return { pod: place?.name ?? '', container: 'nats', run: 'current', lines: text.split('\n'), freshFrom: 0 };
}

/** Starts a server with this configuration and returns its end. */
async function endOf(version: NatsServerVersion, configuration: string) {
  try {
    const server = await startNatsServer({ version, configuration, clientPort: 0, clusterPort: 0, monitorPort: 0 });
    // The server reports itself as ready before it listens for routes.
    try {
      return await eventually('its end', 10, async () => explainServerExit((await server.log()).split('\n')));
    } finally {
      await server.stop();
    }
  } catch (error) {
    const text = Error.isError(error) ? error.message.replace('nats-server ended before it was ready: ', '') : '';
    return explainServerExit(text.split('\n'));
  }
}

async function routeCertificates(directory: string): Promise<Routes> {
  const now = Date.now();
  const request = (commonName: string, from: number) => ({
    commonName,
    keyAlgorithm: 'ecdsa-p256' as const,
    serial: randomBytes(16),
    ...computeValidity(new Date(from), DAY_MS),
  });
  const issued = await issueCaCertificate({ ...request('routes', now), pathLength: 0 });
  const authority = parseCa(issued.certificatePem, issued.privateKeyPem);
  const stored = async (name: string, from: number, dnsNames: readonly string[]): Promise<CertificatePaths> => {
    const ipAddresses = dnsNames.length === 0 ? ['127.0.0.1'] : [];
    const leaf: IssuedCertificate = await issueLeaf(authority, {
      ...request(name, from),
      subjectAltNames: { dnsNames, ipAddresses },
      usages: ['serverAuth', 'clientAuth'],
    });
    const [certificate, key, trust] = ['crt', 'key', 'ca'].map((end) => join(directory, `${name}.${end}`));
    if (certificate === undefined || key === undefined || trust === undefined) {
      throw new Error('expected three paths');
    }
    await writeFile(certificate, leaf.certificatePem);
    await writeFile(key, leaf.privateKeyPem, { mode: 0o600 });
    await writeFile(trust, issued.certificatePem);
    return { certificate, key, trust };
  };
  return {
    good: await stored('good', now, []),
    otherName: await stored('other-name', now, ['nats-7.n.svc']),
    expired: await stored('expired', now - 10 * DAY_MS, []),
    future: await stored('future', now + 10 * DAY_MS, []),
  };
}
