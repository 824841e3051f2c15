import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:tls';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import { issueLeaf } from '../../../src/pki/issue.ts';
import { computeValidity } from '../../../src/pki/signed-certificate.ts';
import { recordCase } from '../../faults/cases.ts';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';
import { eventually } from '../../support/eventually.ts';
import { makeUnknownCa } from '../../support/intruder.ts';
import { readSecret } from '../../support/live-cluster.ts';
import { LoadClient } from '../../support/load-client.ts';
import type { LoadTarget } from '../../support/load-session.ts';
import { reachServers, type ServerReach } from '../../support/server-reach.ts';
import { makeTestStorage } from '../../support/storage.ts';

const HOUR_MS = 3_600_000;
const ANSWER_MS = 10_000;

let deployment: TestDeployment;
let reach: ServerReach;

beforeEach(async () => {
  deployment = await makeDeployment('protocols');
  reach = reachServers(deployment.space);
});

afterEach(async () => {
  await reach.close();
  await deployment.remove();
});

test('two NATS clusters connect through gateways with their own certificates', async () => {
  const { requireRun, space } = deployment;
  const [east, west] = ['east', 'west'].map((name) => ({ name, replicas: '1' }));
  const files = await gatewayFiles(space.name);
  const config = gatewayConfiguration(space.name);
  await requireRun({ ...east, config, files });
  await requireRun({ ...west, config, files });
  await expectPassing('west', 'east');
  expect((await requireRun({ ...east, config, files })).outputs).toMatchObject({ result: 'unchanged' });
  expect((await requireRun({ command: 'verify', name: 'west' })).outputs).toMatchObject({ result: 'verified' });
});

test('two NATS clusters with JetStream connect through gateways, form one meta group, and keep it', async () => {
  const { requireRun, run, space } = deployment;
  const storage = await makeTestStorage(space);
  try {
    const given = {
      replicas: '2',
      'anti-affinity': 'none',
      jetstream: 'true',
      'jetstream-storage': '100Mi',
      'jetstream-storage-class': storage.className,
      config: gatewayConfiguration(space.name),
      files: await gatewayFiles(space.name),
    };
    // The deployment of west begins later. Each of the two waits for the other.
    const east = run({ ...given, name: 'east' });
    const west = new Promise((resolve) => setTimeout(resolve, 5000)).then(
      async () => await run({ ...given, name: 'west' }),
    );
    for (const [name, other, deployed] of [
      ['east', 'west', await east],
      ['west', 'east', await west],
    ] as const) {
      expect([name, deployed.exitCode, deployed.stdout]).toEqual([name, 0, expect.stringContaining(`${other}-`)]);
      const title = `6: gateways connect two NATS clusters with JetStream through their headless Services (${name})`;
      await recordCase({ slug: `06-b-headless-${name}`, title }, deployed, deployment);
      expect((await requireRun({ ...given, name })).outputs).toMatchObject({ result: 'unchanged', changed: 'false' });
      await space.core.deleteNamespacedPod({ name: `${name}-1`, namespace: space.name });
      await eventually(`${name}-1 is ready again`, 120, async () => {
        const pod = await space.core
          .readNamespacedPod({ name: `${name}-1`, namespace: space.name })
          .catch(() => undefined);
        return pod?.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') || undefined;
      });
      expect((await requireRun({ command: 'verify', name })).outputs).toMatchObject({ result: 'verified' });
    }
    await expectPassing('west', 'east');
  } finally {
    await storage.remove();
  }
});

test('a leaf node connects with one of the users', async () => {
  const { requireRun, space } = deployment;
  await requireRun({ name: 'hub', replicas: '1', config: 'leafnodes { port: 7422 }' });
  const { username = '', password = '', 'ca.crt': trust = '' } = await readSecret(space, 'hub-client');
  const url = `tls://${username}:${password}@hub.${space.name}.svc:7422`;
  const config = `leafnodes { remotes: [ { url: "${url}", tls { ca_file: "/etc/nats/hub-ca.crt" } } ] }`;
  const files = stringify({ 'hub-ca.crt': trust });
  await requireRun({ name: 'edge', replicas: '1', config, files });
  await expectPassing('edge', 'hub');
  expect((await requireRun({ command: 'verify', name: 'edge' })).outputs).toMatchObject({ result: 'verified' });
});

test('a WebSocket client logs in with the client user', async () => {
  await deployment.requireRun({ replicas: '1', config: 'websocket { port: 8080 }' });
  const { username: user = '', password: pass = '' } = await readSecret(deployment.space, 'nats-client');
  expect(await webSocketAnswer({ user, pass })).toBe('PONG');
  expect(await webSocketAnswer({ user, pass: 'another' })).toMatch(/^-ERR 'Authorization Violation'/);
});

test('MQTT clients log in with the client user, and exchange messages with NATS clients', async () => {
  const { requireRun, space } = deployment;
  const storage = await makeTestStorage(space);
  try {
    // The sessions are in streams on a volume (server/mqtt.go, `mqttCreateAccountSessionManager`).
    const jetstream = { jetstream: 'true', 'jetstream-storage': '100Mi', 'jetstream-storage-class': storage.className };
    await requireRun({ replicas: '1', config: 'mqtt { port: 8883 }', ...jetstream });
    await mqttMeetsNats();
  } finally {
    await storage.remove();
  }
});

async function mqttMeetsNats(): Promise<void> {
  const { username = '', password = '' } = await readSecret(deployment.space, 'nats-client');
  const received: string[] = [];
  const onMessage = (body: string): void => void received.push(body);
  const subscriber = new LoadClient(await target('nats'), { subject: 'orders.new', onMessage });
  try {
    await eventually('the subscriber', 30, async () => subscriber.isConnected || undefined);
    const session = await mqttSession(username, password);
    expect(session.code).toBe(0);
    session.publish('orders/new', 'by MQTT');
    await eventually('the message', 30, async () => received.length > 0 || undefined);
    expect(received).toEqual(['by MQTT']);
    session.end();
    expect((await mqttSession(username, 'another')).code).toBe(5);
  } finally {
    await subscriber.close();
  }
}

/** Expects that a client of one deployment receives the messages of a client of the other. */
async function expectPassing(from: string, to: string): Promise<void> {
  const received: string[] = [];
  const onMessage = (body: string): void => void received.push(body);
  const subscriber = new LoadClient(await target(to), { subject: 'orders.>', onMessage });
  const publisher = new LoadClient(await target(from));
  try {
    await eventually(`a message from ${from}`, 60, async () => {
      publisher.publish('orders.new', `from ${from}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
      return received.length > 0 || undefined;
    });
    expect(new Set(received)).toEqual(new Set([`from ${from}`]));
  } finally {
    await publisher.close();
    await subscriber.close();
  }
}

async function target(name: string): Promise<LoadTarget> {
  const {
    username: user = '',
    password = '',
    'ca.crt': trust = '',
  } = await readSecret(deployment.space, `${name}-client`);
  const serverName = `${name}-0.${deployment.space.name}.svc`;
  return { dial: async () => await reach.dial(`${name}-0`, 4222), trust, serverName, credentials: { user, password } };
}

/** Writes one certificate for both ends, because each end asks the other for one. */
async function gatewayFiles(namespace: string): Promise<string> {
  const authority = await makeUnknownCa();
  const { certificatePem, privateKeyPem } = await issueLeaf(authority, {
    commonName: 'gateway',
    keyAlgorithm: 'ecdsa-p256',
    serial: randomBytes(16),
    subjectAltNames: { dnsNames: ['east', 'west'].map((name) => `${name}-headless.${namespace}.svc`), ipAddresses: [] },
    usages: ['serverAuth', 'clientAuth'],
    ...computeValidity(new Date(), HOUR_MS),
  });
  return stringify({
    'gateway.crt': certificatePem,
    'gateway.key': privateKeyPem,
    'gateway-ca.crt': authority.certificate.pem,
  });
}

function gatewayConfiguration(namespace: string): string {
  return `gateway {
  port: 7222
  tls {
    cert_file: "/etc/nats/gateway.crt"
    key_file: "/etc/nats/gateway.key"
    ca_file: "/etc/nats/gateway-ca.crt"
  }
  gateways: [
    { name: east, url: "tls://east-headless.${namespace}.svc:7222" }
    { name: west, url: "tls://west-headless.${namespace}.svc:7222" }
  ]
}`;
}

type MqttSession = {
  /** The code of CONNACK (MQTT 3.1.1 section 3.2.2.3). */
  readonly code: number;
  readonly publish: (topic: string, payload: string) => void;
  readonly end: () => void;
};

/** Opens a session by MQTT 3.1.1, sections 3.1 (CONNECT), 3.2 (CONNACK) and 3.3 (PUBLISH, at most once). */
async function mqttSession(user: string, password: string): Promise<MqttSession> {
  const socket = connect({ socket: await reach.dial('nats-0', 8883), rejectUnauthorized: false });
  await once(socket, 'secureConnect', { signal: AbortSignal.timeout(ANSWER_MS) });
  const flags = Buffer.from([4, 0b1100_0010, 0, 60]);
  const body = [field('MQTT'), flags, field('test'), field(user), field(password)];
  socket.write(packet(0x10, Buffer.concat(body)));
  const [answer]: unknown[] = await once(socket, 'data', { signal: AbortSignal.timeout(ANSWER_MS) });
  return {
    code: Buffer.isBuffer(answer) && answer[0] === 0x20 ? (answer[3] ?? -1) : -1,
    publish: (topic, payload) => void socket.write(packet(0x30, Buffer.concat([field(topic), Buffer.from(payload)]))),
    end: () => void socket.end(packet(0xe0, Buffer.alloc(0))),
  };
}

function field(text: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(Buffer.byteLength(text));
  return Buffer.concat([length, Buffer.from(text)]);
}

/** Builds a packet shorter than 128 bytes, so that its length is one byte. */
function packet(type: number, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from([type, body.length]), body]);
}

/** Returns the server's answer to CONNECT and PING over a WebSocket (RFC 6455, sections 1.3 and 5.2), after INFO. */
async function webSocketAnswer(login: { readonly user: string; readonly pass: string }): Promise<string> {
  const socket = connect({ socket: await reach.dial('nats-0', 8080), rejectUnauthorized: false });
  await once(socket, 'secureConnect', { signal: AbortSignal.timeout(ANSWER_MS) });
  const chunks: string[] = [];
  socket.on('data', (data) => chunks.push(String(data)));
  const key = randomBytes(16).toString('base64');
  const upgrade = ['GET / HTTP/1.1', 'Host: nats', 'Upgrade: websocket', 'Connection: Upgrade'];
  socket.write([...upgrade, `Sec-WebSocket-Key: ${key}`, 'Sec-WebSocket-Version: 13', '', ''].join('\r\n'));
  const awaitText = async (pattern: RegExp): Promise<string> =>
    await eventually(`${pattern}`, 10, async () => pattern.exec(chunks.join(''))?.[0]);
  await awaitText(/101 Switching Protocols[^]*INFO \{/);
  socket.write(frame(`CONNECT ${JSON.stringify({ ...login, verbose: false })}\r\nPING\r\n`));
  const answer = await awaitText(/PONG|-ERR '[^']*'/);
  socket.destroy();
  return answer;
}

/** Builds one masked binary frame of less than 64 KiB. */
function frame(text: string): Buffer {
  const [payload, mask] = [Buffer.from(text), randomBytes(4)];
  const head = Buffer.from([0x82, 0x80 | 126, payload.length >> 8, payload.length & 0xff]);
  const masked = payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0));
  return Buffer.concat([head, mask, masked]);
}
