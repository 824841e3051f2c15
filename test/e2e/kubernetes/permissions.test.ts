import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { RbacAuthorizationV1Api } from '@kubernetes/client-node';
import { parseAllDocuments } from 'yaml';
import { hasCode } from '../../../src/errors/action-error.ts';
import { connectKubernetes, type KubernetesApi } from '../../../src/kubernetes/api.ts';
import { loadKubeConfig } from '../../../src/kubernetes/kubeconfig.ts';
import { makeNamespace, type TestNamespace } from '../../support/namespace.ts';

const signal = AbortSignal.timeout(2 * 60_000);
let namespace: TestNamespace;
let restricted: KubernetesApi;

/** Returns the kubeconfig of KUBECONFIG with another token. */
function kubeconfigWith(token: string): string {
  const cluster = namespace.config.getCurrentCluster();
  return JSON.stringify({
    clusters: [{ name: 'c', cluster: { server: cluster?.server, 'certificate-authority-data': cluster?.caData } }],
    users: [{ name: 'u', user: { token } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  });
}

function connect(token: string): KubernetesApi {
  return connectKubernetes(loadKubeConfig({ kind: 'content', yaml: kubeconfigWith(token) }, undefined, {}));
}

beforeAll(async () => {
  namespace = await makeNamespace('permissions');
  const rbac = namespace.config.makeApiClient(RbacAuthorizationV1Api);
  const name = 'restricted';
  await namespace.core.createNamespacedServiceAccount({ namespace: namespace.name, body: { metadata: { name } } });
  await rbac.createNamespacedRole({
    namespace: namespace.name,
    body: {
      metadata: { name },
      rules: [
        { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] },
        { apiGroups: [''], resources: ['secrets'], resourceNames: ['nats-config'], verbs: ['get'] },
        { apiGroups: [''], resources: ['nodes'], verbs: ['list'] },
      ],
    },
  });
  await rbac.createNamespacedRoleBinding({
    namespace: namespace.name,
    body: {
      metadata: { name },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
      subjects: [{ kind: 'ServiceAccount', name, namespace: namespace.name }],
    },
  });
  const { status } = await namespace.core.createNamespacedServiceAccountToken({
    namespace: namespace.name,
    name,
    body: { spec: { audiences: [], expirationSeconds: 600 } },
  });
  restricted = connect(status?.token ?? '');
});

afterAll(async () => {
  await restricted?.close();
  await namespace?.remove();
});

describe('permissions', () => {
  test('of a refused request are named by verb, resource and namespace', async () => {
    const asked = restricted.list('Secret', { namespace: namespace.name }, signal);
    await expect(asked).rejects.toMatchObject({
      code: 'FORBIDDEN',
      details: { missing: [{ verb: 'list', group: '', resource: 'secrets', namespace: namespace.name }] },
    });
  });

  test('that are missing are listed together, with valid Roles, without those that are granted', async () => {
    const at = { namespace: namespace.name };
    const wanted = [
      { verb: 'list', group: '', resource: 'pods', ...at },
      { verb: 'get', group: '', resource: 'secrets', name: 'nats-config', ...at },
      { verb: 'get', group: '', resource: 'secrets', ...at },
      { verb: 'create', group: '', resource: 'pods/portforward', ...at },
      { verb: 'patch', group: 'apps', resource: 'statefulsets', ...at },
      // A Role grants it, which has no effect cluster-wide.
      { verb: 'list', group: '', resource: 'nodes' },
    ];
    const error = await restricted.requirePermissions(wanted, signal).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (!hasCode(error, 'FORBIDDEN')) throw new Error('nothing was missing', { cause: error });
    expect(error.details.missing).toEqual([
      { verb: 'get', group: '', resource: 'secrets', namespace: namespace.name },
      { verb: 'create', group: '', resource: 'pods/portforward', namespace: namespace.name },
      { verb: 'patch', group: 'apps', resource: 'statefulsets', namespace: namespace.name },
      { verb: 'list', group: '', resource: 'nodes', namespace: undefined },
    ]);
    const roles = parseAllDocuments(error.hint.slice(error.hint.indexOf('\n'))).map((role) => {
      const value: unknown = role.toJS();
      return value;
    });
    expect(roles).toMatchObject([
      {
        kind: 'Role',
        rules: [{ resources: ['secrets'] }, { resources: ['pods/portforward'] }, { apiGroups: ['apps'] }],
      },
      { kind: 'ClusterRole', rules: [{ resources: ['nodes'], verbs: ['list'] }] },
    ]);
  });

  test('of the administrator are complete', async () => {
    const admin = connectKubernetes(loadKubeConfig(undefined, undefined, process.env));
    try {
      const wanted = [
        { verb: 'patch', group: 'apps', resource: 'statefulsets', namespace: namespace.name },
        { verb: 'list', group: '', resource: 'nodes' },
      ];
      expect(await admin.missingPermissions(wanted, signal)).toEqual([]);
    } finally {
      await admin.close();
    }
  });

  test('for port-forward are named by FORBIDDEN if they are missing', async () => {
    await expect(restricted.portForward(namespace.name, 'nats-0', 4222, signal)).rejects.toMatchObject({
      code: 'FORBIDDEN',
      details: { missing: [{ resource: 'pods/portforward', namespace: namespace.name }] },
    });
  });

  test('of a wrong token fail with UNAUTHENTICATED, without the token in the error', async () => {
    const token = 'wrong-token-0123456789';
    const stranger = connect(token);
    try {
      const error: unknown = await stranger.version(signal).then(
        async () =>
          await stranger.list('Pod', { namespace: namespace.name }, signal).catch((thrown: unknown) => thrown),
        (thrown: unknown) => thrown,
      );
      expect(hasCode(error, 'UNAUTHENTICATED')).toBe(true);
      expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(token);
    } finally {
      await stranger.close();
    }
  });
});
