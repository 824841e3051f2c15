/** The keys of our Secrets, for the code that writes them and the code that reads them back. */
export const secretKeys = {
  configuration: 'nats.conf',
  url: 'url',
  user: 'username',
  password: 'password',
  certificate: 'tls.crt',
  privateKey: 'tls.key',
  trust: 'ca.crt',
  /** The name of the trust bundle in the recipe that the Action follows. */
  trustPem: 'ca.pem',
  routeTrust: 'route-ca.crt',
  settings: 'settings.json',
  users: 'users.json',
  userConfiguration: 'configuration.json',
  previousConfiguration: 'previous-configuration.json',
  files: 'files.json',
  systemCredentials: 'system.creds',
} as const;

/** The prefix of the keys of a CA in the authorities Secret. */
export const authorityPrefix = { client: 'client-ca', route: 'route-ca' } as const;

type LeafKeys = { readonly certificate: string; readonly privateKey: string };

/** Returns the keys of one CA; `prefix` also says whether it is the next or the previous one. */
export function authorityKeys(prefix: string): LeafKeys & { readonly cross: string } {
  return { certificate: `${prefix}.crt`, privateKey: `${prefix}.key`, cross: `${prefix}-cross.crt` };
}

/** Returns the keys of one user in the system Secret. */
export function userKeys(prefix: string): LeafKeys & { readonly user: string; readonly password: string } {
  return {
    user: `${prefix}-${secretKeys.user}`,
    password: `${prefix}-${secretKeys.password}`,
    certificate: `${prefix}-${secretKeys.certificate}`,
    privateKey: `${prefix}-${secretKeys.privateKey}`,
  };
}
