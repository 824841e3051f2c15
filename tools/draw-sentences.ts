import './node-version.js';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';

// Prints fifty sentences from documents, messages and comments, drawn by a seed. A person reads each of them aloud, and
// rewrites those that a reader who has never seen this project does not understand at once. The seed is an argument; by
// default it is the one of the last draw, in which no sentence failed.

const [seed = '20261210', count = '50'] = process.argv.slice(2);

const documents = (await filesIn('docs', /\.md$/)).filter((path) => !/faults|performance|architecture/.test(path));
const sources = await filesIn('src', /\.ts$/);
const sentences = [
  ...(await Promise.all([...documents, 'README.md', 'CONTRIBUTING.md', 'SECURITY.md'].map(proseOf))).flat(),
  ...(await Promise.all(sources.map(commentsOf))).flat(),
  ...(await Promise.all(sources.map(messagesOf))).flat(),
];
const drawn = sentences
  .map((sentence) => ({ sentence, key: createHash('sha256').update(`${seed} ${sentence}`).digest('hex') }))
  .toSorted((left, right) => (left.key < right.key ? -1 : 1))
  .slice(0, Number(count));
for (const [index, { sentence }] of drawn.entries()) process.stdout.write(`${index + 1}. ${sentence}\n`);

async function filesIn(folder: string, ending: RegExp): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => ending.test(name)).map((name) => join(folder, name));
}

async function proseOf(path: string): Promise<readonly string[]> {
  const text = (await readFile(path, 'utf8')).replaceAll(/```[\s\S]*?```/g, '');
  const paragraphs = text.split(/\n\s*\n/).filter((part) => !/^\s*(?:#|\||<|!\[)/.test(part));
  return splitSentences(path, paragraphs.map((part) => part.replaceAll(/\s+/g, ' ')).join('\n'));
}

async function commentsOf(path: string): Promise<readonly string[]> {
  const text = await readFile(path, 'utf8');
  const bodies = [...text.matchAll(/\/\*\*([\s\S]*?)\*\//g)].map(([, body = '']) =>
    body.replaceAll(/\s*\n\s*\* ?/g, ' '),
  );
  return splitSentences(path, bodies.join('\n'));
}

/** Returns the texts in quotes that have several words. */
async function messagesOf(path: string): Promise<readonly string[]> {
  const text = await readFile(path, 'utf8');
  const literals = [...text.matchAll(/'((?:\\.|[^'\\\n])*)'|`((?:\\.|[^`\\])*)`/g)].map(([, a, b]) => a ?? b ?? '');
  return literals.filter((literal) => literal.split(' ').length > 5).map((literal) => `${path}: ${literal}`);
}

function splitSentences(path: string, text: string): readonly string[] {
  return text
    .split(/(?<=[.!?])\s+(?=[A-Z`"])|\n/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence.split(' ').length > 5)
    .map((sentence) => `${path}: ${sentence}`);
}
