import { inputTable } from '../src/inputs/inputs.ts';
import { outputTable } from '../src/inputs/outputs.ts';
import { between } from './marked-part.ts';

/** Returns the README with the tables between its markers written again. */
export function withTables(readme: string): string {
  return between(between(readme, 'inputs', inputTables()), 'outputs', outputRows());
}

function inputTables(): string {
  const groups = [...new Set(inputTable.map(({ group }) => group))];
  return groups
    .map((group) => {
      const rows = inputTable.filter((row) => row.group === group);
      const cells = rows.map((row) => [
        code(row.name),
        code(row.default),
        row.description,
        row.commands.map(code).join(', '),
      ]);
      return [`### ${group}`, '', ...table(['Input', 'Default', 'Meaning', 'Commands'], cells)].join('\n');
    })
    .join('\n\n');
}

function outputRows(): string {
  return table(
    ['Output', 'Meaning'],
    outputTable.map(({ name, description }) => [code(name), description]),
  ).join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}

function code(text: string): string {
  return text === '' ? '' : `\`${text}\``;
}
