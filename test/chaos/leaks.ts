import type { ActionResult } from '../support/action.ts';
import type { TestNamespace } from '../support/namespace.ts';

/** Every password of the Secrets of a namespace, and every line of their private keys. */
export async function secretsOf({ core, name: namespace }: TestNamespace): Promise<readonly string[]> {
  const { items } = await core.listNamespacedSecret({ namespace });
  const entries = items
    .flatMap(({ data = {} }) => Object.entries(data))
    .map(([key, value]) => [key, Buffer.from(value, 'base64').toString()] as const);
  // A private key holds its public key too, which may stand in a certificate in the same letters.
  const certificates = entries.filter(([key]) => key.endsWith('.crt')).map(([, text]) => text);
  const texts = new Set(entries.flatMap(([key, text]) => secretTexts(key, text)));
  return [...texts].filter((text) => !certificates.some((certificate) => certificate.includes(text)));
}

/** Where one of them shows: as it is, percent-encoded or in base64. Never says which. */
export function leaks(
  { stdout, stderr, summary, outputs }: ActionResult,
  secrets: readonly string[],
): readonly string[] {
  // The runner reads these lines and shows none of them.
  const log = stdout.split('\n').filter((line) => !line.startsWith('::add-mask::'));
  const places = { stdout: log.join('\n'), stderr, summary, outputs: JSON.stringify(outputs) };
  const forms = secrets.flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64'),
  ]);
  return Object.entries(places)
    .filter(([, text]) => forms.some((form) => text.includes(form)))
    .map(([place]) => `a secret is in ${place}`);
}

function secretTexts(key: string, text: string): readonly string[] {
  if (key.endsWith('password')) return text.length > 8 ? [text] : [];
  const bodies = [...text.matchAll(/-----BEGIN [A-Z ]*PRIVATE KEY-----\n([\s\S]*?)-----END/g)].map(
    ([, body]) => body ?? '',
  );
  return bodies.flatMap((body) => body.split('\n').filter((line) => line.length >= 24));
}
