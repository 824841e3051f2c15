import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  AppsV1Api,
  CoordinationV1Api,
  PolicyV1Api,
  RbacAuthorizationV1Api,
  type V1PolicyRule,
  type V1Role,
} from '@kubernetes/client-node';
import { parse } from 'yaml';
import { listDeployPermissions } from '../../../src/manifests/permissions.ts';
import type { ActionResult } from '../../support/action.ts';
import { kubeconfigOf, makeDeployment, requestToken, type TestDeployment } from '../../support/deployment.ts';
import { canaries, expectFailure, expectNoSecret } from '../../support/failure.ts';
import { readSecret } from '../../support/live-cluster.ts';
import type { TestNamespace } from '../../support/namespace.ts';

describe('deploy fails before it writes anything', () => {
  let deployment: TestDeployment;
  let space: TestNamespace;

  beforeAll(async () => {
    deployment = await makeDeployment('refused');
    space = deployment.space;
  });

  afterAll(async () => {
    expect(await listWrittenObjects(space)).toEqual([]);
    await deployment.remove();
  });

  test('if no program listens at the address of the API server', async () => {
    const kubeconfig = kubeconfigOf(space, 'somebody', 'a-token-of-nobody', `https://127.0.0.1:${await closedPort()}`);
    const { title, text } = expectFailure(await run(deployment, { kubeconfig }));
    expect(title).toBe('CLUSTER_UNREACHABLE (ConnectionRefused)');
    expect(text).toContain('kubeconfig');
  });

  test('if the token belongs to another cluster', async () => {
    const kubeconfig = kubeconfigOf(space, 'somebody', 'a-token-of-nobody');
    const result = await run(deployment, { kubeconfig });
    expect(expectFailure(result).title).toBe('UNAUTHENTICATED (InvalidCredentials)');
    expectNoSecret(result, ['a-token-of-nobody']);
  });

  // The API server answers for an expired token as for the token of a deleted ServiceAccount. A token cannot expire
  // earlier than ten minutes after it was made.
  test('if the token has expired', async () => {
    const account = await makeAccount(space, 'leaver');
    await space.core.deleteNamespacedServiceAccount({ name: 'leaver', namespace: space.name });
    const result = await run(deployment, { kubeconfig: kubeconfigOf(space, 'leaver', account) });
    const { title, text } = expectFailure(result);
    expect(title).toBe('UNAUTHENTICATED (InvalidCredentials)');
    expect(text).toContain('expired');
    expectNoSecret(result, [account]);
  });

  test('if the namespace is missing', async () => {
    const namespace = `${space.name}-missing`;
    const kubeconfig = space.config.exportConfig();
    const { title, text } = expectFailure(await run(deployment, { kubeconfig, namespace }));
    expect(title).toBe('NAMESPACE_MISSING');
    expect(text).toContain(`kubectl create namespace ${namespace}`);
    expect(text).toContain('create-namespace: true');
  });

  test('if there are fewer nodes than servers that must not share a node', async () => {
    const { title, text } = expectFailure(await run(deployment, { replicas: '99' }));
    expect(title).toBe('INPUT_INVALID (TooFewNodes)');
    expect(text).toContain('anti-affinity: preferred');
  });

  test('if the release of the image is too old', async () => {
    const { title, text } = expectFailure(await run(deployment, { image: 'nats:2.9.25' }));
    expect(title).toBe('SERVER_UNSUPPORTED');
    expect(text).toContain('2.9.25');
  });
});

describe('deploy without any permission', () => {
  let deployment: TestDeployment;

  beforeAll(async () => {
    deployment = await makeDeployment('powerless');
  });

  afterAll(async () => {
    await deployment.remove();
  });

  test('lists all missing permissions, and succeeds with the Role that it prints', async () => {
    const { space } = deployment;
    const kubeconfig = kubeconfigOf(space, 'nobody', await makeAccount(space, 'nobody'));
    const { title, text } = expectFailure(await run(deployment, { kubeconfig }));
    expect(title).toBe('FORBIDDEN (Rbac)');
    const role: V1Role = parse(text.slice(text.indexOf('apiVersion:'), text.indexOf('\nSee docs/')));
    expect(role.metadata?.namespace).toBe(space.name);
    expect(permissionsOf(role.rules ?? [])).toEqual(neededPermissions());
    expect(await listWrittenObjects(space)).toEqual([]);

    await bind(space, 'nobody', role);
    await run(deployment, { kubeconfig }).then(expectDeployed);
  });
});

describe('the next deploy succeeds after a deploy that failed', () => {
  // The address refuses at once; the resolution of a missing name could take minutes.
  const unpullable = '127.0.0.1:1/nats:2.15.2';
  let deployment: TestDeployment;

  beforeAll(async () => {
    deployment = await makeDeployment('half-way');
  });

  afterAll(async () => {
    await deployment.remove();
  });

  test('because the image of a new NATS cluster cannot be pulled', async () => {
    const { title, text } = expectFailure(await run(deployment, { image: unpullable }));
    expect(title).toBe('ROLLOUT_STALLED (RegistryUnreachable)');
    expect(text).toMatch(/pod nats-[012]: /);
    expect(text).toContain(unpullable);
    await run(deployment, { image: 'nats:2.15.2' }).then(expectDeployed);
  });

  test('because the image of a running NATS cluster cannot be pulled, which restores the first server', async () => {
    const before = await podUids(deployment);
    const { title, text } = expectFailure(await run(deployment, { image: unpullable }));
    expect(title).toBe('ROLLOUT_STALLED (RegistryUnreachable)');
    expect(text).toContain('pod nats-2: ');
    const survivors = { 'nats-0': before['nats-0'], 'nats-1': before['nats-1'] };
    expect(text).toContain('nats-2 was restored, no other server was touched');
    const after = await podUids(deployment);
    expect(after).toMatchObject(survivors);
    const again = await run(deployment, { image: 'nats:2.15.2' });
    expect(again.outputs).toMatchObject({ result: 'unchanged', changed: 'false' });
    expect(await podUids(deployment)).toEqual(after);
  });

  test('because client-password differs from the stored one', async () => {
    const before = await podUids(deployment);
    const other = 'canary/other%c3';
    const result = await run(deployment, { 'client-password': other });
    const { title, text } = expectFailure(result);
    expectNoSecret(result, [other]);
    expect(title).toBe('CHANGE_FORBIDDEN (CredentialsInUse)');
    expect(text).toContain('remove `client-password`');
    expect(await podUids(deployment)).toEqual(before);
  });

  test('with a different route-password, which needs no restart', async () => {
    const before = await podUids(deployment);
    const other = 'canary/other%c3';
    const result = await run(deployment, { 'route-password': other });
    expectNoSecret(result, [other]);
    expectDeployed(result);
    expect(await podUids(deployment)).toEqual(before);
    expect((await readSecret(deployment.space, 'nats-system'))['route-password']).toBe(other);
  });

  test('because no node has capacity, which fails at once with the missing resource', async () => {
    const roomless = await makeDeployment('roomless');
    try {
      const resources = '{requests: {cpu: "10000"}}';
      const { title, text } = expectFailure(await run(roomless, { resources }));
      expect(title).toBe('ROLLOUT_STALLED (InsufficientResources)');
      expect(text).toMatch(/pod nats-[012] .*cpu/);
      await run(roomless).then(expectDeployed);
    } finally {
      await roomless.remove();
    }
  });
});

/** Runs the action with passwords that must stay secret; the next input of the same name wins. */
async function run(deployment: TestDeployment, inputs: Readonly<Record<string, string>> = {}): Promise<ActionResult> {
  return await deployment.run({ ...canaries, timeout: '4m', ...inputs });
}

function expectDeployed(result: ActionResult): void {
  expectNoSecret(result, Object.values(canaries));
  if (result.exitCode !== 0) {
    throw new Error(`the action ended with ${result.exitCode}:\n${result.stdout}`);
  }
  expect(result.outputs['result']).toBe('deployed');
}

async function makeAccount(space: TestNamespace, name: string): Promise<string> {
  await space.core.createNamespacedServiceAccount({ namespace: space.name, body: { metadata: { name } } });
  return await requestToken(space, name);
}

async function bind({ config, name: namespace }: TestNamespace, account: string, role: V1Role): Promise<void> {
  const rbac = config.makeApiClient(RbacAuthorizationV1Api);
  await rbac.createNamespacedRole({ namespace, body: { metadata: { name: account }, rules: role.rules ?? [] } });
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: account };
  const subjects = [{ kind: 'ServiceAccount', name: account, namespace }];
  await rbac.createNamespacedRoleBinding({ namespace, body: { metadata: { name: account }, subjects, roleRef } });
}

/** Formats each permission as `verb resource.group`, in order. */
function permissionsOf(rules: readonly V1PolicyRule[]): readonly string[] {
  return rules
    .flatMap(({ verbs, resources = [], apiGroups = [] }) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((resource) => verbs.map((verb) => `${verb} ${resource}.${group}`)),
      ),
    )
    .toSorted();
}

/** Returns the permissions of the published Role that every run needs. */
function neededPermissions(): readonly string[] {
  const needed = listDeployPermissions({
    createNamespace: false,
    networkPolicy: false,
    config: false,
    metrics: false,
    jetstream: false,
  }).filter(({ without }) => without === undefined);
  return needed.flatMap(({ verbs, resource, group }) => verbs.map((verb) => `${verb} ${resource}.${group}`)).toSorted();
}

/** Returns the names of all objects that a run writes. */
async function listWrittenObjects({ config, core, name: namespace }: TestNamespace): Promise<readonly string[]> {
  const apps = config.makeApiClient(AppsV1Api);
  const policy = config.makeApiClient(PolicyV1Api);
  const coordination = config.makeApiClient(CoordinationV1Api);
  const lists: readonly { readonly items: readonly { metadata?: { name?: string } }[] }[] = await Promise.all([
    core.listNamespacedSecret({ namespace }),
    core.listNamespacedService({ namespace }),
    core.listNamespacedPod({ namespace }),
    apps.listNamespacedStatefulSet({ namespace }),
    policy.listNamespacedPodDisruptionBudget({ namespace }),
    coordination.listNamespacedLease({ namespace }),
  ]);
  return lists.flatMap(({ items }) => items.map(({ metadata }) => metadata?.name ?? ''));
}

async function podUids({ space }: TestDeployment): Promise<Readonly<Record<string, string>>> {
  const { items } = await space.core.listNamespacedPod({ namespace: space.name });
  return Object.fromEntries(items.map(({ metadata }) => [metadata?.name ?? '', metadata?.uid ?? '']));
}

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
