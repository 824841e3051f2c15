import process from 'node:process';
import { text } from 'node:stream/consumers';
import DOMPurify from 'dompurify';

// A program of its own: diagrams come on the standard input as a JSON array, and what is wrong with each leaves, the empty
// string for nothing. There is no browser here, and nothing is drawn, so there is nothing to purify.
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
