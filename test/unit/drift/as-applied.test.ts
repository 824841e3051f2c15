import { describe, expect, test } from '@jest/globals';
import { findItem, isAsApplied } from '../../../src/drift/as-applied.ts';

const MANAGER = 'nats-cluster-action';

/** The parts of a StatefulSet that are owned in different ways. */
const manifest = {
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'nats', namespace: 'messaging', labels: { app: 'nats' } },
  spec: {
    replicas: 3,
    selector: { matchLabels: { app: 'nats' } },
    template: {
      spec: {
        nodeSelector: { disk: 'fast' },
        containers: [
          {
            name: 'nats',
            command: ['nats-server'],
            env: [{ name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
            ports: [{ name: 'client', containerPort: 4222 }],
          },
        ],
        volumes: [
          { name: 'pid', emptyDir: {} },
          {
            name: 'configuration',
            projected: { sources: [{ secret: { name: 'nats-config' } }, { secret: { name: 'tls-nats-server' } }] },
          },
        ],
      },
    },
    volumeClaimTemplates: [{ metadata: { name: 'store' }, spec: { accessModes: ['ReadWriteOnce'] } }],
  },
};

/** The managed fields as an API server of 1.36 writes them after that apply. */
const fields = {
  'f:metadata': { 'f:labels': { 'f:app': {} } },
  'f:spec': {
    'f:replicas': {},
    'f:selector': {},
    'f:template': {
      'f:spec': {
        'f:nodeSelector': {},
        'f:containers': {
          'k:{"name":"nats"}': {
            '.': {},
            'f:name': {},
            'f:command': {},
            'f:env': { 'k:{"name":"POD_NAME"}': { '.': {}, 'f:name': {}, 'f:valueFrom': { 'f:fieldRef': {} } } },
            'f:ports': {
              'k:{"containerPort":4222,"protocol":"TCP"}': { '.': {}, 'f:name': {}, 'f:containerPort': {} },
            },
          },
        },
        'f:volumes': {
          'k:{"name":"pid"}': { '.': {}, 'f:name': {}, 'f:emptyDir': {} },
          'k:{"name":"configuration"}': { '.': {}, 'f:name': {}, 'f:projected': { 'f:sources': {} } },
        },
      },
    },
    'f:volumeClaimTemplates': {},
  },
};

const [container] = manifest.spec.template.spec.containers;
const [claim] = manifest.spec.volumeClaimTemplates;

/** The live spec with defaults, a status, and a sidecar that another controller injected. */
const liveSpec = {
  ...manifest.spec,
  podManagementPolicy: 'Parallel',
  template: {
    spec: {
      ...manifest.spec.template.spec,
      restartPolicy: 'Always',
      containers: [
        { name: 'injected', image: 'proxy:1' },
        {
          ...container,
          env: [
            { name: 'POD_NAME', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } },
            { name: 'INJECTED', value: 'x' },
          ],
          ports: [{ name: 'client', containerPort: 4222, protocol: 'TCP' }],
        },
      ],
    },
  },
  volumeClaimTemplates: [{ apiVersion: 'v1', kind: 'PersistentVolumeClaim', ...claim, status: { phase: 'Pending' } }],
};

const own = { manager: MANAGER, operation: 'Apply', apiVersion: 'apps/v1', subresource: undefined, fields };
const controller = { ...own, manager: 'kube-controller-manager', operation: 'Update', subresource: 'status' };

function live(
  spec: Readonly<Record<string, unknown>> = liveSpec,
  managedFields: readonly (typeof own | typeof controller)[] = [own, controller],
) {
  const { spec: _, ...rest } = manifest;
  return { raw: { ...rest, spec, status: { readyReplicas: 3 } }, metadata: { managedFields } };
}

function owning(changed: object) {
  return live(liveSpec, [{ ...own, fields: { ...fields, ...changed } }]);
}

/** Returns `spec` of a pod template with these changes. */
function podSpec(changed: Readonly<Record<string, unknown>>) {
  return { ...liveSpec, template: { spec: { ...liveSpec.template.spec, ...changed } } };
}

describe('an unchanged live object', () => {
  test('needs no apply, whatever defaults and other fields were added', () => {
    expect(isAsApplied(manifest, live(), MANAGER)).toBe(true);
  });

  test.each([
    ['a value differs', live({ ...liveSpec, replicas: 2 })],
    ['a value is missing', live(podSpec({ nodeSelector: undefined }))],
    ['an atomic map has an additional entry', live(podSpec({ nodeSelector: { disk: 'fast', zone: 'a' } }))],
    ['an atomic list differs', live(podSpec({ volumes: withSource({ secret: { name: 'other' } }) }))],
    ['a part of an item of an atomic list belongs to another manager', live(podSpec({ volumes: withSource() }))],
    ['an atomic list has an additional item', live(podSpec({ volumes: withSource({ secret: { name: 'more' } }) }))],
    ['another manager changed a value and back, and owns it now', owning({ 'f:spec': without('f:replicas') })],
    ['another field was applied last', owning({ 'f:spec': { ...without('f:replicas'), 'f:paused': {} } })],
    ['parts of a number were applied last', owning({ 'f:spec': { ...fields['f:spec'], 'f:replicas': { 'f:x': {} } } })],
    ['more fields were applied last', owning({ 'f:data': { 'f:key': {} } })],
    ['more labels were applied last', owning({ 'f:metadata': { 'f:labels': { 'f:app': {}, 'f:more': {} } } })],
    ['nothing was applied', live(liveSpec, [controller])],
    ['it was updated, not applied', live(liveSpec, [{ ...own, operation: 'Update' }])],
    ['another manager applied it', live(liveSpec, [{ ...own, manager: 'helm' }])],
    ['it was applied with another API version', live(liveSpec, [{ ...own, apiVersion: 'apps/v1beta1' }])],
    ['it was applied with two API versions', live(liveSpec, [own, { ...own, apiVersion: 'apps/v1beta1' }])],
    ['the keys of an applied item are malformed', respelt('k:{"name":"pid"}', 'k:garbage')],
    ['an applied item is named in an unknown way', respelt('k:{"name":"pid"}', 'x:{"name":"pid"}')],
    ['an applied item is named by a key that it does not have', respelt('k:{"name":"pid"}', 'k:{"uid":"pid"}')],
    ['its managed fields are malformed', live(liveSpec, [{ ...own, fields: JSON.parse('{"f:spec":{"k:{":{}}}') }])],
  ])('needs an apply if %s', (_, object) => {
    expect(isAsApplied(manifest, object, MANAGER)).toBe(false);
  });

  test.each([
    ['an added field', { ...manifest, spec: { ...manifest.spec, minReadySeconds: 1 } }],
    ['a removed field', { ...manifest, spec: { ...manifest.spec, replicas: undefined } }],
    ['a removed item', { ...manifest, spec: { ...manifest.spec, template: { spec: firstVolume() } } }],
    ['an added annotation', { ...manifest, metadata: { ...manifest.metadata, annotations: { a: 'b' } } }],
    ['no labels', { ...manifest, metadata: { name: 'nats', namespace: 'messaging' } }],
  ])('needs an apply for a manifest with %s', (_, changed) => {
    expect(isAsApplied(changed, live(), MANAGER)).toBe(false);
  });
});

/** Returns the live object whose managed fields are recorded with one text replaced. */
function respelt(from: string, to: string) {
  const text = JSON.stringify(fields);
  return live(liveSpec, [{ ...own, fields: JSON.parse(text.replace(JSON.stringify(from), JSON.stringify(to))) }]);
}

function withSource(...more: readonly object[]) {
  const [pid] = manifest.spec.template.spec.volumes;
  const secret = { name: 'nats-config', optional: more.length === 0 };
  const source = more.length === 0 ? { secret } : { secret: { name: 'nats-config' } };
  return [
    pid,
    { name: 'configuration', projected: { sources: [source, { secret: { name: 'tls-nats-server' } }, ...more] } },
  ];
}

function without(field: 'f:replicas') {
  const { [field]: _, ...rest } = fields['f:spec'];
  return rest;
}

function firstVolume() {
  const { volumes, ...rest } = manifest.spec.template.spec;
  return { ...rest, volumes: volumes.slice(0, 1) };
}

describe('the list item that a managed field names', () => {
  const tcp = { name: 'dns', containerPort: 53, protocol: 'TCP' };
  const udp = { name: 'dns-udp', containerPort: 53, protocol: 'UDP' };
  const plain = { name: 'plain', containerPort: 53 };

  test.each<[string, string, readonly unknown[], unknown]>([
    ['has all of its keys', 'k:{"containerPort":53,"protocol":"UDP"}', [tcp, udp], udp],
    ['may leave out a key that has a default', 'k:{"containerPort":53,"protocol":"TCP"}', [udp, plain], plain],
    ['has at least one of its keys', 'k:{"port":53,"number":1}', [tcp, udp], undefined],
    ['is not any item if no key is named', 'k:{}', [tcp, udp], undefined],
    ['has the value that is named', 'v:"b"', ['a', 'b', 'c'], 'b'],
    ['is missing if no item has the value', 'v:"d"', ['a', 'b'], undefined],
    ['is not a text for keys', 'k:{"name":"dns"}', ['dns', null, tcp], tcp],
    ['is missing for malformed keys', 'k:{', [tcp], undefined],
    ['is missing for a name of another kind', 'i:{"name":"dns"}', [tcp], undefined],
  ])('%s: %s', (_, step, items, expected) => {
    expect(findItem(step, items)).toBe(expected);
  });
});
