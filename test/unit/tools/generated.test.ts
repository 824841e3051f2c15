import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';
import { inputTable } from '../../../src/inputs/inputs.ts';
import { renderConnectDocument } from '../../../tools/connect-document.ts';
import { renderErrorsDocument } from '../../../tools/errors-document.ts';
import { renderInputsDocument, withCommonInputs } from '../../../tools/inputs-document.ts';
import { actionMetadata, actionTypes } from '../../../tools/metadata.ts';
import { renderOutputsDocument } from '../../../tools/outputs-document.ts';
import { renderPermissionsDocument } from '../../../tools/permissions.ts';

const read = (name: string) => readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8');

test.each([
  ['action.yml', actionMetadata()],
  ['action-types.yml', actionTypes()],
  ['docs/connect.md', renderConnectDocument()],
  ['docs/inputs.md', renderInputsDocument()],
  ['docs/outputs.md', renderOutputsDocument()],
  ['docs/errors.md', await renderErrorsDocument()],
  ['docs/permissions.yaml', renderPermissionsDocument()],
  ['README.md', withCommonInputs(read('README.md'))],
])('%s is what its table generates', (name, generated) => {
  expect(read(name)).toBe(generated);
});

test('the published permissions are those of deploy, verify (both levels), delete and prune, each under its own name', () => {
  const documents = parseAllDocuments(renderPermissionsDocument()).map(String);
  const roles = documents.map((document): unknown => parse(document));
  expect(roles).toMatchObject([
    { kind: 'Role', metadata: { name: 'nats-cluster-action', namespace: 'NAMESPACE' } },
    { kind: 'ClusterRole', metadata: { name: 'nats-cluster-action' } },
    { kind: 'Role', metadata: { name: 'nats-cluster-action-verify', namespace: 'NAMESPACE' } },
    { kind: 'Role', metadata: { name: 'nats-cluster-action-verify-objects', namespace: 'NAMESPACE' } },
    { kind: 'Role', metadata: { name: 'nats-cluster-action-delete', namespace: 'NAMESPACE' } },
    { kind: 'ClusterRole', metadata: { name: 'nats-cluster-action-delete' } },
    { kind: 'ClusterRole', metadata: { name: 'nats-cluster-action-prune' } },
  ]);
});

test('every default in action.yml is a string, as the runner requires', () => {
  const metadata: { readonly inputs: Readonly<Record<string, { readonly default?: unknown }>> } = parse(
    actionMetadata(),
  );
  expect(Object.keys(metadata.inputs)).toEqual(inputTable.map(({ name }) => name));
  for (const input of Object.values(metadata.inputs)) expect(['string', 'undefined']).toContain(typeof input.default);
});

test('a README without markers is refused', () => {
  expect(() => withCommonInputs('# title')).toThrow('markers');
});
