import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { overrideList } from '../../../../src/inputs/grammar/overrides.ts';

describe('overrides', () => {
  test('are by object, in the order they are written', () => {
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
    ['no YAML', 'a: ['],
    ['no mapping', '[1]'],
    ['a text', 'StatefulSet'],
    ['another kind', 'Deployment/servers: {}'],
    ['a kind without its object', 'StatefulSet: {}'],
    ['more than two parts', 'Service/a/b: {}'],
    ['a name that is none', 'Service/A_b: {}'],
    ['a patch that is no mapping', 'Service/client: []'],
    ['nothing', 'Service/client:'],
    ['another identity', 'Service/client: {apiVersion: v2}'],
    ['another kind inside', 'Service/client: {kind: Pod}'],
    ['a status', 'Service/client: {status: {}}'],
    ['another name', 'Service/client: {metadata: {name: other}}'],
    ['another namespace', 'Service/client: {metadata: {namespace: other}}'],
    ['labels that are removed', 'Service/client: {metadata: {labels: null}}'],
    ['metadata that is removed', 'Service/client: {metadata: null}'],
    ['a label that is a number', 'Service/client: {metadata: {labels: {a: 1}}}'],
    ['what a Secret holds', 'Secret/config: {data: {nats.conf: YQ==}}'],
    ['what a Secret holds as text', 'Secret/client: {stringData: {password: hunter2}}'],
    ['the type of a Secret', 'Secret/all: {type: Opaque}'],
    ['a Secret that nobody can change', 'Secret/all: {immutable: true}'],
    ['infinity', 'Service/client: {spec: {a: .inf}}'],
    ['an alias', 'Service/client: &a {spec: {}}\nService/pod: *a'],
    ['the same twice', 'Service/client: {}\nService/client: {}'],
    ['deep nesting', `Service/client: ${'{a: '.repeat(60)}1${'}'.repeat(60)}`],
    ['very deep nesting', `Service/client: ${'['.repeat(10_000)}`],
    ['more than an annotation takes', `Service/client: {spec: {a: ${'x'.repeat(40_000)}}}`],
  ])('refuse %s', (_, text) => {
    expect(overrideList.parse(text).kind).toBe('refused');
  });

  test('never throw', () => {
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

  test('show an example that they take', () => {
    expect(overrideList.parse(overrideList.example).kind).toBe('accepted');
  });
});
