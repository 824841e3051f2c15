import { secretsOfFiles } from '../inputs/files.ts';
import { certificatePem } from '../inputs/pem.ts';
import { userList } from '../inputs/users.ts';
import { secretsInText, secretsOf } from '../nats/conf/secrets.ts';
import { readAgain } from '../nats/conf/sources.ts';
import type { ConfBlock } from '../nats/conf/value.ts';
import { credentialsIn } from '../nats/jwt/user-credentials.ts';
import type { KnownSecret } from '../secrets/known-secret.ts';
import { secretKeys } from './secret-keys.ts';

/** A function that returns the parts of a value that no text may show. */
type Reader = (text: string) => readonly string[];

const SHORTEST_WORD = 4;

const isPublic: Reader = () => [];
const isSecret: Reader = (text) => [text];

/** Returns a private key if the text holds one; certificates are public. */
const isCertificate: Reader = (text) => certificatePem.secrets?.(text) ?? [];

/**
 * Returns words that look like the value of a secret field. Shorter words are left out, because they also occur in
 * other texts.
 */
const isLikely: Reader = (text) => secretsInText(text).filter((word) => word.length >= SHORTEST_WORD);

/** Returns the secrets in the texts of a configuration, as `readTexts` writes them. */
export const storedConfigurationSecrets: Reader = (text) => {
  const tree = configurationTree(text);
  return tree === undefined ? stringsIn(parsedJson(text)).flatMap(isLikely) : secretsOf(tree);
};

/** The reader of each key. A key of our Secrets without a reader does not compile. */
const READERS: Readonly<Record<keyof typeof secretKeys, Reader>> = {
  configuration: isLikely,
  url: isPublic,
  user: isPublic,
  password: isSecret,
  certificate: isCertificate,
  privateKey: isSecret,
  trust: isCertificate,
  trustPem: isCertificate,
  routeTrust: isCertificate,
  settings: isPublic,
  users: (text) => userList.secrets?.(text) ?? [],
  userConfiguration: storedConfigurationSecrets,
  previousConfiguration: storedConfigurationSecrets,
  files: (text) => stringsIn(parsedJson(text)).flatMap((content) => secretsOfFiles({ file: content })),
  systemCredentials: credentialsIn,
};

const BY_KEY = new Map<string, Reader>(
  Object.entries(secretKeys).flatMap(([what, key]) => {
    const reader = Object.entries(READERS).find(([name]) => name === what)?.[1];
    return reader === undefined ? [] : [[key, reader]];
  }),
);

/**
 * The readers by the end of a key, because the keys of users, CAs and routes begin with their owner (`secret-keys.ts`,
 * `server-files.ts`).
 */
const BY_END: readonly (readonly [end: RegExp, reader: Reader])[] = [
  [/-username$/, isPublic],
  [/-rotation$/, isPublic],
  [/\.(?:crt|pem)$/, isCertificate],
  [/(?:-password|\.key)$/, isSecret],
];

/**
 * Returns the secrets in the data of a Secret, by key: of the Action's own Secrets, of those that the user provides,
 * and of any other. In values with an unknown key, everything except certificates counts as secret, because such a
 * value may be a file of the user.
 */
export function secretsOfData(name: string, texts: Readonly<Record<string, string>>): readonly KnownSecret[] {
  return Object.entries(texts).flatMap(([key, text]) =>
    readerOf(key)(text).map((secret) => ({ text: secret, source: `${key} of Secret ${name}` })),
  );
}

function readerOf(key: string): Reader {
  return BY_KEY.get(key) ?? BY_END.find(([end]) => end.test(key))?.[1] ?? ((text) => secretsOfFiles({ [key]: text }));
}

/** Returns the configuration tree; undefined if the text is not readable, for example after manual edits. */
function configurationTree(text: string): ConfBlock | undefined {
  try {
    return readAgain(text)?.tree;
  } catch {
    return undefined; // The code that needs the configuration reports the problem.
  }
}

function parsedJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return text; // The text was edited manually: read it as it is.
  }
}

function stringsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}
