import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { renderFiles } from '../../../src/export/files.ts';
import { renderNotes, renderReadme } from '../../../src/export/instructions.ts';
import type { RenderedObject, Rendering } from '../../../src/export/rendering.ts';
import { isOptionalObject, isSecretObject, renderObject } from '../../../src/export/rendering.ts';
import { md } from '../../../src/text/markdown.ts';
import { emptyRendering } from '../support/rendered-files.ts';

const object = (kind: string, name = 'nats'): RenderedObject => ({ apiVersion: 'v1', kind, metadata: { name } });

const rendering = (overrides: Partial<Rendering> = {}): Rendering =>
  emptyRendering({
    objectsAt: () => [object('Service'), object('PodMonitor'), object('StatefulSet')],
    ...overrides,
  });

const SECRETS = {
  hasSecrets: true,
  objectsAt: () => [object('Secret', 'b'), object('Secret', 'a'), object('Service')],
};

const pathsOf = (overrides: Partial<Rendering>): readonly string[] =>
  renderFiles(rendering(overrides)).map(({ path }) => path);

describe('the files of a rendering', () => {
  test.each<readonly [format: Rendering['format'], paths: readonly string[]]>([
    ['manifests', ['README.md', 'optional/podmonitor-nats.yaml', 'service-nats.yaml', 'statefulset-nats.yaml']],
    [
      'kustomize',
      [
        'README.md',
        'kustomization.yaml',
        'optional/podmonitor-nats.yaml',
        'service-nats.yaml',
        'statefulset-nats.yaml',
      ],
    ],
    [
      'helm',
      [
        '.helmignore',
        'Chart.yaml',
        'README.md',
        'nats.tgz',
        'templates/NOTES.txt',
        'templates/podmonitor-nats.yaml',
        'templates/service-nats.yaml',
        'templates/statefulset-nats.yaml',
        'values.schema.json',
        'values.yaml',
      ],
    ],
  ])('are sorted by path, and none is secret without Secrets: %s', (format, paths) => {
    expect(pathsOf({ format })).toEqual(paths);
    expect(renderFiles(rendering({ format })).filter(({ isSecret }) => isSecret)).toEqual([]);
  });

  test.each<readonly [format: Rendering['format'], secret: readonly string[]]>([
    ['manifests', ['secret-a.yaml', 'secret-b.yaml']],
    ['kustomize', ['secret-a.yaml', 'secret-b.yaml']],
    ['helm', ['nats.tgz', 'templates/secret-a.yaml', 'templates/secret-b.yaml']],
  ])('are kept out of git if they hold secrets: %s', (format, secret) => {
    const files = renderFiles(rendering({ format, ...SECRETS }));
    expect(files.filter(({ isSecret }) => isSecret).map(({ path }) => path)).toEqual(secret);
    const ignored = files.find(({ path }) => path === '.gitignore');
    expect(ignored?.content).toBe(secret.map((path) => `/${path}\n`).join(''));
    expect(files[0]).toBe(ignored);
  });

  test('list only the objects that every cluster accepts in the kustomization, in their order', () => {
    const files = renderFiles(rendering({ format: 'kustomize' }));
    const { content = '' } = files.find(({ path }) => path === 'kustomization.yaml') ?? {};
    expect(parse(String(content))).toMatchObject({ resources: ['service-nats.yaml', 'statefulset-nats.yaml'] });
  });
});

test.each([
  ['Secret', true, false],
  ['PodMonitor', false, true],
  ['Service', false, false],
])('an object of kind %s is secret: %s, and optional: %s', (kind, isSecret, isOptional) => {
  expect([isSecretObject(object(kind)), isOptionalObject(object(kind))]).toEqual([isSecret, isOptional]);
});

describe('the YAML of an object', () => {
  const labels = { a: '1' };
  const annotations = { yes: 'no', long: 'word '.repeat(60) };
  const shared = { ...object('Service'), metadata: { name: 'nats', labels, annotations, more: labels } };

  test('repeats equal parts without an alias, and never folds a line', () => {
    expect(renderObject(shared)).not.toMatch(/[&*]/);
    expect(
      renderObject(shared)
        .split('\n')
        .map((line) => line.trim().split(':')[0]),
    ).toEqual([
      'apiVersion',
      'kind',
      'metadata',
      'name',
      'labels',
      'a',
      'annotations',
      '"yes"',
      'long',
      'more',
      'a',
      '',
    ]);
  });

  test('has quotes around every text only if the caller asks for them', () => {
    expect(renderObject(object('Service'))).toBe('apiVersion: v1\nkind: Service\nmetadata:\n  name: nats\n');
    expect(renderObject(object('Service'), { quoted: true })).toBe(
      'apiVersion: "v1"\nkind: "Service"\nmetadata:\n  name: "nats"\n',
    );
  });
});

describe('the instructions of a rendering', () => {
  const needed = [
    { name: 'own', keys: ['tls.crt', 'tls.key'], source: md`yours` },
    { name: 'config', keys: ['nats.conf'], source: md`from deploy` },
  ];

  test('list each Secret that must exist, and nothing if none must', () => {
    const lines = ['- Secret `own` (`tls.crt`, `tls.key`): yours', '- Secret `config` (`nats.conf`): from deploy'];
    for (const text of [renderReadme(rendering({ needed })), renderNotes(rendering({ needed }))]) {
      expect(text.split('\n').filter((line) => line.startsWith('- '))).toEqual(lines);
    }
    for (const text of [renderReadme(rendering()), renderNotes(rendering())]) {
      expect(text).not.toContain('must exist');
    }
  });

  test.each<readonly [format: Rendering['format'], command: string]>([
    ['manifests', '--filename .'],
    ['kustomize', '--kustomize .'],
    ['helm', 'helm upgrade --install nats . --namespace messaging'],
  ])('contain the command that applies the files: %s', (format, command) => {
    expect(renderReadme(rendering({ format }))).toContain(command);
  });

  test('warn of Secrets among the files only if there are some', () => {
    expect(renderReadme(rendering({ hasSecrets: true }))).toContain('do not commit them');
    expect(renderReadme(rendering())).not.toContain('do not commit them');
  });

  test('contain every note', () => {
    const notes = [md`First.`, md`Second.`];
    expect(renderReadme(rendering({ notes }))).toMatch(/First\.\n\nSecond\.\n/);
    expect(renderNotes(rendering({ notes }))).toMatch(/First\.\n\nSecond\.\n/);
  });
});
