import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { joinConfiguration } from '../../../src/commands/desired/configuration.ts';
import { buildSpec, requireOverridable } from '../../../src/commands/desired/deployment.ts';
import { deriveName, parseDeployInputs } from '../../../src/inputs/parse.ts';
import { buildManifests } from '../../../src/manifests/manifests.ts';
import { buildDeployEnding } from '../../../src/report/ending.ts';
import { NATS_SERVER_VERSIONS } from '../../cluster/versions.ts';
import { readAllSnippets } from '../../support/snippets.ts';
import { fieldsOf, listOf, yamlSnippet } from '../../support/workflow-document.ts';
import { clusterSpec } from '../support/cluster-spec.ts';
import { deployReport } from '../support/deploy-report.ts';
import { evaluated } from '../support/expressions.ts';
import { materialFor } from '../support/material.ts';

const snippets = (await readAllSnippets()).map((snippet) => ({
  ...snippet,
  at: `${snippet.document}:${snippet.line}`,
}));
const yaml = snippets.filter(({ language }) => language === 'yaml');

/** All sets of inputs for `deploy` in a document. */
const deployments = yaml.flatMap((snippet) => {
  const read = yamlSnippet(snippet);
  const given = read.kind === 'workflow' ? read.steps.map(({ inputs }) => inputs) : [];
  const all = read.kind === 'inputs' ? [read.inputs] : given;
  return all
    .filter(({ command }) => command === undefined || command === 'deploy')
    .map((inputs) => ({ at: snippet.at, inputs }));
});

/**
 * Prepares the inputs as before the first request: joins the configuration of the servers, and lays the overrides over
 * the objects.
 */
function prepared(inputs: Readonly<Record<string, unknown>>): void {
  const raw = new Map(Object.entries(inputs).map(([name, value]) => [name, evaluated(String(value))]));
  const parsed = parseDeployInputs(deriveName(raw));
  const spec = buildSpec(parsed, 'messaging', undefined);
  const { credentials } = materialFor(spec);
  const { config } = parsed;
  joinConfiguration(spec, { ...credentials, ...(config === undefined ? {} : { configuration: config }) });
  requireOverridable(parsed, 'messaging');
}

describe('an example in a document', () => {
  test.each(deployments)('can be deployed: $at', ({ inputs }) => {
    expect(() => prepared(inputs)).not.toThrow();
  });

  test('is refused if its configuration or override is invalid', () => {
    expect(() => prepared({ config: 'port: 4333' })).toThrow('port');
    expect(() => prepared({ overrides: 'StatefulSet/servers: {spec: {replicas: 7}}' })).toThrow('replicas');
  });
});

describe('a pod snippet', () => {
  const objects = buildManifests(clusterSpec(), materialFor(clusterSpec())).map(fieldsOf);
  const secret = objects.find(
    ({ kind, metadata }) => kind === 'Secret' && fieldsOf(metadata)['name'] === 'nats-client',
  );
  const keys = Object.keys({ ...fieldsOf(secret?.['data']), ...fieldsOf(secret?.['stringData']) });
  const pods = yaml.flatMap((snippet) => {
    const read = yamlSnippet(snippet);
    return read.kind === 'pod' ? [{ at: snippet.at, ...read }] : [];
  });

  test.each(pods)('uses keys that the Secret has: $at', ({ env, volumes }) => {
    const refs = env.map((variable) => fieldsOf(fieldsOf(fieldsOf(variable)['valueFrom'])['secretKeyRef']));
    const projected = volumes.flatMap((volume) => listOf(fieldsOf(fieldsOf(volume)['projected'])['sources']));
    const sources = projected.map((source) => fieldsOf(fieldsOf(source)['secret']));
    const taken = [
      ...refs.map(({ key }) => key),
      ...sources.flatMap(({ items }) => listOf(items)).map((item) => fieldsOf(item)['key']),
    ];
    expect(taken).toEqual(expect.arrayContaining(['url', 'ca.crt']));
    expect(new Set([...refs, ...sources].map(({ name }) => name))).toEqual(new Set(['nats-client']));
    expect(keys).toEqual(expect.arrayContaining(taken));
  });

  test('is in docs/connect.md', () => {
    expect(pods.map(({ at }) => at.split(':')[0])).toContain('docs/connect.md');
  });
});

test('the log in the README is the log of a run', () => {
  const [log] = snippets.filter(({ document, language }) => document === 'README.md' && language === 'text');
  const { verdict, lines } = buildDeployEnding(deployReport(3), new Date());
  const [first = '', ...rest] = log?.text.trimEnd().split('\n') ?? [];
  expect(first).toMatch(new RegExp(`^${verdict}, after \\d+\\.\\d s$`));
  expect(rest).toEqual(lines.slice(0, rest.length));
});

test('the workflow on kind runs every supported server release', async () => {
  const workflow: unknown = parse(await readFile('.github/workflows/e2e.yml', 'utf8'));
  const { matrix } = fieldsOf(fieldsOf(fieldsOf(fieldsOf(workflow)['jobs'])['kind'])['strategy']);
  expect(fieldsOf(matrix)['nats']).toEqual(NATS_SERVER_VERSIONS.filter((version) => version !== '2.9.25'));
});
