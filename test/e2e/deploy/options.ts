import { expect } from '@jest/globals';
import { connectServer } from '../../../src/servers/connection.ts';
import type { TestDeployment } from '../../support/deployment.ts';
import { eventually } from '../../support/eventually.ts';
import { expectNoSecret } from '../../support/failure.ts';
import { podUids, secretCertificate, secretTexts } from '../../support/live-cluster.ts';
import type { TestNamespace } from '../../support/namespace.ts';
import { reachServers } from '../../support/server-reach.ts';
import { jetstreamWorks, rollingKeepsMemory, standaloneWorks } from './jetstream.ts';

/** What shows that these inputs are no mere words, on a deployment of its own. */
export type OptionCase = {
  readonly inputs: readonly string[];
  readonly title: string;
  readonly shows: (deployment: TestDeployment) => Promise<void>;
};

/** Inputs away from their defaults whose effect takes more than a look at one deployment. */
export const OPTIONS: readonly OptionCase[] = [
  { inputs: ['users'], title: 'users sign in with what they are permitted, until they are left out', shows: usersWork },
  {
    inputs: ['service-type'],
    title: 'the certificate and the URL name what the Service is reached by from outside',
    shows: serviceTypeWorks,
  },
  {
    inputs: ['jetstream', 'jetstream-storage', 'jetstream-storage-class', 'jetstream-memory'],
    title: 'JetStream keeps what it acknowledged through rotations and the loss of a pod',
    shows: jetstreamWorks,
  },
  {
    inputs: [],
    title: 'JetStream loses no stream in memory by a rolling change, and has to be whole to pass',
    shows: rollingKeepsMemory,
  },
  { inputs: [], title: 'JetStream works on one server, which is no cluster', shows: standaloneWorks },
];

const ONE = { replicas: '1' } as const;

/** bcrypt of `pass word`, cost 4. */
const HASH = '$2b$04$abcdefghijklmnopqrstuuFcV8WPKEefLKdOWfX8pW1yTVya21P7a';

async function usersWork({ space, requireRun }: TestDeployment): Promise<void> {
  const users = `[{user: o'rders, password: canary/u1, permissions: {publish: orders.>}}, {user: hashed, password: ${HASH}}]`;
  const first = await requireRun({ ...ONE, users });
  expectNoSecret(first, ['canary/u1', HASH]);
  const uids = await podUids(space);
  await onServer(space, async (connect) => {
    const outcome = async (user: string, password: string): Promise<unknown> => await connect({ user, password });
    expect(await outcome(`o'rders`, 'canary/u1')).toBe('connected');
    expect(await outcome('hashed', 'pass word')).toBe('connected');
    expect(await outcome('hashed', 'canary/u1')).toBe('AuthorizationViolation');
    // Another command, which is given no users, keeps them.
    expectNoSecret(await requireRun({ command: 'rotate', force: 'true', 'rotate-targets': 'leaves' }), ['canary/u1']);
    expect((await requireRun({ command: 'verify' })).outputs).toMatchObject({ result: 'verified' });
    expect(await outcome(`o'rders`, 'canary/u1')).toBe('connected');
    expect((await requireRun(ONE)).outputs).toMatchObject({ result: 'deployed', changed: 'true' });
    expect(await outcome('hashed', 'pass word')).toBe('AuthorizationViolation');
  });
  expect(await podUids(space)).toEqual(uids);
}

/** The test stands in for the controller of load balancers; nodes it need not make up. */
async function serviceTypeWorks({ space, requireRun }: TestDeployment): Promise<void> {
  const service = { name: 'nats', namespace: space.name };
  const deploying = requireRun({ ...ONE, 'service-type': 'LoadBalancer' });
  const status = { loadBalancer: { ingress: [{ ip: '192.0.2.9' }, { hostname: 'lb.example.com' }] } };
  const giving = eventually('the Service', 60, async () => {
    const { items } = await space.core.listNamespacedService({ namespace: space.name });
    return items.find(({ metadata, spec }) => metadata?.name === 'nats' && spec?.type === 'LoadBalancer');
  }).then(
    async () =>
      await space.core.patchNamespacedServiceStatus({
        ...service,
        body: [{ op: 'add', path: '/status', value: status }],
      }),
  );
  const [{ outputs }] = await Promise.all([deploying, giving]);
  expect(outputs).toMatchObject({ result: 'deployed', url: 'tls://lb.example.com:4222' });
  const leaf = await secretCertificate(space, 'tls-nats-server', 'tls.crt');
  expect([leaf.checkIP('192.0.2.9'), leaf.checkHost('lb.example.com')]).toEqual(['192.0.2.9', 'lb.example.com']);
  expect((await requireRun({ command: 'verify' })).outputs['url']).toBe('tls://lb.example.com:4222');

  const { outputs: onNodes } = await requireRun({ ...ONE, 'service-type': 'NodePort' });
  const { spec } = await space.core.readNamespacedService(service);
  const { hostname, port } = new URL(onNodes['url'] ?? '');
  expect(Number(port)).toBe(spec?.ports?.[0]?.nodePort);
  expect((await secretCertificate(space, 'tls-nats-server', 'tls.crt')).checkIP(hostname)).toBe(hostname);
}

type Credentials = { readonly user: string; readonly password: string };

/** `connect` tells why the first server refuses a client of these credentials, or `connected`. */
async function onServer(
  space: TestNamespace,
  look: (connect: (credentials: Credentials) => Promise<string>) => Promise<void>,
): Promise<void> {
  const reach = reachServers(space);
  try {
    const { 'ca.crt': trust = '' } = await secretTexts(space, 'tls-nats-client');
    await look(async (credentials) => {
      const opened = await connectServer({
        dial: async () => await reach.dial('nats-0', 4222),
        trust,
        serverName: `nats-0.${space.name}.svc`,
        signal: new AbortController().signal,
        timeoutMs: 10_000,
        ...credentials,
      });
      if (!opened.ok) return opened.failure.reason;
      await opened.value.close();
      return 'connected';
    });
  } finally {
    await reach.close();
  }
}
