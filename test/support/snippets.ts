import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

/** A fenced block of a Markdown document. */
export type Snippet = {
  /** The path relative to the repository. */
  readonly document: string;
  /** The number of the first line inside, counted from 1. */
  readonly line: number;
  readonly language: string;
  /** The heading above the block. */
  readonly section: string;
  readonly text: string;
};

/** Returns the paths of all Markdown documents for readers of this repository, relative to it. */
export async function listDocuments(): Promise<readonly string[]> {
  const isMarkdown = (name: string): boolean => name.endsWith('.md');
  const top = (await readdir(REPOSITORY)).filter(isMarkdown);
  const docs = (await readdir(join(REPOSITORY, 'docs'), { recursive: true })).filter(isMarkdown);
  return [...top, ...docs.map((name) => `docs/${name}`)].sort();
}

export async function readDocument(path: string): Promise<string> {
  return await readFile(join(REPOSITORY, path), 'utf8');
}

/** Reads every fenced block of every document. */
export async function readAllSnippets(): Promise<readonly Snippet[]> {
  const paths = await listDocuments();
  const texts = await Promise.all(paths.map(readDocument));
  return paths.flatMap((path, index) => snippetsOf(path, texts[index] ?? ''));
}

/**
 * Parses the fenced blocks of a document, without the indentation of their fence.
 * @throws Error for a block that is never closed
 */
export function snippetsOf(document: string, text: string): readonly Snippet[] {
  const snippets: Snippet[] = [];
  const lines = text.split('\n');
  let section = '';
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    section = /^#+ (.*)$/.exec(line)?.[1] ?? section;
    const [, indent, language = ''] = /^( *)```(\S*)/.exec(line) ?? [];
    if (indent === undefined) {
      continue;
    }
    const end = lines.findIndex((other, at) => at > index && other === `${indent}\`\`\``);
    if (end < 0) {
      throw new Error(`${document}:${index + 1}: this block is never closed`);
    }
    const inner = lines.slice(index + 1, end).map((each) => each.slice(Math.min(indent.length, leadingSpaces(each))));
    snippets.push({ document, line: index + 2, language, section, text: `${inner.join('\n')}\n` });
    index = end;
  }
  return snippets;
}

function leadingSpaces(line: string): number {
  return line.length - line.trimStart().length;
}
