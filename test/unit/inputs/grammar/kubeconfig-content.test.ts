import { describe, expect, test } from '@jest/globals';
import { kubeconfig } from '../../../../src/inputs/grammar/kubeconfig.ts';

const encode = (text: string): string => Buffer.from(text).toString('base64');

const SHORTEST = 'clusters: []';

describe('the input kubeconfig', () => {
  test.each([
    ['base64 of 16 characters, the shortest that is decoded', encode(SHORTEST), SHORTEST],
    ['clusters that YAML merges into the mapping', 'base: &base {clusters: []}\n<<: *base', undefined],
  ])('is the content: %s', (_, text, yaml = text) => {
    expect(kubeconfig.parse(text)).toEqual({ kind: 'accepted', value: { kind: 'content', yaml } });
  });

  test('may be base64 of 16 characters', () => {
    expect(encode(SHORTEST)).toHaveLength(16);
  });

  test.each([
    ['a single word', 'a'],
    ['base64 with one character that base64 does not have', `!${encode(SHORTEST)}`],
    ['base64 of another text', encode('clusters without a list')],
    ['200 characters without a slash', 'x'.repeat(200)],
    ['201 characters with a slash', `/${'x'.repeat(200)}`],
    ['1024 characters', '/x'.repeat(512)],
    ['a colon without a space after it', 'C:\\kube\\config'],
  ])('is a path: %s', (_, text) => {
    expect(kubeconfig.parse(text)).toEqual({ kind: 'accepted', value: { kind: 'path', path: text } });
  });

  test.each([
    ['201 characters without a slash', 'x'.repeat(201)],
    ['1025 characters', `${'/x'.repeat(512)}/`],
    ['a key and its value on one line', 'clusters: none'],
    ['several lines', 'a\nb'],
    ['a flow mapping without a list of clusters', '{clusters: none}'],
    ['clusters that are a mapping', 'clusters:\n  a: b'],
  ])('is refused: %s', (_, text) => {
    expect(kubeconfig.parse(text)).toEqual({ kind: 'refused' });
  });

  test('contains no secret if it is base64 of another text', () => {
    expect(kubeconfig.secrets?.(encode('clusters without a list'))).toStrictEqual([]);
  });
});
