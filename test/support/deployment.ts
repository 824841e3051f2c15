import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppsV1Api, RbacAuthorizationV1Api } from '@kubernetes/client-node';
import { listDeployPermissions } from '../../src/manifests/permissions.ts';
import { buildClusterRole, buildRole } from '../../src/manifests/role.ts';
import { renderKubeconfig } from '../cluster/kubeconfig.ts';
import { type ActionResult, type ActionRun, runAction } from './action.ts';
import { makeNamespace, type TestNamespace } from './namespace.ts';

const DEPLOYER = 'deployer';

/**
 * A timeout below the time limit of a test, so that the action itself reports a wait that does not end, and its cause.
 */
const PATIENCE = { timeout: '3m' } as const;

/** A namespace that enforces restricted PodSecurity, and a user with only the published Role in it. */
export type TestDeployment = {
  readonly space: TestNamespace;
  readonly apps: AppsV1Api;
  readonly kubeconfig: string;
  /** Runs the built action as that user. */
  readonly run: (
    inputs?: Readonly<Record<string, string>>,
    options?: Omit<ActionRun, 'inputs'>,
  ) => Promise<ActionResult>;
  /** Runs the action like `run`. Every result except success is an error with the log. */
  readonly requireRun: (inputs?: Readonly<Record<string, string>>) => Promise<ActionResult>;
  readonly remove: () => Promise<void>;
};

/** Makes a deployment on the cluster of KUBECONFIG, or of the given administrator's kubeconfig. */
export async function makeDeployment(purpose: string, admin?: string): Promise<TestDeployment> {
  const space = await makeNamespace(purpose, { 'pod-security.kubernetes.io/enforce': 'restricted' }, admin);
  const folder = await mkdtemp(join(tmpdir(), 'deployment-'));
  await grantPublishedRole(space);
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, kubeconfigOf(space, DEPLOYER, await requestToken(space, DEPLOYER)), { mode: 0o600 });
  const run: TestDeployment['run'] = async (inputs = {}, options = {}) =>
    await runAction({ ...options, inputs: { kubeconfig, ...PATIENCE, ...inputs } });
  return {
    space,
    apps: space.config.makeApiClient(AppsV1Api),
    kubeconfig,
    run,
    requireRun: async (inputs) => {
      const result = await run(inputs);
      if (result.exitCode !== 0) {
        const shown = result.stdout.replace(/^::add-mask::.*\n/gm, '');
        throw new Error(`the action ended with ${result.exitCode}:\n${shown}\n${result.stderr}`);
      }
      return result;
    },
    remove: async () => {
      const rbac = space.config.makeApiClient(RbacAuthorizationV1Api);
      await rbac.deleteClusterRoleBinding({ name: space.name });
      await rbac.deleteClusterRole({ name: space.name });
      await space.remove();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Returns a token of a ServiceAccount of the namespace, valid for longer than any file of tests runs. */
export async function requestToken({ core, name: namespace }: TestNamespace, account: string): Promise<string> {
  const { status } = await core.createNamespacedServiceAccountToken({
    name: account,
    namespace,
    body: { spec: { audiences: [], expirationSeconds: 6 * 3600 } },
  });
  return status?.token ?? '';
}

/** Returns the text of a kubeconfig for the namespace, with its API server by default. */
export function kubeconfigOf({ config, name }: TestNamespace, user: string, token: string, server?: string): string {
  const cluster = config.getCurrentCluster();
  return renderKubeconfig({
    server: server ?? cluster?.server ?? '',
    certificateAuthority: Buffer.from(cluster?.caData ?? '', 'base64').toString(),
    user,
    token,
    namespace: name,
  });
}

async function grantPublishedRole(space: TestNamespace): Promise<void> {
  const { name: namespace, config, core } = space;
  const rbac = config.makeApiClient(RbacAuthorizationV1Api);
  const rules = listDeployPermissions({
    createNamespace: false,
    networkPolicy: true,
    config: true,
    metrics: true,
    jetstream: true,
  });
  const subjects = [{ kind: 'ServiceAccount', name: DEPLOYER, namespace }];
  const apiGroup = 'rbac.authorization.k8s.io';
  const role = buildRole(rules, { namespace });
  const clusterRole = buildClusterRole(rules);
  await core.createNamespacedServiceAccount({ namespace, body: { metadata: { name: DEPLOYER } } });
  await rbac.createNamespacedRole({ namespace, body: { ...role, rules: role.rules.map(writable) } });
  await rbac.createNamespacedRoleBinding({
    namespace,
    body: { metadata: { name: DEPLOYER }, subjects, roleRef: { apiGroup, kind: 'Role', name: role.metadata.name } },
  });
  // All test files share the cluster-wide names, so each file uses the name of its namespace.
  await rbac.createClusterRole({ body: { metadata: { name: namespace }, rules: clusterRole.rules.map(writable) } });
  await rbac.createClusterRoleBinding({
    body: { metadata: { name: namespace }, subjects, roleRef: { apiGroup, kind: 'ClusterRole', name: namespace } },
  });
}

type Rule = {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
};

function writable(rule: Rule): { apiGroups: string[]; resources: string[]; verbs: string[] } {
  return { apiGroups: [...rule.apiGroups], resources: [...rule.resources], verbs: [...rule.verbs] };
}
