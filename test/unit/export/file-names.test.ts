import { expect, test } from '@jest/globals';
import { isRenderedPath, LIST, parseList, renderList } from '../../../src/runner/output-files.ts';
import { rendered } from '../support/rendered-files.ts';

const everything = { metrics: 'true', 'network-policy': 'true', replicas: '2' };

test.each([
  ['manifests', {}],
  ['kustomize', { 'client-certificates': 'orders', allow: 'rendered-secrets' }],
  ['helm', { allow: 'rendered-secrets' }],
  ['helm', { 'ca-certificate': '', 'service-type': 'LoadBalancer' }],
])('the file list may name every file of a rendering as %s', async (format, inputs) => {
  const { files } = await rendered({ 'render-format': format, ...everything, ...inputs });
  expect(files.length).toBeGreaterThan(5);
  expect(files.map(({ path }) => path).filter((path) => !isRenderedPath(path))).toEqual([]);
});

test.each([
  'package.json',
  'src/service-a.yaml',
  '.git/config',
  'templates/../a-b.yaml',
  LIST,
  'authorized_keys',
  '.env',
])('the file list may not name %s', (path) => {
  expect(isRenderedPath(path)).toBe(false);
});

test('the file list contains each path once with each of its contents', () => {
  const [one, two] = ['a'.repeat(64), 'b'.repeat(64)];
  const files = [
    { path: 'b', digest: two },
    { path: 'b', digest: one },
    { path: 'a', digest: undefined },
    { path: 'b', digest: two },
  ];
  const text = renderList(files);
  expect(text).toBe(`a\n${one}  b\n${two}  b\n`);
  expect(parseList(`${text}../c\n/etc/passwd\n${one}  a/b/c\nzz  d\n`)).toEqual([
    { path: 'a', digest: undefined },
    { path: 'b', digest: one },
    { path: 'b', digest: two },
  ]);
});
