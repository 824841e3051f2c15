import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { between } from './marked-part.ts';

const RECIPES = '.github/recipes';
const DOCUMENTS = 'docs/recipes';

/**
 * Returns the documents of docs/recipes by path, with each workflow of .github/recipes, verbatim, between the markers
 * of its name.
 * @throws Error for a marker without a workflow, and for a workflow that no document shows
 */
export async function renderRecipeDocuments(): Promise<ReadonlyMap<string, string>> {
  const left = new Set(await readdir(RECIPES));
  const documents = new Map<string, string>();
  for (const file of (await readdir(DOCUMENTS)).filter((name) => name.endsWith('.md')).sort()) {
    const path = join(DOCUMENTS, file);
    let text = await readFile(path, 'utf8');
    for (const [, name = ''] of text.matchAll(/^<!-- (\S+):start -->$/gm)) {
      const workflow = await readFile(join(RECIPES, name), 'utf8');
      text = between(text, name, `\`\`\`yaml\n${workflow}\`\`\``);
      left.delete(name);
    }
    documents.set(path, text);
  }
  if (left.size > 0) throw new Error(`${DOCUMENTS} has no marker for ${[...left].join(', ')}`);
  return documents;
}
