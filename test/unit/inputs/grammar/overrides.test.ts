import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { overrideList } from '../../../../src/inputs/grammar/overrides.ts';

const MAX_CHARACTERS = 32_768;
const MAX_DEPTH = 40;

/** Builds a patch whose innermost value is so many levels below the patch. */
const inMappings = (levels: number): string => `Service/client: ${'{a: '.repeat(levels)}1${'}'.repeat(levels)}`;
const inLists = (levels: number): string => `Service/client: {a: ${'['.repeat(levels - 1)}1${']'.repeat(levels - 1)}}`;

/** Builds overrides of so many characters. */
function overridesOfLength(length: number): string {
  const [before, after] = ['Service/client: {a: "', '"}'];
  return `${before}${'x'.repeat(length - before.length - after.length)}${after}`;
}

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
    ['as many characters as an annotation may keep', overridesOfLength(MAX_CHARACTERS)],
    ['as many levels of mappings as the limit', inMappings(MAX_DEPTH)],
    ['as many levels of lists as the limit', inLists(MAX_DEPTH)],
    ['the removal of a field', 'Service/client: {spec: null}'],
    ['annotations', 'Service/client: {metadata: {annotations: {a: "1"}}}'],
    ['labels of a Secret', 'Secret/all: {metadata: {labels: {a: b}}}'],
    ['every kind of value', 'StatefulSet/all: {spec: [text, 1, 1.5, true, false, null, {}, []]}'],
    ['a role of 253 characters', `Service/${'a'.repeat(253)}: {spec: {}}`],
    ['an empty mapping', 'Service/client: {}'],
  ])('accepts %s', (_, text) => {
    expect(overrideList.parse(text).kind).toBe('accepted');
  });

  test.each([
    ['one character more than an annotation may keep', overridesOfLength(MAX_CHARACTERS + 1)],
    ['one level of mappings more than the limit', inMappings(MAX_DEPTH + 1)],
    ['one level of lists more than the limit', inLists(MAX_DEPTH + 1)],
    ['a role of 254 characters', `Service/${'a'.repeat(254)}: {spec: {}}`],
    ['a number that is not one', 'Service/client: {spec: [.nan]}'],
    ['annotations that are a list', 'Service/client: {metadata: {annotations: [a]}}'],
    ['an annotation that is a mapping', 'Service/client: {metadata: {annotations: {a: {}}}}'],
    ['a field of the metadata after valid labels', 'Service/client: {metadata: {labels: {}, finalizers: []}}'],
    ['an invalid patch after a valid one', 'Service/client: {}\nService/pod: []'],
    ['the data of a Secret after its labels', 'Secret/all: {metadata: {labels: {a: b}}, data: {}}'],
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

  test.each([
    ['a misspelt kind', 'Servcie/client: {}', 'did you mean `Service`'],
    ['a number as a label, which needs quotes', 'Service/client: {metadata: {labels: {a: 1}}}', 'put it in quotes'],
  ])('asks for the right text in place of %s', (_, text, hint) => {
    expect(overrideList.parse(text)).toEqual({ kind: 'refused', expected: expect.stringContaining(hint) });
  });

  test('makes no guess for a kind that resembles none', () => {
    const unlike = expect.not.stringContaining('did you mean');
    expect(overrideList.parse('Deployment/client: {}')).toEqual({ kind: 'refused', expected: unlike });
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
