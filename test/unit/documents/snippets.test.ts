import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';
import { hasCode } from '../../../src/errors/action-error.ts';
import { inputTable } from '../../../src/inputs/inputs.ts';
import { deriveName, parseInputs } from '../../../src/inputs/parse.ts';
import { readAllSnippets, snippetsOf } from '../../support/snippets.ts';
import { actionSteps, fieldsOf, listOf, yamlSnippet } from '../../support/workflow-document.ts';
import { evaluated } from '../support/expressions.ts';

const snippets = (await readAllSnippets()).map((snippet) => ({
  ...snippet,
  at: `${snippet.document}:${snippet.line}`,
}));
const yaml = snippets.filter(({ language }) => language === 'yaml');

/** The languages of blocks, and the tests that check blocks of each. */
const LANGUAGES: Readonly<Record<string, string>> = {
  yaml: 'this one; those that are workflows test/integration/workflows.test.ts too',
  sh: 'commands.test.ts',
  bash: 'recipes.test.ts: commands of programs that the tests do not have; test/e2e/documents for docs/connect.md',
  conf: 'from-nats-conf.test.ts',
  text: 'contents.test.ts, plan.test.ts',
  diff: 'plan.test.ts',
  mermaid: 'test/integration/report/mermaid.test.ts',
  js: 'test/integration/report/connecting.test.ts',
  go: 'test/integration/report/connecting.test.ts',
  python: 'test/integration/report/connecting.test.ts',
};

/**
 * Returns the violations of the inputs. An input that the runner would pass as an object is a violation, and so is an
 * unknown name, which the action itself ignores.
 */
function violations(inputs: Readonly<Record<string, unknown>>): readonly string[] {
  const names = inputTable.map(({ name }) => name);
  const unknown = Object.keys(inputs).filter((name) => !names.includes(name));
  const structured = Object.entries(inputs).filter(([, value]) => typeof value === 'object');
  const raw = new Map(Object.entries(inputs).map(([name, value]) => [name, evaluated(String(value))]));
  return [
    ...unknown.map((name) => `no input is named ${name}`),
    ...structured.map(([name]) => `${name} is no text`),
    ...refusals(raw),
  ];
}

function refusals(raw: ReadonlyMap<string, string>): readonly string[] {
  try {
    parseInputs(deriveName(raw));
    return [];
  } catch (error) {
    if (hasCode(error, 'INPUT_INVALID')) {
      return error.details.violations.map(({ input, message }) => `${input}: ${message}`);
    }
    throw error;
  }
}

const published = parseAllDocuments(await readFile('docs/permissions.yaml', 'utf8'))
  .map((document) => fieldsOf(parse(String(document))))
  .map(({ kind, metadata }) => `${String(kind)} ${String(fieldsOf(metadata)['name'])}`);

/** Returns the problems of an object of Kubernetes: a field that it lacks, and a role that is not published. */
function objectProblems({
  kind,
  metadata,
  roleRef,
  subjects,
  spec,
}: Readonly<Record<string, unknown>>): readonly string[] {
  const { name } = fieldsOf(metadata);
  const missing = typeof name === 'string' ? [] : ['metadata.name is missing'];
  switch (kind) {
    case 'RoleBinding':
    case 'ClusterRoleBinding': {
      const role = `${String(fieldsOf(roleRef)['kind'])} ${String(fieldsOf(roleRef)['name'])}`;
      const kinds = listOf(subjects).map((subject) => fieldsOf(subject)['kind']);
      const isKnown = kinds.length > 0 && kinds.every((each) => SUBJECTS.includes(String(each)));
      return [
        ...missing,
        ...(published.includes(role) ? [] : [`${role} is not in docs/permissions.yaml`]),
        ...(isKnown ? [] : ['subjects have an unknown kind']),
      ];
    }
    case 'PrometheusRule': {
      const rules = listOf(fieldsOf(spec)['groups']).flatMap((group) => listOf(fieldsOf(group)['rules']).map(fieldsOf));
      const incomplete = rules.filter((rule) => typeof rule['alert'] !== 'string' || typeof rule['expr'] !== 'string');
      return [...missing, ...incomplete.map((rule) => `${String(rule['alert'])} has no alert or no expr`)];
    }
    default:
      return [`no test knows the kind ${String(kind)}`];
  }
}

const SUBJECTS: readonly string[] = ['Group', 'User', 'ServiceAccount'];

describe('a code block of a document', () => {
  test('has a language that a test checks', () => {
    expect(snippets.filter(({ language }) => !(language in LANGUAGES)).map(({ at }) => at)).toEqual([]);
    expect(snippets.length).toBeGreaterThan(35);
  });

  test('loses the indentation of its fence, and has to be closed', () => {
    const text = '## A\n- b\n\n  ```sh\n  c\n    d\n\n  ```\n';
    expect(snippetsOf('x.md', text)).toEqual([
      { document: 'x.md', line: 5, language: 'sh', section: 'A', text: 'c\n  d\n\n' },
    ]);
    expect(() => snippetsOf('x.md', '```sh\n')).toThrow('x.md:1: this block is never closed');
  });
});

describe('a YAML block of a document', () => {
  test.each(yaml)('has valid inputs: $at ($section)', (snippet) => {
    const read = yamlSnippet(snippet);
    switch (read.kind) {
      case 'workflow':
        expect(read.steps.flatMap(({ inputs }) => violations(inputs))).toEqual([]);
        break;
      case 'inputs':
        expect(violations(read.inputs)).toEqual([]);
        break;
      case 'pod':
        expect(read.env.length + read.volumes.length).toBeGreaterThan(0);
        break;
      case 'objects':
        expect(read.objects.flatMap(objectProblems)).toEqual([]);
        break;
    }
  });

  test.each([
    ['an unknown input', '- uses: OWNER/nats-cluster-action@v1\n  with: {replica: 3}', 'replica'],
    ['an invalid value', '- uses: OWNER/nats-cluster-action@v1\n  with: {replicas: three}', 'replicas'],
    ['an input of another command', '- uses: ./\n  with: {command: verify, replicas: 4}', 'replicas'],
    ['a value that is not a text', 'resources: {requests: {cpu: 1}}', 'resources is no text'],
    ['a key that is not an input', 'kind: Pod', 'no input is named kind'],
  ])('is refused with %s', (_, text, named) => {
    const read = yamlSnippet({ document: 'x.md', line: 1, language: 'yaml', section: '', text });
    const given = read.kind === 'workflow' ? read.steps.map(({ inputs }) => inputs) : [];
    const all = read.kind === 'inputs' ? [read.inputs] : given;
    expect(all.flatMap(violations).join('\n')).toContain(named);
  });

  test('is refused with an unpublished Role or an object of an unknown kind', () => {
    const binding = { kind: 'RoleBinding', metadata: { name: 'a' }, roleRef: { kind: 'Role', name: 'cluster-admin' } };
    expect(objectProblems(binding)).toEqual([
      'Role cluster-admin is not in docs/permissions.yaml',
      'subjects have an unknown kind',
    ]);
    expect(objectProblems({ kind: 'PrometheusRule', spec: { groups: [{ rules: [{ alert: 'a' }] }] } })).toEqual([
      'metadata.name is missing',
      'a has no alert or no expr',
    ]);
    expect(objectProblems({ kind: 'Pod' })).toEqual(['no test knows the kind Pod']);
  });

  test('is refused with an expression without a known value, and if its kind is unknown', () => {
    expect(() => violations({ name: '${{ secrets.OTHER }}' })).toThrow('secrets.OTHER');
    const snippet = { document: 'x.md', line: 7, language: 'yaml', section: '', text: '3\n' };
    expect(() => yamlSnippet(snippet)).toThrow('x.md:7');
  });
});

const files = await Promise.all(
  ['.github/workflows', '.github/recipes'].map(async (folder) =>
    (await readdir(folder)).map((name) => `${folder}/${name}`),
  ),
);

test.each(files.flat())('%s gives the action valid inputs', async (path) => {
  const workflow: unknown = parse(await readFile(path, 'utf8'));
  expect(actionSteps(workflow).flatMap(({ inputs }) => violations(inputs))).toEqual([]);
});
