import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findDrift } from '../../../src/drift/drift.ts';
import { buildStatefulSet, INITIAL_ROLLOUT } from '../../../src/manifests/manifests.ts';
import { buildClientService, buildHeadlessService } from '../../../src/manifests/services.ts';
import { clusterSpec } from '../support/cluster-spec.ts';
import { liveService, liveStatefulSet } from '../support/live.ts';

const spec = clusterSpec({ resources: { requests: { cpu: '0.5', memory: '1024Mi' }, limits: { memory: '2Gi' } } });
const desired = buildStatefulSet(spec, INITIAL_ROLLOUT);
const live = liveStatefulSet(desired);

const secret = (data: Readonly<Record<string, string>>) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'nats-config', namespace: 'messaging', labels: { 'app.kubernetes.io/name': 'nats' } },
  type: 'Opaque',
  data,
});

describe('a value that the API server or another tool adds', () => {
  test('is not drift in a StatefulSet: defaults, status, other notations of quantities, omitted fields', () => {
    expect(findDrift(desired, live)).toEqual([]);
  });

  test.each([buildClientService(spec), buildHeadlessService(spec)])(
    'is not drift in the Service $metadata.name',
    (manifest) => {
      expect(findDrift(manifest, liveService(manifest))).toEqual([]);
    },
  );

  test('may be left out for kind and version, as in the items of a list', () => {
    const { kind, apiVersion, ...item } = live;
    expect(findDrift(desired, item)).toEqual([]);
    expect([kind, apiVersion]).toEqual(['StatefulSet', 'apps/v1']);
  });

  test('is not drift if it is an injected container, volume or variable, or another order', () => {
    const { containers, volumes, ...pod } = live.spec.template.spec;
    const injected = containers.map((container) => ({
      ...container,
      env: [{ name: 'INJECTED', value: 'x' }, ...container.env].toReversed(),
      ports: container.ports.toReversed(),
    }));
    const template = {
      ...live.spec.template,
      spec: {
        ...pod,
        containers: [{ name: 'sidecar', image: 'x' }, ...injected],
        volumes: [...volumes, { name: 'x' }].toReversed(),
      },
    };
    expect(findDrift(desired, { ...live, spec: { ...live.spec, template } })).toEqual([]);
  });
});

/** Returns the live StatefulSet with one text in it replaced. */
function edited(from: string, to: string): unknown {
  const text = JSON.stringify(live);
  expect(text).toContain(from);
  return JSON.parse(text.replace(from, to));
}

const container = 'spec.template.spec.containers[nats]';

describe('drift', () => {
  test.each([
    ['another image', `"image":"${spec.image}"`, '"image":"nats:1"', `${container}.image`, 'different'],
    ['fewer replicas', '"replicas":3', '"replicas":2', 'spec.replicas', 'different'],
    ['a number as a text', '"replicas":3', '"replicas":"3"', 'spec.replicas', 'different'],
    ['more memory', '"memory":"2Gi"', '"memory":"3Gi"', `${container}.resources.limits.memory`, 'different'],
    ['no memory limit', '"limits":{"memory":"2Gi"}', '"limits":{}', `${container}.resources.limits.memory`, 'missing'],
    ['another argument', '"args":["--config"', '"args":["-c"', `${container}.args[0]`, 'different'],
    ['one more argument', '"args":[', '"args":["-D",', `${container}.args`, 'different'],
    [
      'a capability',
      '"drop":["ALL"]',
      '"drop":["ALL","NET_RAW"]',
      `${container}.securityContext.capabilities.drop`,
      'different',
    ],
    ['a missing variable', '"name":"SERVER_NAME"', '"name":"OTHER"', `${container}.env[SERVER_NAME]`, 'missing'],
    [
      'a missing port',
      '"name":"monitor","containerPort":8222',
      '"name":"m","containerPort":8222',
      `${container}.ports[monitor]`,
      'missing',
    ],
    [
      'a list in place of a map',
      '"emptyDir":{}',
      '"emptyDir":[]',
      'spec.template.spec.volumes[pid].emptyDir',
      'different',
    ],
    [
      'a missing volume',
      '"name":"pid","emptyDir"',
      '"name":"x","emptyDir"',
      'spec.template.spec.volumes[pid]',
      'missing',
    ],
    [
      'a missing label',
      '"app.kubernetes.io/instance"',
      '"x"',
      'metadata.labels["app.kubernetes.io/instance"]',
      'missing',
    ],
    [
      'another affinity term',
      '"topologyKey":"kubernetes.io/hostname"',
      '"topologyKey":"x"',
      'spec.template.spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey',
      'different',
    ],
    [
      'a mounted token',
      '"automountServiceAccountToken":false,',
      '',
      'spec.template.spec.automountServiceAccountToken',
      'missing',
    ],
  ])('is found: %s', (_, from, to, path, kind) => {
    expect(findDrift(desired, edited(from, to)).find((one) => one.path === path)).toEqual({ path, kind });
  });

  test('is reported once for each value', () => {
    expect(findDrift(desired, edited('"replicas":3', '"replicas":5'))).toEqual([
      { path: 'spec.replicas', kind: 'different' },
    ]);
  });

  test.each([undefined, null])('is the whole object if the object is %s', (absent) => {
    expect(findDrift(desired, absent)).toEqual([{ path: '', kind: 'missing' }]);
  });

  test.each([[[]], ['text'], [0], [true]])('is the whole object if the live value is not an object: %j', (none) => {
    expect(findDrift(desired, none)).toEqual([{ path: '', kind: 'different' }]);
  });

  test('is found in the publishing of addresses that are not ready, in both directions', () => {
    const ready = buildClientService(spec);
    const early = { ...liveService(ready), spec: { ...ready.spec, publishNotReadyAddresses: true } };
    expect(findDrift(ready, early)).toEqual([{ path: 'spec.publishNotReadyAddresses', kind: 'different' }]);
    expect(findDrift(buildHeadlessService(spec), liveService(ready)).map(({ path }) => path)).toContain(
      'spec.publishNotReadyAddresses',
    );
  });
});

describe('drift of a Secret', () => {
  const wanted = secret({ 'nats.conf': 'd2FudGVk', 'tls.crt': 'Y2VydA==' });

  test.each([
    ['for a changed value', { 'nats.conf': 'b3RoZXI=', 'tls.crt': 'Y2VydA==' }, [['data["nats.conf"]', 'different']]],
    ['for a missing key', { 'nats.conf': 'd2FudGVk' }, [['data["tls.crt"]', 'missing']]],
    ['for an emptied key', { 'nats.conf': '', 'tls.crt': 'Y2VydA==' }, [['data["nats.conf"]', 'different']]],
    ['for an added key', { ...wanted.data, extra: 'eA==' }, [['data.extra', 'surplus-key']]],
    [
      'for an added key with a dangerous name',
      JSON.parse('{"nats.conf":"d2FudGVk","tls.crt":"Y2VydA==","__proto__":"eA=="}'),
      [['data.__proto__', 'surplus-key']],
    ],
    ['but not without a change', wanted.data, []],
  ])('is reported %s', (_, data, expected) => {
    const found = findDrift(wanted, { ...wanted, metadata: { ...wanted.metadata, uid: 'x' }, data });
    expect(found.map(({ path, kind }) => [path, kind])).toEqual(expected);
  });

  test('never contains a value', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.constantFrom('s3cr3t', 'h1dden')), (data) => {
        const shown = JSON.stringify(findDrift(wanted, { ...wanted, data }));
        expect(shown).not.toMatch(/d2FudGVk|Y2VydA==|s3cr3t":|"h1dden"/);
      }),
    );
  });

  test('does not include labels that other tools add', () => {
    const labels = { ...wanted.metadata.labels, team: 'x' };
    expect(findDrift(wanted, { ...wanted, metadata: { ...wanted.metadata, labels } })).toEqual([]);
  });
});

describe('the comparison of any two values', () => {
  test('returns a result, and finds no drift between equal values', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        expect(findDrift(one, one)).toEqual([]);
        expect(Array.isArray(findDrift(one, other))).toBe(true);
      }),
    );
  });
});
