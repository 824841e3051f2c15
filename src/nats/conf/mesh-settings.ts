import { fieldNamed, fieldsOf } from './fields.ts';
import { type ConfBlock, isBlock, isList, resolved } from './value.ts';

/** The part of a configuration that decides how many routes two servers have with each other. */
export type MeshSettings = {
  /** The `cluster.pool_size`; undefined leaves the server's default. */
  readonly poolSize: number | undefined;
  /** The `cluster.accounts`: each has a route of its own, as the system account always has. */
  readonly pinnedAccounts: readonly string[];
};

export function meshSettingsOf(configuration: ConfBlock): MeshSettings {
  const cluster = resolved(fieldNamed('cluster', fieldsOf('top', configuration))?.value ?? '');
  const fields = isBlock(cluster) ? fieldsOf('cluster', cluster) : [];
  const poolSize = resolved(fieldNamed('pool_size', fields)?.value ?? '');
  const accounts = resolved(fieldNamed('accounts', fields)?.value ?? '');
  const names = (isList(accounts) ? accounts.items : [accounts]).map(resolved);
  return {
    poolSize: typeof poolSize === 'number' ? poolSize : undefined,
    pinnedAccounts: names.filter((name) => typeof name === 'string' && name !== '').map(String),
  };
}
