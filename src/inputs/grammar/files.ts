import { isServerFile } from '../../cluster/server-files.ts';
import type { Grammar } from './row.ts';
import { createShapeParser, requireMapping, requireText, ShapeProblem } from './shape.ts';

const MAX_FILES = 100;
/**
 * The maximum size of all files together, in bytes. A Secret holds at most 1 MiB. Two Secrets contain the files in
 * base64: the Secret with the configuration, and the Secret with the kept inputs.
 */
const MAX_BYTES = 262_144;

export type Files = Readonly<Record<string, string>>;

const CERTIFICATES = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;
const SECRET_WORDS =
  /["']?\b\w*(?:password|pass|token|secret|seed|key)\b["']?[\s:=]+(?:"([^"\n]+)"?|'([^'\n]+)'?|([^\s"'{[(,;\]}]+))/gi;

/** The grammar of the files next to the servers' configuration: the text by file name. */
export const fileMap: Grammar<Files> = {
  expected:
    'a YAML mapping of file names to their text, as `accounts.conf: |` and the text below it, indented, or to a file of the workspace, as `accounts.conf: {path: deploy/accounts.conf}`',
  example: '',
  typing: { type: 'string' },
  parse: createShapeParser(readFiles),
  secrets: (text) => {
    const parsed = fileMap.parse(text);
    return parsed.kind === 'accepted' ? findFileSecrets(parsed.value) : [text];
  },
};

/** Returns the files as text that `fileMap` reads. The text holds their secrets. */
export function formatFiles(files: Files): string {
  return JSON.stringify(files); // JSON is YAML.
}

/**
 * Returns the secrets in files. The whole content of a file counts as secret, except certificates, because its meaning
 * is unknown.
 */
export function findFileSecrets(files: Files): readonly string[] {
  return Object.values(files).flatMap((text) => {
    const rest = text.replaceAll(CERTIFICATES, '').trim();
    const words = [...rest.matchAll(SECRET_WORDS)].flatMap(
      ([, double, single, bare]) => double ?? single ?? bare ?? [],
    );
    return rest === '' ? [] : [rest, ...words];
  });
}

function readFiles(value: unknown): Files {
  const entries = Object.entries(requireMapping(value, 'the files')).map(([name, content], index) => {
    const where = `file ${index + 1}`;
    if (!/^(?!\.\.?$|\.\.)[\w.-]{1,253}$/.test(name)) {
      throw new ShapeProblem(
        `the name of ${where} to be at most 253 letters, digits, \`.\`, \`-\` and \`_\`, not \`..\``,
      );
    }
    if (isServerFile(name)) {
      throw new ShapeProblem(`${where} to have another name than \`${name}\`, which is reserved for this Action`);
    }
    const text = requireText(content, where);
    if (!text.isWellFormed()) throw new ShapeProblem(`${where} to be Unicode`);
    return [name, text] as const;
  });
  const bytes = entries.reduce((sum, [, text]) => sum + Buffer.byteLength(text), 0);
  if (entries.length > MAX_FILES || bytes > MAX_BYTES) {
    throw new ShapeProblem(`at most ${MAX_FILES} files of ${MAX_BYTES / 1024} KiB together`);
  }
  return Object.fromEntries(entries);
}
