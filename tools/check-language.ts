import './node-version.js';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { EXCEPTIONS, GLOSSARY, LATE_OPENER, WORD_RULES } from './language/rules.ts';

// Fails when a doc comment opens with a clause or a preposition, and when a text contains a word that the rules replace.

type Text = { readonly path: string; readonly line: number; readonly text: string };

const sources = await filesIn(['src', 'test', 'tools', 'bench'], /\.ts$/);
const documents = [
  ...(await filesIn(['docs', '.github'], /\.(?:md|ya?ml)$/)),
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  'action.yml',
];
const comments = (await Promise.all(sources.map(commentsOf))).flat();
const strings = (await Promise.all(sources.filter((path) => path.startsWith('src/')).map(stringsOf))).flat();
const lines = (await Promise.all(documents.map(linesOf))).flat();
const problems = [
  ...comments
    .filter(({ text }) => LATE_OPENER.test(text.replace(/^`[^`]*`\s*/, '')))
    .map((comment) => {
      return renderProblem(
        comment,
        `a comment opens with "${comment.text.slice(0, 40)}": begin with the verb or the thing`,
      );
    }),
  ...[...comments, ...strings, ...lines].flatMap((text) => WORD_RULES.flatMap((rule) => findWords(text, rule))),
  ...lines.flatMap((text) =>
    GLOSSARY.flatMap(({ except, ...rule }) => (except.test(text.text) ? [] : findWords(text, rule))),
  ),
];
for (const problem of problems) process.stdout.write(`${problem}\n`);
process.stdout.write(
  `${comments.length} comments, ${strings.length} texts, ${lines.length} lines, ${problems.length} problems\n`,
);
process.exitCode = problems.length === 0 ? 0 : 1;

async function filesIn(folders: readonly string[], ending: RegExp): Promise<readonly string[]> {
  const found = await Promise.all(
    folders.map(async (folder) => (await readdir(folder, { recursive: true })).map((name) => join(folder, name))),
  );
  return found.flat().filter((path) => ending.test(path) && !path.includes('test/unit/report/recorded'));
}

async function commentsOf(path: string): Promise<readonly Text[]> {
  const source = await readFile(path, 'utf8');
  return [...source.matchAll(/\/\*\*([\s\S]*?)\*\//g)].map(({ index, 1: body = '' }) => ({
    path,
    line: lineAt(source, index),
    text: body.replaceAll(/^\s*\* ?/gm, '').trim(),
  }));
}

/** Returns the string literals that have several words. */
async function stringsOf(path: string): Promise<readonly Text[]> {
  const source = await readFile(path, 'utf8');
  return [...source.matchAll(/'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/g)]
    .map(({ index, 0: text }) => ({ path, line: lineAt(source, index), text }))
    .filter(({ text }) => /[a-z] [a-z]/.test(text));
}

async function linesOf(path: string): Promise<readonly Text[]> {
  return (await readFile(path, 'utf8')).split('\n').map((text, index) => ({ path, line: index + 1, text }));
}

function lineAt(source: string, index: number): number {
  return source.slice(0, index).split('\n').length;
}

function findWords(text: Text, { pattern, instead }: { readonly pattern: RegExp; readonly instead: string }): string[] {
  const isExcepted = EXCEPTIONS.some((exception) => exception.path.test(text.path) && exception.text.test(text.text));
  if (isExcepted) return [];
  return [...text.text.matchAll(pattern)].map(([word]) => renderProblem(text, `"${word}": write ${instead}`));
}

function renderProblem({ path, line }: Text, problem: string): string {
  return `${path}:${line}: ${problem}`;
}
