import { expect } from '@jest/globals';
import { ApiextensionsV1Api, CustomObjectsApi, type V1CustomResourceDefinition } from '@kubernetes/client-node';
import { recordOf, recordsOf } from '../../../src/objects/json.ts';
import { connectServer } from '../../../src/servers/connection.ts';
import type { TestDeployment } from '../../support/deployment.ts';
import { eventually } from '../../support/eventually.ts';
import { EXPORTER_OVERRIDE } from '../../support/exporter.ts';
import { expectNoSecret } from '../../support/failure.ts';
import { errorTitle, readPodUids, readSecret, readSecretCertificate } from '../../support/live-cluster.ts';
import type { TestNamespace } from '../../support/namespace.ts';
import { reachServers } from '../../support/server-reach.ts';
import { jetstreamWorks } from './jetstream.ts';

/** A test on a deployment of its own that shows the effect of these inputs. */
export type OptionCase = {
  readonly inputs: readonly string[];
  readonly title: string;
  readonly shows: (deployment: TestDeployment) => Promise<void>;
};

/** Inputs different from their defaults with an effect that needs more than a read of one deployment. */
export const OPTIONS: readonly OptionCase[] = [
  {
    inputs: ['users'],
    title: 'users log in with their permissions, until they are removed from the input',
    shows: usersWork,
  },
  {
    inputs: ['service-type'],
    title: 'the certificate and output url contain the external addresses of the Service',
    shows: serviceTypeWorks,
  },
  {
    inputs: ['files'],
    title:
      'files are mounted next to the configuration, change via configuration reload, are kept by every command, and are removed with the input',
    shows: filesWork,
  },
  {
    inputs: ['metrics'],
    title: 'each server has an exporter, and a PodMonitor exists if the CRD is installed',
    shows: metricsWork,
  },
  {
    inputs: ['overrides'],
    title: 'overrides change the objects, are kept by every command, and are removed with the input',
    shows: overridesWork,
  },
  {
    inputs: ['jetstream', 'jetstream-storage', 'jetstream-storage-class', 'jetstream-memory'],
    title: 'JetStream keeps acknowledged messages over rotations and the loss of a pod',
    shows: jetstreamWorks,
  },
];

const ONE = { replicas: '1' } as const;

/** The bcrypt hash of `pass word`, cost 4. */
const HASH = '$2b$04$abcdefghijklmnopqrstuuFcV8WPKEefLKdOWfX8pW1yTVya21P7a';

async function usersWork({ space, requireRun }: TestDeployment): Promise<void> {
  const users = `[{user: o'rders, password: canary/u1, permissions: {publish: orders.>}}, {user: hashed, password: ${HASH}}]`;
  const first = await requireRun({ ...ONE, users });
  expectNoSecret(first, ['canary/u1', HASH]);
  const uids = await readPodUids(space);
  await withServer(space, async (connect) => {
    const outcome = async (user: string, password: string): Promise<unknown> => await connect({ user, password });
    expect(await outcome(`o'rders`, 'canary/u1')).toBe('connected');
    expect(await outcome('hashed', 'pass word')).toBe('connected');
    expect(await outcome('hashed', 'canary/u1')).toBe('AuthorizationViolation');
    // Another command does not have the input `users`, and keeps the stored users.
    expectNoSecret(await requireRun({ command: 'rotate', force: 'true', 'rotate-targets': 'certificates' }), [
      'canary/u1',
    ]);
    expect((await requireRun({ command: 'verify' })).outputs).toMatchObject({ result: 'verified' });
    expect(await outcome(`o'rders`, 'canary/u1')).toBe('connected');
    expect((await requireRun(ONE)).outputs).toMatchObject({ result: 'deployed', changed: 'true' });
    expect(await outcome('hashed', 'pass word')).toBe('AuthorizationViolation');
  });
  expect(await readPodUids(space)).toEqual(uids);
}

/** Checks the Service type. The test acts as the controller of load balancers; the nodes are real. */
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
  const leaf = await readSecretCertificate(space, 'tls-nats-server', 'tls.crt');
  expect([leaf.checkIP('192.0.2.9'), leaf.checkHost('lb.example.com')]).toEqual(['192.0.2.9', 'lb.example.com']);
  expect((await requireRun({ command: 'verify' })).outputs['url']).toBe('tls://lb.example.com:4222');

  const { outputs: onNodes } = await requireRun({ ...ONE, 'service-type': 'NodePort' });
  const { spec } = await space.core.readNamespacedService(service);
  const { hostname, port } = new URL(onNodes['url'] ?? '');
  expect(Number(port)).toBe(spec?.ports?.[0]?.nodePort);
  expect((await readSecretCertificate(space, 'tls-nats-server', 'tls.crt')).checkIP(hostname)).toBe(hostname);
}

/** The override for a second nats-server in the pod, which starts only with the file and shows its content. */
const READER = `StatefulSet/servers:
  spec:
    template:
      spec:
        containers:
          - name: reader
            image: nats:2.15.2
            command: [nats-server, -c, /etc/nats/more.conf]
            securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
            volumeMounts: [{name: configuration, mountPath: /etc/nats, readOnly: true}]`;

const more = (password: string): Readonly<Record<string, string>> => ({
  ...ONE,
  overrides: READER,
  files: `more.conf: |\n  port: 4333\n  server_name: reader\n  authorization {user: a, password: ${password}}\n`,
});

async function filesWork({ space, requireRun }: TestDeployment): Promise<void> {
  expectNoSecret(await requireRun(more('canary/f1')), ['canary/f1']);
  const uids = await readPodUids(space);
  const kept = async (): Promise<string | undefined> => (await readSecret(space, 'nats-config'))['more.conf'];
  expect(await kept()).toContain('canary/f1');

  const second = await requireRun(more('canary/f2'));
  expectNoSecret(second, ['canary/f1', 'canary/f2']);
  expect(second.outputs).toMatchObject({ result: 'deployed', changed: 'true' });
  expect((await requireRun(more('canary/f2'))).outputs).toMatchObject({ result: 'unchanged', changed: 'false' });
  // Another command does not have the input `files`, and keeps the stored files.
  expectNoSecret(await requireRun({ command: 'rotate', force: 'true', 'rotate-targets': 'certificates' }), [
    'canary/f2',
  ]);
  expect((await requireRun({ command: 'verify' })).outputs).toMatchObject({ result: 'verified' });
  expect(await kept()).toContain('canary/f2');
  expect(await readPodUids(space)).toEqual(uids);

  expect((await requireRun({ ...ONE, overrides: READER })).outputs).toMatchObject({ changed: 'true' });
  expect([await kept(), await readPodUids(space)]).toEqual([undefined, uids]);
}

const OVERRIDES = `
StatefulSet/servers:
  metadata: {labels: {team: payments}}
  spec:
    template:
      metadata: {annotations: {team: payments}}
      spec:
        nodeSelector: {kubernetes.io/os: linux}
        tolerations: [{key: dedicated, operator: Equal, value: nats, effect: NoSchedule}]
        imagePullSecrets: [{name: registry}]
        terminationGracePeriodSeconds: 75
        containers:
          - name: nats
            env: [{name: EXTRA, value: '1'}]
            volumeMounts: [{name: scratch, mountPath: /scratch}]
        volumes: [{name: scratch, emptyDir: {}}]
Service/client: {metadata: {annotations: {example.com/scheme: internal}}}
Secret/all: {metadata: {labels: {team: payments}}}
`;

async function overridesWork({ space, apps, requireRun, run }: TestDeployment): Promise<void> {
  const taken = await run({ ...ONE, overrides: 'StatefulSet/servers: {spec: {replicas: 5}}' });
  expect([taken.exitCode, errorTitle(taken)]).toEqual([1, 'INPUT_INVALID']);

  await requireRun({ ...ONE, overrides: OVERRIDES });
  const seen = async (): Promise<readonly unknown[]> => {
    const set = await apps.readNamespacedStatefulSet({ name: 'nats', namespace: space.name });
    const service = await space.core.readNamespacedService({ name: 'nats', namespace: space.name });
    const secret = await space.core.readNamespacedSecret({ name: 'nats-system', namespace: space.name });
    const pod = await space.core.readNamespacedPod({ name: 'nats-0', namespace: space.name });
    return [
      set.metadata?.labels?.['team'],
      pod.metadata?.annotations?.['team'],
      pod.spec?.nodeSelector?.['kubernetes.io/os'],
      pod.spec?.tolerations?.some(({ key }) => key === 'dedicated'),
      pod.spec?.imagePullSecrets?.some(({ name }) => name === 'registry') ?? false,
      pod.spec?.terminationGracePeriodSeconds,
      pod.spec?.containers[0]?.env?.some(({ name }) => name === 'EXTRA'),
      service.metadata?.annotations?.['example.com/scheme'],
      secret.metadata?.labels?.['team'],
    ];
  };
  const there = ['payments', 'payments', 'linux', true, true, 75, true, 'internal', 'payments'];
  expect(await seen()).toEqual(there);
  const again = await requireRun({ ...ONE, overrides: OVERRIDES });
  expect(again.outputs).toMatchObject({ result: 'unchanged', changed: 'false' });
  expect((await requireRun({ command: 'verify' })).outputs).toMatchObject({ result: 'verified' });
  await requireRun({ command: 'rotate', force: 'true', 'rotate-targets': 'certificates' });
  expect(await seen()).toEqual(there);
  expect((await requireRun(ONE)).outputs).toMatchObject({ result: 'deployed', changed: 'true' });
  expect(await seen()).toEqual([undefined, undefined, undefined, false, false, 50, false, undefined, undefined]);
}

const POD_MONITORS = 'podmonitors.monitoring.coreos.com';

const MEASURED = {
  ...ONE,
  metrics: 'true',
  overrides: EXPORTER_OVERRIDE,
} as const;

async function metricsWork({ space, apps, requireRun }: TestDeployment): Promise<void> {
  const extensions = space.config.makeApiClient(ApiextensionsV1Api);
  const custom = space.config.makeApiClient(CustomObjectsApi);
  const place = { group: 'monitoring.coreos.com', version: 'v1', plural: 'podmonitors', namespace: space.name };
  const seen = async (): Promise<readonly unknown[]> => {
    const set = await apps.readNamespacedStatefulSet({ name: 'nats', namespace: space.name });
    const service = await space.core.readNamespacedService({ name: 'nats-headless', namespace: space.name });
    const [, exporter] = set.spec?.template.spec?.containers ?? [];
    return [exporter?.ports?.[0]?.containerPort, service.spec?.ports?.find(({ name }) => name === 'metrics')?.port];
  };
  const monitors = async (): Promise<readonly unknown[]> => {
    const list: unknown = await custom.listNamespacedCustomObject(place);
    return recordsOf(recordOf(list)['items']);
  };
  await requireRun(MEASURED);
  expect(await seen()).toEqual([7777, 7777]);
  await extensions.createCustomResourceDefinition({ body: podMonitors() });
  try {
    await eventually('the kind', 30, async () => await monitors().catch(() => undefined));
    const again = await requireRun(MEASURED);
    expect(again.stdout).toContain('PodMonitor/nats');
    expect(again.outputs).toMatchObject({ changed: 'true' });
    expect(await monitors()).toMatchObject([{ spec: { podMetricsEndpoints: [{ port: 'metrics' }] } }]);
    expect((await requireRun({ command: 'verify' })).outputs).toMatchObject({ result: 'verified' });
    await requireRun(ONE);
    expect([await monitors(), await seen()]).toEqual([[], [undefined, undefined]]);
  } finally {
    await extensions.deleteCustomResourceDefinition({ name: POD_MONITORS });
  }
}

/** Returns the smallest CustomResourceDefinition with which the API server stores objects of the kind. */
function podMonitors(): V1CustomResourceDefinition {
  const any = { type: 'object', x_kubernetes_preserve_unknown_fields: true };
  const schema = { openAPIV3Schema: { type: 'object', properties: { spec: any } } };
  return {
    metadata: { name: POD_MONITORS },
    spec: {
      group: 'monitoring.coreos.com',
      scope: 'Namespaced',
      names: { plural: 'podmonitors', kind: 'PodMonitor', listKind: 'PodMonitorList', singular: 'podmonitor' },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  };
}

type Credentials = { readonly user: string; readonly password: string };

/**
 * Connects to the first server. `connect` returns `connected`, or the reason why the server refuses a client with these
 * credentials.
 */
export async function withServer(
  space: TestNamespace,
  look: (connect: (credentials: Credentials) => Promise<string>) => Promise<void>,
): Promise<void> {
  const reach = reachServers(space);
  try {
    const { 'ca.crt': trust = '' } = await readSecret(space, 'tls-nats-client');
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
