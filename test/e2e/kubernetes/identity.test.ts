import { createHash, X509Certificate } from 'node:crypto';
import { chmod, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { RbacAuthorizationV1Api } from '@kubernetes/client-node';
import { recordCase } from '../../faults/cases.ts';
import { type ActionResult, runAction } from '../../support/action.ts';
import { makeDeployment, requestToken, type TestDeployment } from '../../support/deployment.ts';
import { errorTitle } from '../../support/live-cluster.ts';

/**
 * The deployment for tests of plugins, impersonation and the expected cluster with the built action, on the real API
 * server.
 */
let deployment: TestDeployment;
let folder: string;
let token: string;

/** A plan of one server: it reads, and sends the API server a dry run of every write. */
const PLAN = { command: 'plan', replicas: '1', timeout: '60s' } as const;

beforeAll(async () => {
  deployment = await makeDeployment('identity');
  folder = await mkdtemp(join(tmpdir(), 'identity-'));
  token = await requestToken(deployment.space, 'deployer');
});

afterAll(async () => {
  await deployment.remove();
  await rm(folder, { recursive: true, force: true });
});

/** Writes a kubeconfig to a file, because relative commands start at its folder. */
async function kubeconfig(user: object, more: object = {}): Promise<string> {
  const { config, name } = deployment.space;
  const { server, caData } = config.getCurrentCluster() ?? {};
  const path = join(folder, 'kubeconfig');
  const cluster = { server, 'certificate-authority-data': caData, ...more };
  const named = { name: 'c', cluster, user, context: { cluster: 'c', user: 'c', namespace: name } };
  await writeFile(
    path,
    JSON.stringify({ clusters: [named], users: [named], contexts: [named], 'current-context': 'c' }),
  );
  return path;
}

async function plan(user: object, inputs: Readonly<Record<string, string>> = {}): Promise<ActionResult> {
  return await deployment.run({ ...PLAN, kubeconfig: await kubeconfig(user), ...inputs });
}

function fingerprint(): string {
  const { caData = '' } = deployment.space.config.getCurrentCluster() ?? {};
  return createHash('sha256')
    .update(new X509Certificate(Buffer.from(caData, 'base64')).raw)
    .digest('hex');
}

test('a credential plugin with provideClusterInfo receives the cluster', async () => {
  const script = `#!/bin/sh
case "$KUBERNETES_EXEC_INFO" in
  *'"server":'*) printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"%s"}}\\n' "$TRIAL_TOKEN" ;;
  *) echo "ExecCredential does not contain cluster information" >&2; exit 1 ;;
esac
`;
  await writeFile(join(folder, 'plugin.sh'), script);
  await chmod(join(folder, 'plugin.sh'), 0o700);
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: './plugin.sh',
    env: [{ name: 'TRIAL_TOKEN', value: token }],
    interactiveMode: 'Never',
    provideClusterInfo: true,
  };
  const result = await plan({ exec }, { 'expected-cluster': fingerprint() });
  expect([errorTitle(result), result.outputs['result']]).toEqual([undefined, 'planned']);
  const failure = await plan({ exec: { ...exec, provideClusterInfo: false } });
  expect(errorTitle(failure)).toBe('UNAUTHENTICATED (CredentialPlugin)');
  expect(failure.stdout).toContain('ended with exit code 1: ExecCredential does not contain cluster information');
  const title = '13: a credential plugin asks for the cluster';
  await recordCase(
    { slug: '13-a-plugin', title: `${title}, with provideClusterInfo`, line: /^Kubernetes cluster / },
    result,
    deployment,
  );
  await recordCase({ slug: '13-b-plugin', title: `${title}, without provideClusterInfo` }, failure, deployment);
});

test('an impersonated group has its own permissions only', async () => {
  const { space } = deployment;
  const rbac = space.config.makeApiClient(RbacAuthorizationV1Api);
  const apiGroup = 'rbac.authorization.k8s.io';
  const [name, namespace, group] = ['impersonator', space.name, `${space.name}:deployers`];
  await space.core.createNamespacedServiceAccount({ namespace, body: { metadata: { name } } });
  const rules = [
    { apiGroups: [''], resources: ['users', 'groups'], verbs: ['impersonate'], resourceNames: ['pipeline', group] },
  ];
  const subjects = [{ kind: 'ServiceAccount', name, namespace }];
  const role = `${space.name}-impersonator`;
  await rbac.createClusterRole({ body: { metadata: { name: role }, rules } });
  try {
    const roleRef = { apiGroup, kind: 'ClusterRole', name: role };
    await rbac.createClusterRoleBinding({ body: { metadata: { name: role }, roleRef, subjects } });
    const { items } = await rbac.listNamespacedRoleBinding({ namespace });
    for (const binding of items) {
      const body = {
        metadata: { name: `group-${binding.roleRef.name}` },
        roleRef: binding.roleRef,
        subjects: [{ kind: 'Group', name: group, apiGroup }],
      };
      await rbac.createNamespacedRoleBinding({ namespace, body });
    }
    const user = { token: await requestToken(space, name), as: 'pipeline' };
    const asGroup = await plan({ ...user, 'as-groups': [group] });
    expect([errorTitle(asGroup), asGroup.outputs['result']]).toEqual([undefined, 'planned']);
    expect(errorTitle(await plan(user))).toMatch(/^FORBIDDEN/);
    expect(errorTitle(await plan({ token: user.token }))).toMatch(/^FORBIDDEN/);
  } finally {
    await rbac.deleteClusterRoleBinding({ name: role });
    await rbac.deleteClusterRole({ name: role });
  }
});

describe('the kubeconfig', () => {
  test('is named first in the log and in the summary, also of a failed run', async () => {
    const { server } = deployment.space.config.getCurrentCluster() ?? {};
    const passed = await plan({ token });
    const line = `Kubernetes cluster ${server} (context c, kubeconfig from input kubeconfig: ${join(folder, 'kubeconfig')})`;
    const lines = passed.stdout.split('\n').filter((text) => !text.startsWith('::add-mask::'));
    expect(lines.slice(0, 2)).toEqual([expect.stringMatching(/^plan: NATS cluster \S+ in namespace \S+$/), line]);
    // The address of a kubeconfig is external text: Markdown must not make a link of it.
    const escapedLine = line.replace('://', ':&#8203;//');
    expect(passed.summary).toContain(escapedLine);
    const failed = await plan({ token }, { command: 'verify', replicas: '' });
    expect([errorTitle(failed), failed.summary.includes(escapedLine)]).toEqual([
      'CHANGE_FORBIDDEN (NotDeployed)',
      true,
    ]);
  });

  test('of the home folder causes a warning if no input names it, and commands that delete refuse it', async () => {
    await mkdir(join(folder, '.kube'), { recursive: true });
    await copyFile(await kubeconfig({ token }), join(folder, '.kube', 'config'));
    const run = async (inputs: Readonly<Record<string, string>>): Promise<ActionResult> =>
      await runAction({ inputs: { kubeconfig: '', timeout: '60s', ...inputs }, env: { HOME: folder } });
    const warned = await run(PLAN);
    expect([warned.outputs['result'], /::warning title=kubeconfig::/.test(warned.stdout)]).toEqual(['planned', true]);
    const refused = await run({ command: 'delete' });
    expect(errorTitle(refused)).toBe('INPUT_INVALID (KubeconfigNotNamed)');
    const named = await run({ command: 'delete', kubeconfig: '~/.kube/config' });
    // The published Role does not let a deployer delete, so this error comes from the API server.
    expect([errorTitle(named), /::warning/.test(named.stdout)]).toEqual([expect.stringMatching(/^FORBIDDEN/), false]);
    const home = 'A1: no input names a kubeconfig, and the home folder has one';
    const warning = { title: `${home}; plan`, line: /::warning title=kubeconfig::/ };
    await recordCase({ slug: 'a1-a-plan', ...warning }, warned, deployment);
    await recordCase({ slug: 'a1-b-delete', title: `${home}; delete` }, refused, deployment);
  });
});

test('expected-cluster accepts the cluster by fingerprint and by URL, and refuses another', async () => {
  const { server = '' } = deployment.space.config.getCurrentCluster() ?? {};
  for (const expected of [fingerprint(), server]) {
    expect(errorTitle(await plan({ token }, { 'expected-cluster': expected }))).toBeUndefined();
  }
  expect(errorTitle(await plan({ token }, { 'expected-cluster': 'f'.repeat(64) }))).toBe('CLUSTER_MISMATCH');
});
