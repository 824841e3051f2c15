import process from 'node:process';
import { text } from 'node:stream/consumers';
import DOMPurify from 'dompurify';

// This file is a program of its own: it reads diagrams from the standard input as a JSON array, and writes the error of
// each diagram, or the empty string for a valid one. It runs without a browser and draws nothing, so there is nothing
// to purify.
Object.assign(DOMPurify, { addHook: () => undefined, sanitize: (dirty: string) => dirty });
const { default: mermaid } = await import('mermaid');

const diagrams: unknown = JSON.parse(await text(process.stdin));
const problems: string[] = [];
for (const diagram of Array.isArray(diagrams) ? diagrams : []) {
  problems.push(
    await mermaid.parse(String(diagram)).then(
      () => '',
      (error: unknown) => (Error.isError(error) ? error.message : String(error)),
    ),
  );
}
process.stdout.write(JSON.stringify(problems));
