import { describe, expect, test } from '@jest/globals';
import { findDrift } from '../../../src/drift/drift.ts';

describe('a value that the API server does not store', () => {
  test.each([
    ['false in a field with this default', { readOnly: false }, {}],
    ['zero in a field with this default', { minReadySeconds: 0 }, {}],
    ['an empty text in a field with this default', { value: '' }, {}],
    ['an empty map', { limits: {} }, {}],
    ['an empty list', { args: [] }, {}],
    ['null', { affinity: null }, {}],
    ['a quantity of zero in another notation', { limits: { cpu: '0' } }, { limits: { cpu: '0m' } }],
    ['a quantity in another notation', { limits: { cpu: 0.1 } }, { limits: { cpu: '100m' } }],
  ])('is not drift: %s', (_, wanted, found) => {
    expect(findDrift({ spec: wanted }, { spec: found })).toStrictEqual([]);
  });

  test.each([
    ['zero without such a default', { replicas: 0 }, {}, 'spec.replicas', 'missing'],
    ['false without such a default', { enabled: false }, {}, 'spec.enabled', 'missing'],
    ['true', { readOnly: true }, {}, 'spec.readOnly', 'missing'],
    ['a quantity that differs by one thousandth', { limits: { cpu: '1' } }, { limits: { cpu: '1001m' } }],
    ['a quantity that is not a number', { limits: { cpu: 'x' } }, { limits: { cpu: 'y' } }],
    ['another notation of a text', { image: '1' }, { image: '1000m' }, 'spec.image', 'different'],
  ])('is drift in place of %s', (_, wanted, found, path = 'spec.limits.cpu', kind = 'different') => {
    expect(findDrift({ spec: wanted }, { spec: found })).toStrictEqual([{ path, kind }]);
  });
});

test.each([
  ['its port if it has no name', 'ports', { containerPort: 8080 }, '8080'],
  ['its port and protocol if it has no name', 'ports', { containerPort: 8080, protocol: 'UDP' }, '8080/UDP'],
  ['its index if no field identifies it', 'ports', { appProtocol: 'nats' }, '0'],
  ['both of its keys', 'topologySpreadConstraints', { topologyKey: 'zone', whenUnsatisfiable: 'x' }, 'zone/x'],
])('a list item is named by %s', (_, list, item, name) => {
  const found = { [list]: [{ protocol: 'TCP', ...item }] };
  expect(findDrift({ spec: { [list]: [{ ...item, extra: 1 }] } }, { spec: found })).toStrictEqual([
    { path: `spec.${list}[${name}].extra`, kind: 'missing' },
  ]);
});

test.each([
  ['of a Secret', 'Secret', 'data', [['data.b', 'surplus-key']]],
  ['of a ConfigMap', 'ConfigMap', 'data', [['data.b', 'surplus-key']]],
  ['of the binary data of a ConfigMap', 'ConfigMap', 'binaryData', [['binaryData.b', 'surplus-key']]],
  ['of a label of a ConfigMap', 'ConfigMap', 'labels', []],
  ['of the data of another kind', 'Preview', 'data', []],
])('an added key is drift, or not: %s', (_, kind, field, expected) => {
  const found = findDrift({ kind, [field]: { a: 'x' } }, { kind, [field]: { a: 'x', b: 'y' } });
  expect(found.map((one) => [one.path, one.kind])).toStrictEqual(expected);
});
