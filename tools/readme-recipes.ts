import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { between } from './marked-part.ts';

const FOLDER = '.github/recipes';

/** Returns the README with each workflow of .github/recipes, verbatim, between the markers of its name. */
export async function withRecipes(readme: string): Promise<string> {
  let text = readme;
  for (const name of (await readdir(FOLDER)).sort()) {
    const workflow = await readFile(join(FOLDER, name), 'utf8');
    text = between(text, name, `\`\`\`yaml\n${workflow}\`\`\``);
  }
  return text;
}
