import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { renderHelmFiles } from '../../../src/export/files.ts';
import type { Rendering } from '../../../src/export/rendering.ts';
import { md } from '../../../src/text/markdown.ts';
import { emptyRendering } from '../support/rendered-files.ts';

const rendering = (overrides: Partial<Rendering> = {}): Rendering =>
  emptyRendering({
    format: 'helm',
    objectsAt: ({ namespace, image }) => [
      service({ namespace, image, host: `nats.${namespace}.svc`, template: 'a {{ .b }} {{{' }),
    ],
    needed: [{ name: 'own', keys: ['{{ key }}'], source: md`yours` }],
    ...overrides,
  });

const service = (annotations: Readonly<Record<string, string>>) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'nats', annotations },
});

const textsOf = (from: Rendering): Readonly<Record<string, string>> =>
  Object.fromEntries(renderHelmFiles(from).map(({ path, content }) => [path, String(content)]));

/** Executes simple template actions like Helm. */
const executed = (template: string, values: Readonly<Record<string, string>>): string =>
  template.replaceAll(
    /\{\{ (?:"([^"]*)"|\.Values\.(\w+)) \}\}/g,
    (_, text: string | undefined, name: string) => text ?? values[name] ?? '',
  );

describe('a rendered chart', () => {
  const texts = textsOf(rendering());

  test('has only the values namespace and image', () => {
    expect(parse(texts['values.yaml'] ?? '')).toEqual({ namespace: 'messaging', image: 'nats:2.15.2' });
  });

  test('escapes text that looks like a template, and inserts the values', () => {
    const template = texts['templates/service-nats.yaml'] ?? '';
    expect(parse(executed(template, { namespace: '12', image: 'other' }))).toEqual(
      service({
        namespace: '12',
        image: 'other',
        host: 'nats.12.svc',
        template: 'a {{ .b }} {{{',
        'nats-cluster-action/rendered': 'helm',
      }),
    );
    expect(executed(texts['templates/NOTES.txt'] ?? '', {})).toContain('`{{ key }}`');
  });

  test('works only for its namespace if its certificates contain it', () => {
    const bound = textsOf(rendering({ isBoundToNamespace: true }));
    expect(bound['templates/namespace.yaml']).toMatch(/^\{\{- if ne \.Values\.namespace "messaging" \}\}\{\{ fail "/);
    expect(bound['templates/service-nats.yaml']).toContain('host: "nats.messaging.svc"');
    expect(texts['templates/namespace.yaml']).toBeUndefined();
  });

  test('has a valid Helm version, different for each configuration', () => {
    expect(parse(texts['Chart.yaml'] ?? '')).toMatchObject({
      apiVersion: 'v2',
      name: 'nats',
      version: '0.1.0+0123456789ab',
    });
  });

  test('renders the PodMonitor only for clusters that have its kind', () => {
    const monitor = { apiVersion: 'monitoring.coreos.com/v1', kind: 'PodMonitor', metadata: { name: 'nats' } };
    const template = textsOf(rendering({ objectsAt: () => [monitor] }))['templates/podmonitor-nats.yaml'];
    expect(template).toMatch(
      /^\{\{- if \.Capabilities\.APIVersions\.Has "monitoring\.coreos\.com\/v1\/PodMonitor" \}\}\n[^]*\n\{\{- end \}\}\n$/,
    );
  });

  test('is packed next to its files, and the package does not contain itself', () => {
    const packed = renderHelmFiles(rendering({ hasSecrets: true })).at(-1);
    expect(packed).toMatchObject({ path: 'nats.tgz', isSecret: true });
    expect(texts['.helmignore']).toBe('nats.tgz\n');
  });
});
