import { invalidResponse } from './objects/object.ts';

/** The longest answer in bytes. A list of the objects of one deployment has a few MiB. */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * Returns the body of an answer as text.
 * @throws ActionError CLUSTER_UNREACHABLE (`InvalidResponse`) when the body is too long to be an answer
 */
export async function bodyText(body: AsyncIterable<Uint8Array>, mostBytes = MOST_BYTES): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw invalidResponse(`an answer of at most ${mostBytes / 1024 / 1024} MiB`);
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}
