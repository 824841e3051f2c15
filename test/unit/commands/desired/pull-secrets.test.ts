import { expect, test } from '@jest/globals';
import { requirePullSecrets } from '../../../../src/commands/desired/deployment.ts';
import { decodeObject } from '../../../../src/objects/object.ts';
import { clusterSpec } from '../../support/cluster-spec.ts';

const { signal } = new AbortController();

const get = async ({ name }: { readonly name: string }) => {
  const type = { registry: 'kubernetes.io/dockerconfigjson', old: 'kubernetes.io/dockercfg', other: 'Opaque' }[name];
  const metadata = { name, namespace: 'messaging', uid: name, resourceVersion: '1' };
  return type === undefined ? undefined : decodeObject({ apiVersion: 'v1', kind: 'Secret', metadata, type });
};

test('deploy accepts pull secrets of both types, and an empty list', async () => {
  await requirePullSecrets({ get }, clusterSpec({ imagePullSecrets: ['registry', 'old'] }), signal);
  await requirePullSecrets({ get }, clusterSpec(), signal);
});

test('deploy refuses every pull secret that is missing or has another type', async () => {
  const refused = requirePullSecrets(
    { get },
    clusterSpec({ imagePullSecrets: ['registry', 'absent', 'other'] }),
    signal,
  );
  await expect(refused).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    details: {
      violations: [
        { input: 'image-pull-secrets', message: expect.stringMatching(/Secret absent .* does not exist/) },
        { input: 'image-pull-secrets', message: expect.stringMatching(/Secret other .* type Opaque/) },
      ],
    },
  });
});
