/** The keys of our Secrets, for those who write them and those who read them back. */
export const secretKeys = {
  configuration: 'nats.conf',
  url: 'url',
  user: 'username',
  password: 'password',
  certificate: 'tls.crt',
  privateKey: 'tls.key',
  trust: 'ca.crt',
  /** The name the trust bundle had in the recipe this Action follows. */
  trustPem: 'ca.pem',
  routeTrust: 'route-ca.crt',
  settings: 'settings.json',
  users: 'users.json',
  userConfiguration: 'configuration.json',
  previousConfiguration: 'previous-configuration.json',
  files: 'files.json',
  systemCredentials: 'system.creds',
} as const;

/** What the keys of an authority begin with in the authorities Secret. */
export const authorityPrefix = { client: 'client-ca', route: 'route-ca' } as const;

type LeafKeys = { readonly certificate: string; readonly privateKey: string };

/** The keys of one authority; `prefix` also says whether it is the next or the previous one. */
export function authorityKeys(prefix: string): LeafKeys & { readonly cross: string } {
  return { certificate: `${prefix}.crt`, privateKey: `${prefix}.key`, cross: `${prefix}-cross.crt` };
}

/** The keys of one user in the system Secret. */
export function userKeys(prefix: string): LeafKeys & { readonly user: string; readonly password: string } {
  return {
    user: `${prefix}-${secretKeys.user}`,
    password: `${prefix}-${secretKeys.password}`,
    certificate: `${prefix}-${secretKeys.certificate}`,
    privateKey: `${prefix}-${secretKeys.privateKey}`,
  };
}
