import { jwtOf, type Nkey, nkey, operatorJwt } from './nkeys.ts';

/** An operator with a system account and one account for applications, as nsc would make them. */
export type TestOperator = {
  /** Renders nats.conf with the operator; `resolver` replaces the resolver in memory. */
  readonly configuration: (resolver?: string) => string;
  /**
   * Returns the text of a `.creds` file of a new user. `expiry` is in seconds since 1970, and `claims` are for example
   * `pub` and `sub`.
   */
  readonly systemUser: (expiry?: number, claims?: object) => string;
  readonly user: () => string;
  readonly systemAccount: string;
};

export function testOperator(): TestOperator {
  const [operator, system, shop] = [nkey('operator'), nkey('account'), nkey('account')];
  const preload = [system, shop].map(({ publicKey }) => `  ${publicKey}: ${accountJwt(operator, publicKey)}`);
  return {
    configuration: (resolver = 'MEMORY') =>
      [
        `operator: ${operatorJwt(operator, system.publicKey)}`,
        `system_account: ${system.publicKey}`,
        `resolver: ${resolver}`,
        'resolver_preload: {',
        ...preload,
        '}',
      ].join('\n'),
    systemUser: (expiry, claims) => credentialsFile(system, expiry === undefined ? {} : { exp: expiry }, claims),
    user: () => credentialsFile(shop),
    systemAccount: system.publicKey,
  };
}

/** Returns the text that `nsc generate creds` writes, including its explanations. */
export function credentialsFile(account: Nkey, more: object = {}, nats: object = {}): string {
  const user = nkey('user');
  const claims = { pub: {}, sub: {}, subs: -1, data: -1, payload: -1, type: 'user', version: 2, ...nats };
  return `-----BEGIN NATS USER JWT-----
${jwtOf(account, user.publicKey, claims, more)}
------END NATS USER JWT------

************************* IMPORTANT *************************
NKEY Seed printed below can be used to sign and prove identity.
NKEYs are sensitive and should be treated as secrets.

-----BEGIN USER NKEY SEED-----
${user.seed}
------END USER NKEY SEED------

*************************************************************
`;
}

/** Returns the seed in a `.creds` file. */
export function seedIn(credentials: string): string {
  return /^SU\w+$/m.exec(credentials)?.[0] ?? '';
}

function accountJwt(operator: Nkey, account: string): string {
  const limits = { subs: -1, data: -1, payload: -1, imports: -1, exports: -1, wildcards: true, conn: -1, leaf: -1 };
  const permissions = { pub: {}, sub: {} };
  return jwtOf(operator, account, { limits, default_permissions: permissions, type: 'account', version: 2 });
}
