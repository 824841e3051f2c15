import { readMaterial } from './endpoint.ts';
import { type Fields, readFields, type Trouble } from './kubeconfig-fields.ts';

/** The `auth-provider` named `oidc` (client-go, `plugin/pkg/client/auth/oidc`). */
export type OidcConfig = {
  readonly idToken: string | undefined;
  readonly refreshToken: string | undefined;
  readonly clientId: string | undefined;
  readonly clientSecret: string;
  readonly issuer: string | undefined;
  /** The CAs of the identity provider as PEM; undefined: the CAs that the runner trusts. */
  readonly authority: string | undefined;
};

/** The known fields. `extra-scopes` is not sent; client-go does not send it either. */
const FIELDS = [
  'client-id',
  'client-secret',
  'extra-scopes',
  'id-token',
  'idp-certificate-authority',
  'idp-certificate-authority-data',
  'idp-issuer-url',
  'refresh-token',
] as const;

/**
 * Decodes the `auth-provider` of a user; undefined if the user has none.
 *
 * @throws ActionError INPUT_INVALID for every other provider: client-go has removed them, and they would run a program
 * past any deadline.
 */
export function decodeOidc(user: Fields, directory: string, trouble: Trouble): OidcConfig | undefined {
  const record = user.record('auth-provider');
  if (record === undefined) return undefined;
  const provider = readFields(record, ['name', 'config'], { where: 'the kubeconfig', of: 'auth-provider' }, trouble);
  const name = provider.text('name');
  if (name !== 'oidc') {
    throw user.refuse(
      'auth-provider',
      `names ${name === undefined ? 'no provider' : `\`${name.slice(0, 80)}\``}, which kubectl no longer supports`,
      `\`exec\` with a credential plugin: ${PLUGINS[name ?? ''] ?? 'make the kubeconfig again with the tool of your cluster’s provider'}`,
    );
  }
  const place = { where: 'the kubeconfig', of: 'auth-provider oidc' };
  const config = readFields(provider.record('config') ?? {}, FIELDS, place, trouble);
  return {
    idToken: config.text('id-token'),
    refreshToken: config.text('refresh-token'),
    clientId: config.text('client-id'),
    clientSecret: config.text('client-secret') ?? '',
    issuer: config.text('idp-issuer-url'),
    authority: readMaterial(config, 'idp-certificate-authority', directory)?.read(),
  };
}

const PLUGINS: Readonly<Record<string, string>> = {
  gcp: 'gke-gcloud-auth-plugin; run `gcloud container clusters get-credentials` again',
  azure: 'kubelogin; run `kubelogin convert-kubeconfig`',
};
