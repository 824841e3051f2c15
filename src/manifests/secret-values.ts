import { secretsOfFiles } from '../inputs/files.ts';
import { certificatePem } from '../inputs/pem.ts';
import { userList } from '../inputs/users.ts';
import { secretsInText, secretsOf } from '../nats/conf/secrets.ts';
import { readAgain } from '../nats/conf/sources.ts';
import type { ConfBlock } from '../nats/conf/value.ts';
import { credentialsIn } from '../nats/jwt/user-credentials.ts';
import type { KnownSecret } from '../secrets/known-secret.ts';
import { secretKeys } from './secret-keys.ts';

/** Returns what of a value no text may show. */
type Reader = (text: string) => readonly string[];

const SHORTEST_WORD = 4;

const isPublic: Reader = () => [];
const isSecret: Reader = (text) => [text];

/** Public, but for a private key that came along. */
const isCertificate: Reader = (text) => certificatePem.secrets?.(text) ?? [];

/** What looks like the value of a secret field; shorter words stand in other texts too. */
const isLikely: Reader = (text) => secretsInText(text).filter((word) => word.length >= SHORTEST_WORD);

/** The texts of a configuration, as `readTexts` writes them. */
export const storedConfigurationSecrets: Reader = (text) => {
  const tree = configurationTree(text);
  return tree === undefined ? stringsIn(parsedJson(text)).flatMap(isLikely) : secretsOf(tree);
};

/** A key of our Secrets without its reader does not compile. */
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

/** The keys of users, of authorities and of routes begin with what they are of (`secret-keys.ts`, `server-files.ts`). */
const BY_END: readonly (readonly [end: RegExp, reader: Reader])[] = [
  [/-username$/, isPublic],
  [/-rotation$/, isPublic],
  [/\.(?:crt|pem)$/, isCertificate],
  [/(?:-password|\.key)$/, isSecret],
];

/**
 * Returns the secrets in the data of a Secret, by key: of this Action's own, of those it adopts and of any other. Of what
 * has another key, everything but certificates is taken for secret, because it may be a file of the user.
 */
export function secretsOfData(name: string, texts: Readonly<Record<string, string>>): readonly KnownSecret[] {
  return Object.entries(texts).flatMap(([key, text]) =>
    readerOf(key)(text).map((secret) => ({ text: secret, source: `${key} of Secret ${name}` })),
  );
}

function readerOf(key: string): Reader {
  return BY_KEY.get(key) ?? BY_END.find(([end]) => end.test(key))?.[1] ?? ((text) => secretsOfFiles({ [key]: text }));
}

/** Undefined for what cannot be read, edited by hand for example. */
function configurationTree(text: string): ConfBlock | undefined {
  try {
    return readAgain(text)?.tree;
  } catch {
    return undefined; // Who needs the configuration says what is wrong with it.
  }
}

function parsedJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return text; // Edited by hand: read as the text it is.
  }
}

function stringsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}
