import { CLIENT_PORT, MONITOR_PORT, ROUTE_PORT } from '../../../cluster/addresses.ts';
import type { InputViolation } from '../../../errors/action-error.ts';
import { createInputError } from '../../../inputs/grammar/violations.ts';
import { createViolation, type Problem } from '../reader/session.ts';
import { block, type ConfBlock, type ConfValue, isBlock, resolveVariable } from '../reader/value.ts';
import type { ServerSettings } from '../writer/server.ts';
import { buildBlock, type Field, findAmbiguities, findField, isSame, readFields } from './fields.ts';
import { checkGateway, sharedSystemAccount, sharesSystemAccount } from './joined-clusters.ts';
import { findPortClashes, isListener, type ListenerNeeds, mergeListener } from './listeners.ts';
import { mergeBlock, mergeCluster, mergeTags } from './merge-blocks.ts';
import { findSharedNames, listUserNames, type Merge, mergeAccounts, mergeAuthorization } from './merge-users.ts';
import { checkOperatorMode, findResolverDirectory, isOperatorMode } from './operator.ts';
import {
  describeTracing,
  findRefusal,
  ownedFields,
  ownedTlsFields,
  reportOwnedFields,
  tracingFields,
} from './owned.ts';
import { findVariableTexts, listEnvironment, removeUnusedVariables } from './unused-variables.ts';

/** The configuration of the user, the input that contains it, and the texts from which it can be read again. */
export type UserConfiguration = { readonly input: string; readonly tree: ConfBlock; readonly texts: string };

/**
 * A merged configuration. With operators or trusted keys, users authenticate by JWT and users in the configuration are
 * invalid, both the Action's and the user's (`processClient…`, `validateTrustedOperators`). The credentials of the
 * system account then come from the input `system-credentials`.
 */
export type MergedConfiguration =
  | { readonly kind: 'users'; readonly configuration: ConfBlock }
  | {
      readonly kind: 'operator';
      readonly configuration: ConfBlock;
      /** The directory where the resolver keeps accounts; the server must have write access. */
      readonly resolverDirectory: string | undefined;
    };

/**
 * The settings that decide what the user's configuration may contain, regardless of the content of the generated one.
 */
export type DecidedSettings = Pick<ServerSettings, 'clusterName' | 'routes' | 'jetstream' | 'probeSubjectPrefix'> & {
  /** The port of another container in the pod of a server, which no server can listen on. */
  readonly exporterPort?: number;
};

type MergeContext = {
  readonly input: string;
  readonly settings: DecidedSettings;
  readonly generated: ConfBlock;
  readonly theirs: readonly Field[];
  readonly isByJwt: boolean;
  readonly ourUsers: readonly string[];
  /** The variables of the environment that the Action's own entries refer to. */
  readonly environment: ReadonlySet<string>;
};

/**
 * Merges the generated configuration (`buildServerConfiguration` of `settings`) with the user's. An entry that the
 * settings or an input decide is refused unless it has the same value, regardless of whether the generated text
 * contains it. Lists of tags and users are joined; all other entries are kept unchanged. The user's own entries come
 * first, because they may define variables for the entries after them.
 * @throws ActionError INPUT_INVALID with every violation, each naming file, line and column and what to do instead
 */
export function mergeConfiguration(
  generated: ConfBlock,
  settings: DecidedSettings,
  user: Omit<UserConfiguration, 'texts'>,
): MergedConfiguration {
  const { input, tree } = user;
  const theirs = readFields('top', tree);
  const isByJwt = isOperatorMode(tree);
  const ourUsers = listUserNames(listUserHolders(readFields('top', generated)));
  const environment = listEnvironment(generated);
  const merging = { input, settings, generated, theirs, isByJwt, ourUsers, environment };
  const merged = theirs.map((field) => ({ field, ...mergeField(merging, field) }));
  const violations = [
    ...findAmbiguities(input, theirs),
    ...findVariableTexts(input, tree),
    ...merged.flatMap((each) => each.violations),
    ...findPortClashes(
      input,
      theirs.filter(({ name }) => isListener(name)),
    ),
    ...(isByJwt
      ? checkOperatorMode(input, theirs)
      : findSharedNames(input, (user) => ourUsers.includes(user), listUserHolders(theirs))),
  ];
  if (violations.length > 0) throw createInputError(violations);
  const configuration = removeUnusedVariables(joinEntries(merging, merged), tree);
  if (!isByJwt) return { kind: 'users', configuration };
  return { kind: 'operator', configuration, resolverDirectory: findResolverDirectory(tree) };
}

/**
 * Reports the users of a configuration, in `authorization` and in every account, that have a name reserved for the
 * Action.
 */
export function findReservedUsers(
  { input, tree }: Omit<UserConfiguration, 'texts'>,
  isReserved: (user: string) => boolean,
): readonly InputViolation[] {
  return isOperatorMode(tree) ? [] : findSharedNames(input, isReserved, listUserHolders(readFields('top', tree)));
}

/** Returns the user's own entries, then the Action's in their order, each merged with the user's. */
function joinEntries(
  { generated, isByJwt }: MergeContext,
  merged: readonly (Merge & { readonly field: Field })[],
): ConfBlock {
  const own = merged.filter(({ field }) => !Object.hasOwn(generated.entries, field.name));
  const ours = readFields('top', generated).flatMap((field) => {
    const shared = merged.find((each) => each.field.name === field.name);
    if (shared !== undefined) return [{ ...field, value: shared.value }];
    return isByJwt && USERS.includes(field.name) ? [] : [field];
  });
  return buildBlock([...own.map(({ field, value }) => ({ ...field, value })), ...ours]);
}

/** The entries of the generated configuration that are about users. */
const USERS: readonly string[] = ['authorization', 'accounts', 'system_account'];

function mergeField(merging: MergeContext, field: Field): Merge {
  const { input, generated, isByJwt } = merging;
  const { name, value, position } = field;
  const ours = Object.hasOwn(generated.entries, name) ? generated.entries[name] : undefined;
  const kept = { value, violations: [] };
  const refuse = (problem: Problem) => ({ value, violations: [createViolation(input, position, problem)] });
  if (merging.environment.has(field.key)) return refuse(environmentName);
  if (isByJwt && USERS.includes(name)) return kept;
  if (isSame(value, ours)) return kept;
  const owned = findRefusal(ownedFields, name);
  if (owned !== undefined) return { value, violations: reportOwnedFields(input, name, field, owned) };
  if (isListener(name)) {
    const problem = checkJoining(merging.settings, field);
    return problem === undefined ? mergeListener(input, field, describeListenerNeeds(merging)) : refuse(problem);
  }
  if (name === 'cluster') return mergeCluster(merging, isBlock(ours) ? ours : block({}), field);
  if (tracingFields.includes(name)) return isSameTrace(generated, field) ? kept : refuse(describeTracing(name));
  if (name === 'server_tags') return mergeTags(input, ours, field);
  if (name === 'system_account') return refuse(otherSystemAccount);
  if (!isBlock(ours)) return kept;
  switch (name) {
    case 'tls':
      return mergeBlock(input, ours, field, (inner) => findRefusal(ownedTlsFields, inner));
    case 'authorization':
      return mergeAuthorization(input, ours, field, merging.ourUsers);
    case 'accounts':
      return mergeAccounts(input, ours, field);
    default:
      return kept;
  }
}

function checkJoining({ clusterName, routes, jetstream }: DecidedSettings, field: Field): Problem | undefined {
  const hasJetStream = jetstream !== undefined;
  if (field.name === 'leafnodes') return hasJetStream && sharesSystemAccount(field) ? sharedSystemAccount : undefined;
  const isStandalone = routes === undefined;
  return field.name === 'gateway' ? checkGateway(field, { clusterName, isStandalone, hasJetStream }) : undefined;
}

/** Returns every block with users: `authorization`, and each account. */
function listUserHolders(fields: readonly Field[]): readonly ConfValue[] {
  const accounts = resolveVariable(findField('accounts', fields)?.value ?? '');
  const inAccounts = isBlock(accounts) ? Object.values(accounts.entries) : [];
  return [findField('authorization', fields)?.value ?? '', ...inAccounts];
}

/**
 * Returns the settings that listeners have to fit. The ports are always included, because the Services have them
 * whether or not the servers listen on them.
 */
function describeListenerNeeds({ settings, generated: { entries } }: MergeContext): ListenerNeeds {
  return {
    clusterName: settings.clusterName,
    tls: entries['tls'] ?? block({}),
    ports: [
      CLIENT_PORT,
      MONITOR_PORT,
      ROUTE_PORT,
      ...(settings.exporterPort === undefined ? [] : [settings.exporterPort]),
    ],
  };
}

function isSameTrace(generated: ConfBlock, { value }: Field): boolean {
  return isSame(generated.entries['trace'], value);
}

const environmentName = {
  says: 'got a key with the name of an environment variable of the server',
  fix: 'give the key another name',
};
const otherSystemAccount = {
  says: 'got a system account other than `$SYS`, but the Action connects to the servers as a user of `$SYS`',
  fix: 'remove `system_account` and name the account "$SYS" in `accounts`',
};
