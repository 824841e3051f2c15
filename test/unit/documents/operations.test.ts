import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { inputTable } from '../../../src/inputs/inputs.ts';
import { buildManifests } from '../../../src/manifests/manifests.ts';
import {
  DEFAULT_NATS_SERVER_VERSION,
  EXPORTER_VERSION,
  KUBERNETES_VERSION,
  NATS_SERVER_VERSIONS,
} from '../../cluster/versions.ts';
import { readAllSnippets } from '../../support/snippets.ts';
import { fieldsOf, listOf, yamlSnippet } from '../../support/workflow-document.ts';
import { clusterSpec } from '../support/cluster-spec.ts';
import { materialFor } from '../support/material.ts';

const page = async (name: string): Promise<string> => await readFile(`docs/operations/${name}.md`, 'utf8');

describe('the page about versions', () => {
  test('names every nats-server release under test', async () => {
    const tested = NATS_SERVER_VERSIONS.filter((version) => version !== '2.9.25');
    expect(await page('versions')).toContain(`| nats-server | ${tested.join(', ')}: `);
  });

  test('names the tested Kubernetes release, and the oldest and newest release of the workflow on kind', async () => {
    const workflow: unknown = parse(await readFile('.github/workflows/e2e.yml', 'utf8'));
    const matrix = fieldsOf(fieldsOf(fieldsOf(fieldsOf(fieldsOf(workflow)['jobs'])['kind'])['strategy'])['matrix']);
    const minors = listOf(matrix['include']).map((row) => String(fieldsOf(row)['kubernetes']));
    const [oldest = '', newest = ''] = [minors.toSorted()[0], minors.toSorted().at(-1)];
    const text = await page('versions');
    expect(text).toContain(`| Kubernetes | ${KUBERNETES_VERSION}, `);
    expect(text).toContain(`kind with ${oldest} to ${newest} `);
  });
});

test('the page about registries names both default images', async () => {
  const text = await page('registries');
  expect(text).toContain(`\`nats:${DEFAULT_NATS_SERVER_VERSION}\``);
  expect(text).toContain(`\`natsio/prometheus-nats-exporter:${EXPORTER_VERSION}\``);
});

describe('the page about sizes', () => {
  test('has the number of objects of a NATS cluster', async () => {
    const replicas = 3;
    const spec = clusterSpec({ replicas, networkPolicy: false, clientCertificates: [] });
    const kinds = buildManifests(spec, materialFor(spec)).map(({ kind }) => kind);
    const count = (kind: string): number => kinds.filter((each) => each === kind).length;
    const text = await page('sizing');
    expect(text).toContain(`\`n\` + ${count('Service') - replicas} Services`);
    expect(text).toContain(`and ${count('Secret')} Secrets`);
  });

  test('has the defaults of the inputs', async () => {
    const text = await page('sizing');
    const defaults = new Map(inputTable.map((row) => [row.name, 'default' in row ? row.default : undefined]));
    for (const name of ['replicas', 'jetstream-memory'])
      expect(text).toContain(`| \`${name}\` | ${String(defaults.get(name))} |`);
    expect(text).toContain(`| \`jetstream-storage\` | ${String(defaults.get('jetstream-storage'))} for each server |`);
    expect(text).toContain(`The default \`timeout\` of \`${String(defaults.get('timeout'))}\``);
  });
});

test('the alert rules expect the routes of three servers, and use only metrics that the exporter is told to collect', async () => {
  const snippet = (await readAllSnippets()).find(
    ({ document, section }) => `${document}: ${section}` === 'docs/operations/monitoring.md: Alert rules',
  );
  const read = snippet === undefined ? undefined : yamlSnippet(snippet);
  const [rule] = read?.kind === 'objects' ? read.objects : [];
  const rules = listOf(fieldsOf(rule?.['spec'])['groups']).flatMap((group) => listOf(fieldsOf(group)['rules']));
  const expressions = rules.map((each) => String(fieldsOf(each)['expr']));
  expect(expressions).toContain('nats_varz_remotes{namespace="messaging"} < 2');
  const metrics = expressions.flatMap((text) => [...text.matchAll(/nats_[a-z_]+/g)].map(([name]) => name));
  expect(metrics.filter((name) => !/^nats_(?:varz|server)_/.test(name))).toEqual([]);
});
