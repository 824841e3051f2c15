import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from '@swc/core';

export type RegexLiteral = {
  readonly file: string;
  readonly source: string;
  readonly flags: string;
};

export type Regexes = {
  readonly literals: readonly RegexLiteral[];
  /** Files that build a regular expression from text, one entry for each expression. */
  readonly made: readonly string[];
};

type SyntaxNode = Readonly<Record<string, unknown>>;

/** Returns the regular expressions of all TypeScript files of a folder. */
export async function findRegexes(folder: string): Promise<Regexes> {
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.ts')).toSorted();
  const found = await Promise.all(files.map(async (name) => await regexesOf(join(folder, name))));
  return { literals: found.flatMap(({ literals }) => literals), made: found.flatMap(({ made }) => made) };
}

async function regexesOf(file: string): Promise<Regexes> {
  const module: unknown = await parse(await readFile(file, 'utf8'), { syntax: 'typescript', target: 'es2024' });
  const nodes = nodesIn(module);
  return {
    literals: nodes
      .filter(({ type }) => type === 'RegExpLiteral')
      .map(({ pattern, flags }) => ({ file, source: String(pattern), flags: String(flags) })),
    made: nodes.filter(makesRegex).map(() => file),
  };
}

function nodesIn(node: unknown): readonly SyntaxNode[] {
  if (Array.isArray(node)) return node.flatMap(nodesIn);
  if (typeof node !== 'object' || node === null) return [];
  const fields: SyntaxNode = { ...node };
  return [fields, ...Object.values(fields).flatMap(nodesIn)];
}

function makesRegex({ type, callee }: SyntaxNode): boolean {
  if (type !== 'NewExpression' && type !== 'CallExpression') return false;
  return typeof callee === 'object' && callee !== null && 'value' in callee && callee.value === 'RegExp';
}
