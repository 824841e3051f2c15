import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { requireOverridable } from '../../../src/commands/desired/deployment.ts';
import { inputTable } from '../../../src/inputs/inputs.ts';
import { parseDeployInputs } from '../../../src/inputs/parse.ts';

const text = await readFile('docs/from-helm.md', 'utf8');

type Section = { readonly title: string; readonly recipes: readonly string[] };

const sections = text
  .split(/^#+ /m)
  .slice(1)
  .map((section): Section => {
    const [title = ''] = section.split('\n');
    return { title, recipes: [...section.matchAll(/^```yaml\n([^]*?)^```$/gm)].map(([, yaml = '']) => yaml) };
  });
const recipes = sections.flatMap(({ title, recipes: found }) => found.map((yaml) => ({ title, yaml })));

const rows = text
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter((cells) => cells.length === 5)
  .map(([, chart = '', by = '', how = '']) => ({ chart, by, how }))
  .filter(({ chart }) => chart !== 'In the chart' && chart !== '---');

/** Makes the anchor of a heading as GitHub does. */
function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\w -]/g, '')
    .replaceAll(' ', '-');
}

const anchors = new Map(sections.map(({ title, recipes: found }) => [anchorOf(title), found.length]));

/** Returns the errors of the replacement that a row names. */
function complaints({ by, how }: (typeof rows)[number]): readonly string[] {
  const names = inputTable.map(({ name }) => name);
  const inputs = [...by.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
  const links = [...`${by} ${how}`.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor = '']) => anchor);
  const isFixed = by === 'always' || by === 'not offered';
  return [
    ...inputs.filter((name) => !names.includes(name)).map((name) => `no input ${name}`),
    ...links.filter((anchor) => (anchors.get(anchor) ?? 0) === 0).map((anchor) => `no recipe ${anchor}`),
    ...(isFixed || inputs.length > 0 || links.length > 0 ? [] : ['neither input nor recipe']),
    ...(isFixed && how === '' ? ['no reason'] : []),
  ];
}

describe('the document for users of the NATS Helm chart', () => {
  test.each(rows)('replaces $chart by $by', (row) => {
    expect(complaints(row)).toEqual([]);
  });

  test('is refused if a row names an unknown input or recipe, or has no reason', () => {
    const wrong = { chart: 'x', by: '`replica`, [a](#b)', how: '' };
    expect(complaints(wrong)).toEqual(['no input replica', 'no recipe b']);
    expect(complaints({ ...wrong, by: '' })).toEqual(['neither input nor recipe']);
    expect(complaints({ ...wrong, by: 'not offered' })).toEqual(['no reason']);
    expect(rows.length).toBeGreaterThan(40);
  });

  test.each(recipes)('has a valid recipe: $title', ({ yaml }) => {
    const value: unknown = parse(yaml);
    const inputs = Object.entries(typeof value === 'object' && value !== null ? value : {});
    expect(inputs.length).toBeGreaterThan(0);
    const parsed = parseDeployInputs(new Map(inputs.map(([name, input]) => [name, String(input)])));
    expect(() => requireOverridable(parsed, 'messaging')).not.toThrow();
  });

  test('has at least ten recipes', () => {
    expect(recipes.length).toBeGreaterThan(9);
  });
});
