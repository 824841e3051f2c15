import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';

/** Returns Mermaid's error for each diagram, or the empty string for a valid one. */
export async function findMermaidProblems(diagrams: readonly string[]): Promise<readonly string[]> {
  const reader = join(import.meta.dirname, 'mermaid-reader.ts');
  const child = spawn(process.execPath, [reader], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  child.stdin.end(JSON.stringify(diagrams));
  const answer = await text(child.stdout);
  await ended;
  const problems: unknown = JSON.parse(answer);
  return Array.isArray(problems) ? problems.map(String) : [];
}

/** Returns the diagrams of a Markdown text. */
export function diagramsOf(markdown: string): readonly string[] {
  return [...markdown.matchAll(/^```mermaid\n([^]*?)^```$/gm)].map(([, diagram = '']) => diagram);
}
