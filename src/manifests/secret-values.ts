import { secretsOfFiles } from '../inputs/grammar/files.ts';
import { certificatePem } from '../inputs/grammar/pem.ts';
import { userList } from '../inputs/grammar/users.ts';
import type { ConfBlock } from '../nats/conf/reader/value.ts';
import { secretsInText, secretsOf } from '../nats/conf/settings/secrets.ts';
import { readAgain } from '../nats/conf/settings/sources.ts';
import { credentialsIn } from '../nats/jwt/user-credentials.ts';
import { acceptedBy } from '../rotation/track.ts';
import type { KnownSecret } from '../secrets/masks.ts';
import { type Authorities, type Authority, type DeploymentCredentials, secretKeys } from './material.ts';

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
const storedConfigurationSecrets: Reader = (text) => {
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

/** Returns every password, key and token that a deployment has before certificates are issued. */
export function materialSecrets(
  credentials: DeploymentCredentials,
  { client, route, ...others }: Authorities,
): readonly KnownSecret[] {
  const keys = [client, route].flatMap((track) => (track === undefined ? [] : acceptedBy(track))).flatMap(keyOf);
  return [...credentialSecrets(credentials), ...known('ca-private-key', keys), ...nothing(others)];
}

function credentialSecrets(credentials: DeploymentCredentials): readonly KnownSecret[] {
  const { client, route, system, probe, users, files, configuration, previousConfiguration, ...rest } = credentials;
  const { systemCredentials, ...others } = rest;
  const tree = configuration === undefined ? [] : secretsOf(configuration.tree);
  const previous = previousConfiguration === undefined ? [] : storedConfigurationSecrets(previousConfiguration);
  return [
    ...known(
      'client-password',
      acceptedBy(client).map(({ password }) => password),
    ),
    ...known(
      'route-password',
      acceptedBy(route).map(({ password }) => password),
    ),
    ...known('password of a user of this action', [system.password, probe.password]),
    ...known(
      'users',
      users.flatMap(({ password }) => password ?? []),
    ),
    ...known('files', secretsOfFiles(files)),
    ...known(configuration?.input ?? 'config', [...tree, ...previous]),
    ...known(
      'system-credentials',
      systemCredentials === undefined ? [] : [systemCredentials.seed, systemCredentials.jwt],
    ),
    ...nothing(others),
  ];
}

function keyOf({ privateKey }: Authority): readonly string[] {
  return privateKey === undefined ? [] : [privateKey];
}

function known(source: string, texts: readonly string[]): readonly KnownSecret[] {
  return texts.map((text) => ({ text, source }));
}

/**
 * Returns an empty list for the unhandled rest of an object. A field that is added but not handled does not compile.
 */
function nothing(_rest: Readonly<Record<string, never>>): readonly KnownSecret[] {
  return [];
}
