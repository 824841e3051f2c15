import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ActionError } from '../../../src/errors/action-error.ts';
import { connectKubernetes, type KubernetesApi } from '../../../src/kubernetes/api.ts';
import { loadKubeConfig } from '../../../src/kubernetes/kubeconfig.ts';
import { decodeNode } from '../../../src/objects/node.ts';
import { decodeSecret } from '../../../src/objects/secret.ts';
import { decodeStatefulSet } from '../../../src/objects/stateful-set.ts';
import { eventually } from '../../support/eventually.ts';
import { makeNamespace, type TestNamespace } from '../../support/namespace.ts';

const fieldManager = 'test-manager';
const signal = AbortSignal.timeout(2 * 60_000);
let namespace: TestNamespace;
let api: KubernetesApi;

beforeAll(async () => {
  namespace = await makeNamespace('objects');
  api = connectKubernetes(loadKubeConfig(undefined, undefined, process.env));
});

afterAll(async () => {
  await api?.close();
  await namespace?.remove();
});

function configMap(name: string, data: Readonly<Record<string, unknown>>) {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: namespace.name }, data };
}

async function refused(action: Promise<unknown>): Promise<ActionError> {
  try {
    await action;
  } catch (error) {
    if (error instanceof ActionError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

describe('objects', () => {
  test('applies, reads, lists by label and removes an object', async () => {
    const ref = { kind: 'Secret', name: 'first', namespace: namespace.name } as const;
    const applied = await api.apply(
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'first', namespace: namespace.name, labels: { part: 'one' } },
        stringData: { 'nats.conf': 'grüße "x"' },
      },
      { fieldManager },
      signal,
    );
    const read = await api.get(ref, signal);
    expect(read?.metadata.uid).toBe(applied.metadata.uid);
    expect(read && decodeSecret(read).data).toEqual({ 'nats.conf': 'grüße "x"' });
    const listed = await api.list('Secret', { namespace: namespace.name, labelSelector: 'part=one' }, signal);
    expect(listed.objects.map(({ kind, metadata }) => [kind, metadata.name])).toEqual([['Secret', 'first']]);
    expect((await refused(api.remove(ref, { uid: 'another' }, signal))).code).toBe('APPLY_CONFLICT');
    expect(await api.remove(ref, { uid: applied.metadata.uid }, signal)).toBe(true);
    expect(await api.remove(ref, {}, signal)).toBe(false);
    expect(await api.get(ref, signal)).toBeUndefined();
  });

  test('changes nothing when it applies the same manifest again', async () => {
    const first = await api.apply(configMap('same', { a: '1' }), { fieldManager }, signal);
    const second = await api.apply(configMap('same', { a: '1' }), { fieldManager }, signal);
    expect(second.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
  });

  test('returns the result of a dry run and stores nothing', async () => {
    const dry = await api.apply(configMap('dry', { a: '1' }), { fieldManager, dryRun: true }, signal);
    expect(dry.raw['data']).toEqual({ a: '1' });
    expect(await api.get({ kind: 'ConfigMap', name: 'dry', namespace: namespace.name }, signal)).toBeUndefined();
  });

  test('reports a field conflict with object, field and manager, and takes the field with force', async () => {
    await api.apply(configMap('held', { a: 'theirs' }), { fieldManager: 'other-manager' }, signal);
    const error = await refused(api.apply(configMap('held', { a: 'ours' }), { fieldManager }, signal));
    expect(error.code).toBe('APPLY_CONFLICT');
    expect(error.details).toEqual({
      problems: [
        {
          object: `ConfigMap ${namespace.name}/held`,
          reason: 'FieldManagerConflict',
          message: expect.stringMatching(/^\.data\.a: .*"other-manager"/),
        },
      ],
    });
    const forced = await api.apply(configMap('held', { a: 'ours' }), { fieldManager, force: true }, signal);
    expect(forced.raw['data']).toEqual({ a: 'ours' });
  });

  test.each<[string, () => object, string, RegExp]>([
    ['a misspelt field', () => ({ ...configMap('bad', {}), dota: {} }), 'BadRequest', /dota/],
    ['a value of the wrong type', () => configMap('bad', { a: { b: 1 } }), 'BadRequest', /a/],
    ['a forbidden name', () => configMap('Bad_Name', {}), 'Invalid', /metadata\.name/],
  ])('reports %s with its field', async (_name, manifest, _reason, message) => {
    const error = await refused(api.apply({ ...configMap('bad', {}), ...manifest() }, { fieldManager }, signal));
    expect(error.code).toBe('APPLY_REJECTED');
    expect(error.message).toMatch(message);
  });

  test('reports a refusal by Pod Security as such, not as a missing permission', async () => {
    await api.patch(
      { kind: 'Namespace', name: namespace.name },
      { kind: 'merge', value: { metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } } } },
      { fieldManager },
      signal,
    );
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'root', namespace: namespace.name },
      spec: { containers: [{ name: 'root', image: 'nats:2.15.2', securityContext: { privileged: true } }] },
    };
    const error = await refused(api.apply(pod, { fieldManager }, signal));
    expect([error.code, error.reason]).toEqual(['APPLY_REJECTED', 'PodSecurity']);
  });

  test('reports an exceeded quota as such', async () => {
    await namespace.core.createNamespacedResourceQuota({
      namespace: namespace.name,
      body: { metadata: { name: 'none' }, spec: { hard: { 'services.nodeports': '0', services: '0' } } },
    });
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'one', namespace: namespace.name },
      spec: { ports: [{ port: 4222 }] },
    };
    // The admission of the API server learns of a new quota through a watch. Until then, the test sends dry runs,
    // because they store nothing.
    const rehearsed = async (): Promise<ActionError | undefined> =>
      await api.apply(service, { fieldManager, dryRun: true }, signal).then(
        () => undefined,
        (error: unknown) => (error instanceof ActionError ? error : undefined),
      );
    await eventually('the quota', 30, rehearsed);
    const error = await refused(api.apply(service, { fieldManager }, signal));
    expect([error.code, error.reason]).toEqual(['APPLY_REJECTED', 'ExceededQuota']);
  });

  test('names the namespace if it does not exist', async () => {
    const manifest = { ...configMap('x', {}), metadata: { name: 'x', namespace: 'no-such-namespace' } };
    const error = await refused(api.apply(manifest, { fieldManager }, signal));
    expect([error.code, error.details]).toEqual(['NAMESPACE_MISSING', { namespace: 'no-such-namespace' }]);
  });

  test('changes nothing when the test of a JSON patch fails', async () => {
    await api.apply(configMap('patched', { a: '1' }), { fieldManager }, signal);
    const ref = { kind: 'ConfigMap', name: 'patched', namespace: namespace.name } as const;
    const operations = [
      { op: 'test', path: '/data/a', value: '2' },
      { op: 'replace', path: '/data/a', value: '3' },
    ];
    expect((await refused(api.patch(ref, { kind: 'json', operations }, { fieldManager }, signal))).code).toBe(
      'APPLY_REJECTED',
    );
    expect((await api.get(ref, signal))?.raw['data']).toEqual({ a: '1' });
  });

  test('decodes nodes and StatefulSets of the API server', async () => {
    const nodes = (await api.list('Node', {}, signal)).objects.map(decodeNode);
    expect(nodes.length).toBeGreaterThan(0);
    expect(nodes.every(({ schedulable }) => schedulable)).toBe(true);
    const labels = { app: 'set' };
    const set = {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'set', namespace: namespace.name },
      spec: {
        replicas: 0,
        serviceName: 'set',
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'nats:2.15.2' }] } },
      },
    };
    const decoded = decodeStatefulSet(await api.apply(set, { fieldManager }, signal));
    expect(decoded).toMatchObject({ name: 'set', generation: 1, desiredReplicas: 0, readyReplicas: 0, partition: 0 });
  });
});

describe('follow', () => {
  test('yields the list first, then every change, and ends with the reason of the abort', async () => {
    await api.apply(configMap('followed', { a: '1' }), { fieldManager }, signal);
    const stop = new AbortController();
    const seen: string[] = [];
    const selection = { namespace: namespace.name, fieldSelector: 'metadata.name=followed' };
    const following = (async () => {
      for await (const event of api.follow('ConfigMap', selection, stop.signal)) {
        seen.push(event.kind);
        if (event.kind === 'listed') await api.apply(configMap('followed', { a: '2' }), { fieldManager }, signal);
        if (event.kind === 'modified') {
          await api.remove({ kind: 'ConfigMap', name: 'followed', namespace: namespace.name }, {}, signal);
        }
        if (event.kind === 'deleted') stop.abort(new Error('seen enough'));
      }
    })();
    await expect(following).rejects.toThrow('seen enough');
    expect(seen).toEqual(['listed', 'modified', 'deleted']);
  });
});
