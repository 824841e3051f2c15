import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { overrideList } from '../../../../src/inputs/grammar/overrides.ts';

describe('the input overrides', () => {
  test('lists patches by object, in the written order', () => {
    expect(
      overrideList.parse(
        'Service/client: {metadata: {labels: {a: "1", b: null}}}\nStatefulSet/all: {spec: {x: [1, true]}}',
      ),
    ).toEqual({
      kind: 'accepted',
      value: [
        { kind: 'Service', role: 'client', patch: { metadata: { labels: { a: '1', b: null } } } },
        { kind: 'StatefulSet', role: 'all', patch: { spec: { x: [1, true] } } },
      ],
    });
  });

  test.each([
    ['invalid YAML', 'a: ['],
    ['a list', '[1]'],
    ['a plain text', 'StatefulSet'],
    ['an unsupported kind', 'Deployment/servers: {}'],
    ['a kind without a name', 'StatefulSet: {}'],
    ['a key of more than two parts', 'Service/a/b: {}'],
    ['an invalid name', 'Service/A_b: {}'],
    ['a patch that is not a mapping', 'Service/client: []'],
    ['an empty patch', 'Service/client:'],
    ['another API version', 'Service/client: {apiVersion: v2}'],
    ['another kind in the patch', 'Service/client: {kind: Pod}'],
    ['a status', 'Service/client: {status: {}}'],
    ['another name', 'Service/client: {metadata: {name: other}}'],
    ['another namespace', 'Service/client: {metadata: {namespace: other}}'],
    ['the removal of labels', 'Service/client: {metadata: {labels: null}}'],
    ['the removal of metadata', 'Service/client: {metadata: null}'],
    ['a label that is a number', 'Service/client: {metadata: {labels: {a: 1}}}'],
    ['the data of a Secret', 'Secret/config: {data: {nats.conf: YQ==}}'],
    ['the string data of a Secret', 'Secret/client: {stringData: {password: hunter2}}'],
    ['the type of a Secret', 'Secret/all: {type: Opaque}'],
    ['an immutable Secret', 'Secret/all: {immutable: true}'],
    ['infinity', 'Service/client: {spec: {a: .inf}}'],
    ['an alias', 'Service/client: &a {spec: {}}\nService/pod: *a'],
    ['the same key twice', 'Service/client: {}\nService/client: {}'],
    ['deep nesting', `Service/client: ${'{a: '.repeat(60)}1${'}'.repeat(60)}`],
    ['very deep nesting', `Service/client: ${'['.repeat(10_000)}`],
    ['a patch that is too large for an annotation', `Service/client: {spec: {a: ${'x'.repeat(40_000)}}}`],
  ])('refuses %s', (_, text) => {
    expect(overrideList.parse(text).kind).toBe('refused');
  });

  test('never throws', () => {
    const object = fc.dictionary(fc.constantFrom('Service/client', 'Secret/all', 'x', '__proto__'), fc.jsonValue());
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          object.map((value) => JSON.stringify(value)),
        ),
        (text) => {
          expect(['accepted', 'refused']).toContain(overrideList.parse(text).kind);
        },
      ),
    );
  });

  test('has a valid example', () => {
    expect(overrideList.parse(overrideList.example).kind).toBe('accepted');
  });
});
