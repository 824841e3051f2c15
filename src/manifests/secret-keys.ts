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
  clientAuthorityCertificate: 'client-ca.crt',
  clientAuthorityKey: 'client-ca.key',
  routeAuthorityCertificate: 'route-ca.crt',
  routeAuthorityKey: 'route-ca.key',
} as const;

export type SystemUser = 'system' | 'probe' | 'route';

/** The pair of keys of one user in the system Secret. */
export function systemUserKeys(user: SystemUser): { readonly user: string; readonly password: string } {
  return { user: `${user}-${secretKeys.user}`, password: `${user}-${secretKeys.password}` };
}
