import type { Shown } from '../connect-line.ts';
import { fieldNamed, fieldsOf } from './fields.ts';
import { type ConfBlock, type ConfValue, isBlock, isList, resolved } from './value.ts';

type NamedUser = { readonly name: string; readonly shown: Shown };

/** Returns the users of a configuration, in `authorization` and in every account, with the credentials they use. */
export function configuredUsers(configuration: ConfBlock): readonly NamedUser[] {
  const top = fieldsOf('top', configuration);
  const accounts = valueOf(top, 'accounts');
  const holders = [valueOf(top, 'authorization'), ...(isBlock(accounts) ? Object.values(accounts.entries) : [])];
  return holders.flatMap((holder) => {
    const within = holder === undefined ? undefined : resolved(holder);
    const users = isBlock(within) ? valueOf(fieldsOf('account', within), 'users') : undefined;
    return isList(users) ? users.items.flatMap(userOf) : [];
  });
}

function userOf(item: ConfValue): readonly NamedUser[] {
  const user = resolved(item);
  if (!isBlock(user)) return [];
  const fields = fieldsOf('user', user);
  const [name, password, nkey] = ['user', 'password', 'nkey'].map((key) => valueOf(fields, key));
  if (typeof nkey === 'string') return [{ name: `user ${nkey}`, shown: { nkey } }];
  if (name === undefined || typeof name === 'object') return [];
  const secret = password === undefined || typeof password === 'object' ? undefined : String(password);
  return [{ name: `user ${String(name)}`, shown: { user: String(name), password: secret } }];
}

function valueOf(fields: ReturnType<typeof fieldsOf>, name: string): ConfValue | undefined {
  const value = fieldNamed(name, fields)?.value;
  return value === undefined ? undefined : resolved(value);
}
