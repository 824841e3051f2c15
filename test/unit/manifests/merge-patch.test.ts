import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { applyMergePatch } from '../../../src/manifests/overridden.ts';

describe('a merge patch', () => {
  // The cases of RFC 7386, appendix A.
  test.each<[unknown, unknown, unknown]>([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ a: 'b' }, ['c'], ['c']],
    [{ a: 'foo' }, null, null],
    [{ a: 'foo' }, 'bar', 'bar'],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('turns %j with %j into %j', (target, patch, expected) => {
    expect(applyMergePatch(target, patch)).toEqual(expected);
  });

  test.each<[string, unknown, unknown, unknown]>([
    [
      'a container keeps fields that the patch does not mention',
      { containers: [{ name: 'a', image: 'i', args: ['x'] }] },
      { containers: [{ name: 'a', image: 'j' }] },
      { containers: [{ name: 'a', image: 'j', args: ['x'] }] },
    ],
    [
      'a new item follows the existing ones',
      { containers: [{ name: 'a' }] },
      { containers: [{ name: 'b', image: null, args: [] }] },
      { containers: [{ name: 'a' }, { name: 'b', args: [] }] },
    ],
    [
      'mounts are identified by their path',
      { volumeMounts: [{ name: 'a', mountPath: '/a' }] },
      { volumeMounts: [{ name: 'a', mountPath: '/b' }] },
      {
        volumeMounts: [
          { name: 'a', mountPath: '/a' },
          { name: 'a', mountPath: '/b' },
        ],
      },
    ],
    [
      'items without a name are appended',
      { env: [{ name: 'A', value: '1' }] },
      { env: [7, { value: '2' }] },
      { env: [{ name: 'A', value: '1' }, 7, { value: '2' }] },
    ],
    ['a new list is added', {}, { ports: [{ name: 'a', port: 1 }] }, { ports: [{ name: 'a', port: 1 }] }],
    ['null removes the whole list', { env: [{ name: 'A' }] }, { env: null }, {}],
    ['any other list is replaced', { tolerations: [{ key: 'a' }] }, { tolerations: [] }, { tolerations: [] }],
  ])('merges lists with keys: %s', (_, target, patch, expected) => {
    expect(applyMergePatch(target, patch)).toEqual(expected);
  });

  test('does not change its arguments, and can be applied twice', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (target, patch) => {
        const before = JSON.stringify([target, patch]);
        const once = applyMergePatch(target, patch);
        expect(JSON.stringify([target, patch])).toBe(before);
        expect(applyMergePatch(once, patch)).toEqual(once);
      }),
    );
  });

  test('treats __proto__ as an ordinary key', () => {
    const patch: unknown = JSON.parse('{"__proto__": {"polluted": true}, "constructor": {"a": 1}}');
    const merged = applyMergePatch({}, patch);
    expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
    expect(JSON.stringify(merged)).toBe(JSON.stringify(patch));
  });
});

test.each([
  ['containers', 'name'],
  ['initContainers', 'name'],
  ['volumes', 'name'],
  ['env', 'name'],
  ['ports', 'name'],
  ['imagePullSecrets', 'name'],
  ['volumeMounts', 'mountPath'],
])('a merge patch merges the items of %s by their %s', (field, key) => {
  const live = { [field]: [{ [key]: 'a', kept: 1 }, { [key]: 'b' }] };
  expect(applyMergePatch(live, { [field]: [{ [key]: 'a', added: 2 }] })).toEqual({
    [field]: [{ [key]: 'a', kept: 1, added: 2 }, { [key]: 'b' }],
  });
});

test.each(['topologySpreadConstraints', 'tolerations', 'args'])('a merge patch replaces the list %s', (field) => {
  const live = { [field]: [{ topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway', maxSkew: 1 }] };
  const wanted = [{ topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway' }];
  expect(applyMergePatch(live, { [field]: wanted })).toEqual({ [field]: wanted });
});
