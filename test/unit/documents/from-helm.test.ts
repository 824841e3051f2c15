import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { requireOverridable } from '../../../src/commands/deployment.ts';
import { parseDeployInputs } from '../../../src/inputs/parse.ts';

const text = await readFile('docs/from-helm.md', 'utf8');
const recipes = [...text.matchAll(/^###? (.+)\n|^```yaml\n([^]*?)^```$/gm)].reduce<readonly Recipe[]>(
  (found, [, title, yaml]) =>
    yaml === undefined ? [...found, { title: title ?? '', inputs: [] }] : withInputs(found, yaml),
  [],
);

type Recipe = { readonly title: string; readonly inputs: readonly (readonly [name: string, value: string])[] };

function withInputs(recipes: readonly Recipe[], yaml: string): readonly Recipe[] {
  const value: unknown = parse(yaml);
  const inputs = Object.entries(typeof value === 'object' && value !== null ? value : {});
  const title = recipes.at(-1)?.title ?? '';
  return [...recipes, { title, inputs: inputs.map(([name, input]) => [name, String(input)] as const) }];
}

describe('the recipes for who comes from the Helm chart', () => {
  test.each(recipes.filter(({ inputs }) => inputs.length > 0))('$title: are inputs that are taken', ({ inputs }) => {
    const parsed = parseDeployInputs(new Map(inputs));
    expect(() => requireOverridable(parsed, 'messaging')).not.toThrow();
  });

  test('are there', () => {
    expect(recipes.filter(({ inputs }) => inputs.length > 0).length).toBeGreaterThanOrEqual(9);
  });
});
