import { stringify } from 'yaml';
import type { Row, Typing } from '../src/inputs/grammar/row.ts';
import { inputTable } from '../src/inputs/inputs.ts';
import { outputTable } from '../src/inputs/outputs.ts';

const HEADER = '# Generated from the table in src/inputs by `npm run generate`.\n';

/** Renders action.yml, which the runner reads. */
export function actionMetadata(): string {
  return yaml({
    name: 'NATS cluster on Kubernetes',
    description: 'Deploys a TLS NATS cluster and passes only when every server holds exactly the expected routes',
    branding: { icon: 'share-2', color: 'blue' },
    inputs: Object.fromEntries(
      inputTable.map((row) => [
        row.name,
        { description: descriptionOf(row), required: false, ...(row.default === '' ? {} : { default: row.default }) },
      ]),
    ),
    outputs: Object.fromEntries(outputTable.map(({ name, description }) => [name, { description }])),
    runs: { using: 'node24', main: 'dist/index.js' },
  });
}

/** Returns the description with the case in which the input is required, and the effect of leaving it out. */
function descriptionOf({ description, required, unset }: Row<unknown>): string {
  const needed = required === undefined ? '' : ` Required ${required}.`;
  return `${description}${needed}${unset === undefined ? '' : ` Default: ${unset}.`}`;
}

/** Renders action-types.yml: the types of inputs and outputs for typesafegithub's tools. */
export function actionTypes(): string {
  return yaml({
    inputs: Object.fromEntries(inputTable.map(({ name, grammar: { typing } }) => [name, typed(typing)])),
    outputs: Object.fromEntries(outputTable.map(({ name, type }) => [name, { type }])),
  });
}

function typed(typing: Typing): object {
  switch (typing.type) {
    case 'string':
    case 'boolean':
    case 'integer':
      return { type: typing.type };
    case 'enum':
      return { type: 'enum', 'allowed-values': [...typing.values] };
    case 'list':
      return { type: 'list', separator: typing.separator, 'list-item': typed(typing.item) };
  }
}

function yaml(value: unknown): string {
  const text = stringify(value, { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN', lineWidth: 0 });
  return `${HEADER}${text}`;
}
