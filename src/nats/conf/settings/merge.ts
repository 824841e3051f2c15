import { CLIENT_PORT, MONITOR_PORT, ROUTE_PORT } from '../../../cluster/addresses.ts';
import type { InputViolation } from '../../../errors/action-error.ts';
import { inputInvalid } from '../../../inputs/grammar/violations.ts';
import { type Problem, violationAt } from '../reader/session.ts';
import { block, type ConfBlock, type ConfValue, isBlock, isList, list, resolved } from '../reader/value.ts';
import type { ServerSettings } from '../writer/server.ts';
import { ambiguities, blockWith, type Field, fieldNamed, fieldsOf, isSame } from './fields.ts';
import { gatewayProblem, sharedSystemAccount, sharesSystemAccount } from './joined-clusters.ts';
import { type Generated, isListener, mergedListener, portClashes } from './listeners.ts';
import { type Merge, mergedAccounts, mergedAuthorization, noBlock, sharedNames, userNames } from './merge-users.ts';
import { isOperated, operatorViolations, resolverDirectoryOf } from './operator.ts';
import {
  ownedClusterFields,
  ownedFields,
  ownedTlsFields,
  ownedViolations,
  refusal,
  tracingFields,
  tracingWithout,
} from './owned.ts';
import { withheld, withheldSubject } from './route-permissions.ts';
import { variableTexts, withoutUnusedVariables } from './unused-variables.ts';

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
export type DecidedSettings = Pick<ServerSettings, 'clusterName' | 'routes' | 'jetstream' | 'probeSubjectPrefix'>;

type Merging = {
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
 * Merges the generated configuration (`serverConfiguration` of `settings`) with the user's. An entry that the settings
 * or an input decide is refused unless it has the same value, regardless of whether the generated text contains it.
 * Lists of tags and users are joined; everything else is taken as it is. The user's own entries come first, because
 * they may define variables for the entries after them.
 * @throws ActionError INPUT_INVALID with every violation, each naming file, line and column and what to do instead
 */
export function mergeConfiguration(
  generated: ConfBlock,
  settings: DecidedSettings,
  user: Omit<UserConfiguration, 'texts'>,
): MergedConfiguration {
  const { input, tree } = user;
  const theirs = fieldsOf('top', tree);
  const isByJwt = isOperated(tree);
  const ourUsers = userNames(userHolders(fieldsOf('top', generated)));
  const environment = environmentOf(generated);
  const merging = { input, settings, generated, theirs, isByJwt, ourUsers, environment };
  const merged = theirs.map((field) => ({ field, ...mergedField(merging, field) }));
  const violations = [
    ...ambiguities(input, theirs),
    ...variableTexts(input, tree),
    ...merged.flatMap((each) => each.violations),
    ...portClashes(
      input,
      theirs.filter(({ name }) => isListener(name)),
    ),
    ...(isByJwt
      ? operatorViolations(input, theirs)
      : sharedNames(input, (user) => ourUsers.includes(user), userHolders(theirs))),
  ];
  if (violations.length > 0) throw inputInvalid(violations);
  const configuration = withoutUnusedVariables(joined(merging, merged), tree);
  if (!isByJwt) return { kind: 'users', configuration };
  return { kind: 'operator', configuration, resolverDirectory: resolverDirectoryOf(tree) };
}

/**
 * Reports the users of a configuration, in `authorization` and in every account, that have a name reserved for the
 * Action.
 */
export function reservedUsers(
  { input, tree }: Omit<UserConfiguration, 'texts'>,
  isReserved: (user: string) => boolean,
): readonly InputViolation[] {
  return isOperated(tree) ? [] : sharedNames(input, isReserved, userHolders(fieldsOf('top', tree)));
}

/** Returns the user's own entries, then the Action's in their order, each merged with the user's. */
function joined({ generated, isByJwt }: Merging, merged: readonly (Merge & { readonly field: Field })[]): ConfBlock {
  const own = merged.filter(({ field }) => !Object.hasOwn(generated.entries, field.name));
  const ours = fieldsOf('top', generated).flatMap((field) => {
    const shared = merged.find((each) => each.field.name === field.name);
    if (shared !== undefined) return [{ ...field, value: shared.value }];
    return isByJwt && USERS.includes(field.name) ? [] : [field];
  });
  return blockWith([...own.map(({ field, value }) => ({ ...field, value })), ...ours]);
}

/** The entries of the generated configuration that are about users. */
const USERS: readonly string[] = ['authorization', 'accounts', 'system_account'];

function mergedField(merging: Merging, field: Field): Merge {
  const { input, generated, isByJwt } = merging;
  const { name, value, position } = field;
  const ours = Object.hasOwn(generated.entries, name) ? generated.entries[name] : undefined;
  const kept = { value, violations: [] };
  const refuse = (problem: Problem) => ({ value, violations: [violationAt(input, position, problem)] });
  if (merging.environment.has(field.key)) return refuse(environmentName);
  if (isByJwt && USERS.includes(name)) return kept;
  if (isSame(value, ours)) return kept;
  const owned = refusal(ownedFields, name);
  if (owned !== undefined) return { value, violations: ownedViolations(input, name, field, owned) };
  if (isListener(name)) {
    const problem = joiningProblem(merging.settings, field);
    return problem === undefined ? mergedListener(input, field, neededBy(merging)) : refuse(problem);
  }
  if (name === 'cluster') return mergedCluster(merging, isBlock(ours) ? ours : block({}), field);
  if (tracingFields.includes(name)) return tracing(generated, field) ? kept : refuse(tracingWithout(name));
  if (name === 'server_tags') return mergedTags(input, ours, field);
  if (name === 'system_account') return refuse(otherSystemAccount);
  if (!isBlock(ours)) return kept;
  switch (name) {
    case 'tls':
      return mergedBlock(input, ours, field, (inner) => refusal(ownedTlsFields, inner));
    case 'authorization':
      return mergedAuthorization(input, ours, field, merging.ourUsers);
    case 'accounts':
      return mergedAccounts(input, ours, field);
    default:
      return kept;
  }
}

/** Merges `cluster`. A single server has no `cluster` block of the Action, but the same fields are still refused. */
function mergedCluster({ input, settings }: Merging, ours: ConfBlock, field: Field): Merge {
  const merged = mergedBlock(input, ours, field, (name) => refusal(ownedClusterFields, name));
  const theirs = resolved(field.value);
  const permissions = isBlock(theirs) ? fieldNamed('permissions', fieldsOf('cluster', theirs)) : undefined;
  const subject = permissions === undefined ? undefined : withheldSubject(permissions, neededSubjects(settings));
  if (permissions === undefined || subject === undefined) return merged;
  const violation = violationAt(input, permissions.position, withheld(subject));
  return { ...merged, violations: [...merged.violations, violation] };
}

/**
 * Returns the subjects for requests of the system account, for messages that verify delivery, and with JetStream for
 * its API and its Raft groups.
 */
function neededSubjects({ probeSubjectPrefix, jetstream }: DecidedSettings): readonly string[] {
  const always = ['$SYS.>', `${probeSubjectPrefix}.>`];
  return jetstream === undefined ? always : [...always, '$JS.>', '$JSC.>', '$NRG.>'];
}

function joiningProblem({ clusterName, routes, jetstream }: DecidedSettings, field: Field): Problem | undefined {
  const hasJetStream = jetstream !== undefined;
  if (field.name === 'leafnodes') return hasJetStream && sharesSystemAccount(field) ? sharedSystemAccount : undefined;
  const isStandalone = routes === undefined;
  return field.name === 'gateway' ? gatewayProblem(field, { clusterName, isStandalone, hasJetStream }) : undefined;
}

/** Returns the Action's entries, then the user's entries that neither the Action nor an input decides. */
function mergedBlock(
  input: string,
  ours: ConfBlock,
  field: Field,
  ownedBy: (name: string) => Problem | undefined,
): Merge {
  const theirs = resolved(field.value);
  if (!isBlock(theirs)) return { value: field.value, violations: [noBlock(input, field)] };
  const kind = field.name === 'cluster' ? 'cluster' : 'tls';
  const own = fieldsOf(kind, ours);
  const fields = fieldsOf(kind, theirs).filter(({ name, value }) => !isSame(value, fieldNamed(name, own)?.value));
  const violations = fields.flatMap((inner) => {
    const problem = ownedBy(inner.name);
    return problem === undefined ? [] : ownedViolations(input, `${field.name}.${inner.name}`, inner, problem);
  });
  return { value: blockWith([...own, ...fields]), violations: [...ambiguities(input, fields), ...violations] };
}

/**
 * Merges the tags, the Action's first. Only the Action may write the tag of the revision, because the tag tells the
 * Action which revision a server runs.
 */
function mergedTags(input: string, ours: ConfValue | undefined, field: Field): Merge {
  const value = resolved(field.value);
  const tags = isList(value) ? value.items : [field.value];
  const isOurs = tags.map(resolved).some((tag) => typeof tag === 'string' && /^\s*rev:/i.test(tag));
  return {
    value: list([...(isList(ours) ? ours.items : []), ...tags]),
    violations: isOurs ? [violationAt(input, field.position, revisionTag)] : [],
  };
}

/** Returns every block with users: `authorization`, and each account. */
function userHolders(fields: readonly Field[]): readonly ConfValue[] {
  const accounts = resolved(fieldNamed('accounts', fields)?.value ?? '');
  const inAccounts = isBlock(accounts) ? Object.values(accounts.entries) : [];
  return [fieldNamed('authorization', fields)?.value ?? '', ...inAccounts];
}

/**
 * Returns the settings that listeners have to fit. The ports are always included, because the Services have them
 * whether or not the servers listen on them.
 */
function neededBy({ settings, generated: { entries } }: Merging): Generated {
  return {
    clusterName: settings.clusterName,
    tls: entries['tls'] ?? block({}),
    ports: [CLIENT_PORT, MONITOR_PORT, ROUTE_PORT],
  };
}

function tracing(generated: ConfBlock, { value }: Field): boolean {
  return isSame(generated.entries['trace'], value);
}

/**
 * Returns the variables that the Action's own entries refer to. A key of the same name would replace the environment
 * variable.
 */
function environmentOf(value: ConfValue): ReadonlySet<string> {
  if (typeof value !== 'object') return new Set();
  if (value.kind === 'variable') return new Set([value.name]);
  const inner = isList(value) ? value.items : isBlock(value) ? Object.values(value.entries) : [];
  return new Set(inner.flatMap((each) => [...environmentOf(each)]));
}

const environmentName = { says: 'got the name of a variable of the server', fix: 'give the variable another name' };
const otherSystemAccount = {
  says: 'got a system account other than `$SYS`, which the Action reaches the servers by',
  fix: 'remove `system_account` and name the account "$SYS" in `accounts`',
};
const revisionTag = { says: 'got a tag that begins with `rev:`, as those of the Action do', fix: 'write another tag' };
