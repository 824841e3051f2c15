import { describe, expect, test } from '@jest/globals';
import { checkOrigin, describeCluster } from '../../../../src/commands/preflight/expected-cluster.ts';
import type { ClusterConnection } from '../../../../src/kubernetes/cluster-connection.ts';
import { loadKubeConfig } from '../../../../src/kubernetes/kubeconfig.ts';
import type { KubeconfigOrigin } from '../../../../src/kubernetes/kubeconfig-part.ts';

const named = [{ name: 'staging', cluster: { server: 'https://h:6443' }, context: { cluster: 'staging' } }];
const yaml = JSON.stringify({ clusters: named, contexts: named, 'current-context': 'staging' });

function connectionFrom(origin: KubeconfigOrigin): ClusterConnection {
  return { ...loadKubeConfig({ kind: 'content', yaml }, undefined, {}), origin };
}

const HOME = { kind: 'home', path: '/home/owner/.kube/config' } as const;

test.each<[KubeconfigOrigin, string]>([
  [{ kind: 'input', path: undefined }, 'kubeconfig from input kubeconfig'],
  [{ kind: 'input', path: 'a/b' }, 'kubeconfig from input kubeconfig: a/b'],
  [{ kind: 'environment', paths: ['/a', '/b'] }, 'kubeconfig from KUBECONFIG: /a, /b'],
  [HOME, 'kubeconfig from the home folder: /home/owner/.kube/config'],
  [{ kind: 'pod' }, 'credentials of the service account of this pod'],
])('the origin of a kubeconfig is in the log and the summary: %j', (origin, text) => {
  expect(describeCluster(connectionFrom(origin))).toBe(`Kubernetes cluster https://h:6443 (context staging, ${text})`);
});

describe('a kubeconfig from the home folder that no input or variable names', () => {
  const judge = (
    command: 'deploy' | 'delete' | 'prune',
    hasExpectedCluster: boolean,
    origin: KubeconfigOrigin = HOME,
  ) => checkOrigin({ command, hasExpectedCluster }, connectionFrom(origin));

  test('causes a warning with the line that confirms it', () => {
    expect(judge('deploy', false)).toMatch(
      /leads to https:\/\/h:6443\. If this is meant, add: kubeconfig: ~\/\.kube\/config/,
    );
  });

  test.each(['delete', 'prune'] as const)('is refused by %s', (command) => {
    expect(() => judge(command, false)).toThrow(
      expect.objectContaining({
        code: 'INPUT_INVALID',
        reason: 'KubeconfigNotNamed',
        hint: expect.stringContaining('kubeconfig: ~/.kube/config'),
      }),
    );
  });

  test('is accepted together with expected-cluster', () => {
    expect([judge('deploy', true), judge('delete', true)]).toEqual([undefined, undefined]);
  });

  test('is not checked if an input, a variable or a pod names it', () => {
    const origins: readonly KubeconfigOrigin[] = [
      { kind: 'input', path: HOME.path },
      { kind: 'environment', paths: [HOME.path] },
      { kind: 'pod' },
    ];
    expect(origins.map((origin) => judge('delete', false, origin))).toEqual([undefined, undefined, undefined]);
  });
});
