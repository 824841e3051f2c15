import { inputInvalid } from '../../inputs/violations.ts';
import { ambiguities, blockWith, type Field, fieldNamed, fieldsOf, isSame } from './fields.ts';
import { type Generated, isListener, mergedListener, portClashes } from './listeners.ts';
import { type Merge, mergedAccounts, mergedAuthorization, noBlock, sharedNames, userNames } from './merge-users.ts';
import { isOperated, operatorViolations, resolverDirectoryOf } from './operator.ts';
import { ownedClusterFields, ownedFields, ownedTlsFields, refusal, tracingFields, tracingWithout } from './owned.ts';
import { ownedViolations } from './owned-blocks.ts';
import { type Problem, violationAt } from './problem.ts';
import { withoutUnusedVariables } from './unused-variables.ts';
import { block, type ConfBlock, type ConfValue, isBlock, isList, list, resolved } from './value.ts';
import { variableTexts } from './variable-texts.ts';

/** The configuration of the user, the input it came by, and the texts it can be read from again. */
export type UserConfiguration = { readonly input: string; readonly tree: ConfBlock; readonly texts: string };

/**
 * With operators or trusted keys users are proved by JWT, and those in the configuration cannot exist (`processClient…`,
 * `validateTrustedOperators`): neither ours nor the user's. Credentials of the system account then come from the input
 * `system-credentials`.
 */
export type MergedConfiguration =
  | { readonly kind: 'users'; readonly configuration: ConfBlock }
  | {
      readonly kind: 'operator';
      readonly configuration: ConfBlock;
      /** Where the resolver keeps accounts: the server has to be able to write there. */
      readonly resolverDirectory: string | undefined;
    };

type Merging = {
  readonly input: string;
  readonly generated: ConfBlock;
  readonly theirs: readonly Field[];
  readonly isByJwt: boolean;
  readonly ourUsers: readonly string[];
  /** The variables of the environment that our own entries refer to. */
  readonly environment: ReadonlySet<string>;
};

/**
 * The generated configuration (`serverConfiguration`) and the user's in one. What the generated one or an input decides
 * is refused unless it is the same; lists of tags and users are joined; everything else is taken as it is. The user's own
 * entries come first, for they may define variables, which count in what follows them.
 * @throws ActionError INPUT_INVALID with every violation, each naming file, line and column and what to do instead
 */
export function mergeConfiguration(generated: ConfBlock, user: Omit<UserConfiguration, 'texts'>): MergedConfiguration {
  const { input, tree } = user;
  const theirs = fieldsOf('top', tree);
  const isByJwt = isOperated(tree);
  const ourUsers = userNames(userHolders(fieldsOf('top', generated)));
  const environment = environmentOf(generated);
  const merging = { input, generated, theirs, isByJwt, ourUsers, environment };
  const merged = theirs.map((field) => ({ field, ...mergedField(merging, field) }));
  const violations = [
    ...ambiguities(input, theirs),
    ...variableTexts(input, tree),
    ...merged.flatMap((each) => each.violations),
    ...portClashes(
      input,
      theirs.filter(({ name }) => isListener(name)),
    ),
    ...(isByJwt ? operatorViolations(input, theirs) : sharedNames(input, ourUsers, userHolders(theirs))),
  ];
  if (violations.length > 0) throw inputInvalid(violations);
  const configuration = withoutUnusedVariables(joined(merging, merged), tree);
  if (!isByJwt) return { kind: 'users', configuration };
  return { kind: 'operator', configuration, resolverDirectory: resolverDirectoryOf(tree) };
}

/** The user's own entries, then ours in our order, each with what became of the user's. */
function joined({ generated, isByJwt }: Merging, merged: readonly (Merge & { readonly field: Field })[]): ConfBlock {
  const own = merged.filter(({ field }) => !Object.hasOwn(generated.entries, field.name));
  const ours = fieldsOf('top', generated).flatMap((field) => {
    const shared = merged.find((each) => each.field.name === field.name);
    if (shared !== undefined) return [{ ...field, value: shared.value }];
    return isByJwt && USERS.includes(field.name) ? [] : [field];
  });
  return blockWith([...own.map(({ field, value }) => ({ ...field, value })), ...ours]);
}

/** What of the generated configuration is about users. */
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
  if (isListener(name)) return mergedListener(input, field, neededBy(generated));
  if (tracingFields.includes(name)) return tracing(generated, field) ? kept : refuse(tracingWithout(name));
  if (name === 'server_tags') return mergedTags(input, ours, field);
  if (name === 'system_account') return refuse(otherSystemAccount);
  if (!isBlock(ours)) return kept;
  switch (name) {
    case 'tls':
      return mergedBlock(input, ours, field, (inner) => refusal(ownedTlsFields, inner));
    case 'cluster':
      return mergedBlock(input, ours, field, (inner) => refusal(ownedClusterFields, inner));
    case 'authorization':
      return mergedAuthorization(input, ours, field, merging.ourUsers);
    case 'accounts':
      return mergedAccounts(input, ours, field);
    default:
      return kept;
  }
}

/** Our entries, then the user's that are neither ours nor decided by an input. */
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

/** Ours first. The tag of the revision is how a server says what it runs, so nobody else may write one. */
function mergedTags(input: string, ours: ConfValue | undefined, field: Field): Merge {
  const value = resolved(field.value);
  const tags = isList(value) ? value.items : [field.value];
  const isOurs = tags.map(resolved).some((tag) => typeof tag === 'string' && /^\s*rev:/i.test(tag));
  return {
    value: list([...(isList(ours) ? ours.items : []), ...tags]),
    violations: isOurs ? [violationAt(input, field.position, revisionTag)] : [],
  };
}

/** Every block with users: `authorization`, and each account. */
function userHolders(fields: readonly Field[]): readonly ConfValue[] {
  const accounts = resolved(fieldNamed('accounts', fields)?.value ?? '');
  const inAccounts = isBlock(accounts) ? Object.values(accounts.entries) : [];
  return [fieldNamed('authorization', fields)?.value ?? '', ...inAccounts];
}

function neededBy({ entries }: ConfBlock): Generated {
  const cluster = entries['cluster'];
  const inCluster = isBlock(cluster) ? cluster.entries : {};
  const ports = [entries['port'], entries['http_port'], inCluster['port']].filter((port) => port !== undefined);
  return { clusterName: inCluster['name'] ?? '', tls: entries['tls'] ?? block({}), ports };
}

function tracing(generated: ConfBlock, { value }: Field): boolean {
  return isSame(generated.entries['trace'], value);
}

/** The variables our own entries refer to: a key of that name would stand in for the environment. */
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
