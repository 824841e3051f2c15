import { certificatePem } from '../inputs/grammar/certificate.ts';
import { findFileSecrets } from '../inputs/grammar/files.ts';
import { userList } from '../inputs/grammar/users.ts';
import type { ConfBlock } from '../nats/conf/reader/value.ts';
import { collectSecrets, findSecretsInText } from '../nats/conf/settings/secrets.ts';
import { readStoredTexts } from '../nats/conf/settings/sources.ts';
import { findCredentials } from '../nats/jwt/user-credentials.ts';
import { parseJson } from '../objects/json.ts';
import { listAccepted } from '../rotation/track.ts';
import type { KnownSecret } from '../secrets/masks.ts';
import { type Ca, type Cas, type DeploymentCredentials, secretKeys } from './material.ts';

/** A function that returns the parts of a value that no text may show. */
type Reader = (text: string) => readonly string[];

const SHORTEST_WORD = 4;

const findNone: Reader = () => [];
const takeWhole: Reader = (text) => [text];

/** Returns a private key if the text holds one; certificates are public. */
const findPrivateKeys: Reader = (text) => certificatePem.secrets?.(text) ?? [];

/**
 * Returns words that look like the value of a secret field. Shorter words are left out, because they also occur in
 * other texts.
 */
const findLikelySecrets: Reader = (text) => findSecretsInText(text).filter((word) => word.length >= SHORTEST_WORD);

/** Returns the secrets in the texts of a configuration, as `readTexts` writes them. */
const findStoredConfigurationSecrets: Reader = (text) => {
  const tree = parseConfigurationTree(text);
  return tree === undefined ? collectStrings(parseJson(text, text)).flatMap(findLikelySecrets) : collectSecrets(tree);
};

/** The reader of each key. A key of our Secrets without a reader does not compile. */
const READERS: Readonly<Record<keyof typeof secretKeys, Reader>> = {
  configuration: findLikelySecrets,
  url: findNone,
  user: findNone,
  password: takeWhole,
  certificate: findPrivateKeys,
  privateKey: takeWhole,
  trust: findPrivateKeys,
  trustPem: findPrivateKeys,
  routeTrust: findPrivateKeys,
  settings: findNone,
  users: (text) => userList.secrets?.(text) ?? [],
  userConfiguration: findStoredConfigurationSecrets,
  previousConfiguration: findStoredConfigurationSecrets,
  files: (text) => collectStrings(parseJson(text, text)).flatMap((content) => findFileSecrets({ file: content })),
  systemCredentials: findCredentials,
};

const BY_KEY = new Map<string, Reader>(
  Object.entries(secretKeys).flatMap(([kind, key]) => {
    const reader = Object.entries(READERS).find(([name]) => name === kind)?.[1];
    return reader === undefined ? [] : [[key, reader]];
  }),
);

/**
 * The readers by the end of a key, because the keys of users, CAs and routes begin with their owner (`userKeysOf`,
 * `caKeysOf`, `server-files.ts`).
 */
const BY_END: readonly (readonly [end: RegExp, reader: Reader])[] = [
  [/-username$/, findNone],
  [/-rotation$/, findNone],
  [/\.(?:crt|pem)$/, findPrivateKeys],
  [/(?:-password|\.key)$/, takeWhole],
];

/**
 * Returns the secrets in the data of any Secret. The key of a value decides which parts are secret. In a value with an
 * unknown key, everything except certificates is secret, because it may be a file of the user.
 */
export function findSecretsInData(name: string, texts: Readonly<Record<string, string>>): readonly KnownSecret[] {
  return Object.entries(texts).flatMap(([key, text]) =>
    selectReader(key)(text).map((secret) => ({ text: secret, source: `${key} of Secret ${name}` })),
  );
}

function selectReader(key: string): Reader {
  return BY_KEY.get(key) ?? BY_END.find(([end]) => end.test(key))?.[1] ?? ((text) => findFileSecrets({ [key]: text }));
}

/** Returns the configuration tree; undefined if the text is not readable, for example after manual edits. */
function parseConfigurationTree(text: string): ConfBlock | undefined {
  try {
    return readStoredTexts(text)?.tree;
  } catch {
    return undefined; // The code that needs the configuration reports the problem.
  }
}

function collectStrings(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(collectStrings) : [];
}

/** Returns every password, key and token that a deployment has before certificates are issued. */
export function collectMaterialSecrets(
  credentials: DeploymentCredentials,
  { client, route, ...others }: Cas,
): readonly KnownSecret[] {
  const keys = [client, route]
    .flatMap((track) => (track === undefined ? [] : listAccepted(track)))
    .flatMap(listPrivateKey);
  return [...collectCredentialSecrets(credentials), ...nameSource('ca-private-key', keys), ...requireHandled(others)];
}

function collectCredentialSecrets(credentials: DeploymentCredentials): readonly KnownSecret[] {
  const { client, route, system, probe, users, files, configuration, previousConfiguration, ...rest } = credentials;
  const { systemCredentials, ...others } = rest;
  const tree = configuration === undefined ? [] : collectSecrets(configuration.tree);
  const previous = previousConfiguration === undefined ? [] : findStoredConfigurationSecrets(previousConfiguration);
  return [
    ...nameSource(
      'client-password',
      listAccepted(client).map(({ password }) => password),
    ),
    ...nameSource(
      'route-password',
      listAccepted(route).map(({ password }) => password),
    ),
    ...nameSource('password of a user of this action', [system.password, probe.password]),
    ...nameSource(
      'users',
      users.flatMap(({ password }) => password ?? []),
    ),
    ...nameSource('files', findFileSecrets(files)),
    ...nameSource(configuration?.input ?? 'config', [...tree, ...previous]),
    ...nameSource(
      'system-credentials',
      systemCredentials === undefined ? [] : [systemCredentials.seed, systemCredentials.jwt],
    ),
    ...requireHandled(others),
  ];
}

function listPrivateKey({ privateKey }: Ca): readonly string[] {
  return privateKey === undefined ? [] : [privateKey];
}

function nameSource(source: string, texts: readonly string[]): readonly KnownSecret[] {
  return texts.map((text) => ({ text, source }));
}

/**
 * Returns an empty list for the unhandled rest of an object. A field that is added but not handled does not compile.
 */
function requireHandled(_rest: Readonly<Record<string, never>>): readonly KnownSecret[] {
  return [];
}
