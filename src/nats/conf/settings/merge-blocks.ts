import { createViolation, type Problem } from '../reader/session.ts';
import { type ConfBlock, type ConfValue, isBlock, isList, list, resolveVariable } from '../reader/value.ts';
import { type ServerSettings } from '../writer/server.ts';
import { buildBlock, type Field, findAmbiguities, findField, isSame, readFields } from './fields.ts';
import { type Merge, reportMissingBlock } from './merge-users.ts';
import { findRefusal, ownedClusterFields, reportOwnedFields } from './owned.ts';

/** Returns the Action's entries, then the user's entries that neither the Action nor an input decides. */
export function mergeBlock(
  input: string,
  ours: ConfBlock,
  field: Field,
  ownedBy: (name: string) => Problem | undefined,
): Merge {
  const theirs = resolveVariable(field.value);
  if (!isBlock(theirs)) return { value: field.value, violations: [reportMissingBlock(input, field)] };
  const kind = field.name === 'cluster' ? 'cluster' : 'tls';
  const own = readFields(kind, ours);
  const fields = readFields(kind, theirs).filter(({ name, value }) => !isSame(value, findField(name, own)?.value));
  const violations = fields.flatMap((inner) => {
    const problem = ownedBy(inner.name);
    return problem === undefined ? [] : reportOwnedFields(input, `${field.name}.${inner.name}`, inner, problem);
  });
  return { value: buildBlock([...own, ...fields]), violations: [...findAmbiguities(input, fields), ...violations] };
}

/**
 * Merges the tags, the Action's first. Only the Action may write the tag of the revision, because the tag tells the
 * Action which revision a server runs.
 */
export function mergeTags(input: string, ours: ConfValue | undefined, field: Field): Merge {
  const value = resolveVariable(field.value);
  const tags = isList(value) ? value.items : [field.value];
  const isOurs = tags.map(resolveVariable).some((tag) => typeof tag === 'string' && /^\s*rev:/i.test(tag));
  return {
    value: list([...(isList(ours) ? ours.items : []), ...tags]),
    violations: isOurs ? [createViolation(input, field.position, revisionTag)] : [],
  };
}

const revisionTag = {
  says: 'got a tag that begins with `rev:`, which is reserved for the Action',
  fix: 'write another tag',
};

/**
 * The input that contains the user's configuration, and the settings that decide which subjects the servers need on
 * routes.
 */
type ClusterContext = {
  readonly input: string;
  readonly settings: Pick<ServerSettings, 'probeSubjectPrefix' | 'jetstream'>;
};

/** Merges `cluster`. A single server has no `cluster` block of the Action, but the same fields are still refused. */
export function mergeCluster({ input, settings }: ClusterContext, ours: ConfBlock, field: Field): Merge {
  const merged = mergeBlock(input, ours, field, (name) => findRefusal(ownedClusterFields, name));
  const theirs = resolveVariable(field.value);
  const permissions = isBlock(theirs) ? findField('permissions', readFields('cluster', theirs)) : undefined;
  const subject =
    permissions === undefined ? undefined : findWithheldSubject(permissions, listNeededSubjects(settings));
  if (permissions === undefined || subject === undefined) return merged;
  const violation = createViolation(input, permissions.position, describeWithheld(subject));
  return { ...merged, violations: [...merged.violations, violation] };
}

/**
 * Returns the subjects for requests of the system account, for messages that verify delivery, and with JetStream for
 * its API and its Raft groups.
 */
function listNeededSubjects({ probeSubjectPrefix, jetstream }: ClusterContext['settings']): readonly string[] {
  const always = ['$SYS.>', `${probeSubjectPrefix}.>`];
  return jetstream === undefined ? always : [...always, '$JS.>', '$JSC.>', '$NRG.>'];
}

/**
 * Returns the first subject of `needed` that `cluster.permissions` blocks on the routes, in either direction.
 * nats-server applies the permissions to every subject, including those of the system account and of JetStream
 * (nats-server `server/route.go`, `canImport` and `canExport`). Each needed subject ends in `.>`.
 */
function findWithheldSubject(permissions: Field, needed: readonly string[]): string | undefined {
  const value = resolveVariable(permissions.value);
  if (!isBlock(value)) return undefined; // nats-server refuses it.
  const fields = readFields('user', value);
  return ['import', 'export']
    .flatMap((direction) => findField(direction, fields) ?? [])
    .map(({ value: rules }) => needed.find((subject) => !isAllowed(rules, subject)))
    .find((subject) => subject !== undefined);
}

const describeWithheld = (subject: string): Problem => ({
  says: `got route permissions without \`${subject}\`, which the servers need for their own messages`,
  fix: `add "${subject}" to \`allow\` of \`import\` and \`export\`, and take it out of \`deny\``,
});

/** Checks whether the rules allow the subject. A text or a list allows; a block has `allow` and `deny`. */
function isAllowed(rules: ConfValue, subject: string): boolean {
  const value = resolveVariable(rules);
  if (!isBlock(value)) return listTexts(value).some((allowed) => covers(allowed, subject));
  const fields = readFields('user', value);
  const [allow, deny] = ['allow', 'deny'].map((name) => findField(name, fields)?.value);
  const isGranted = allow === undefined || listTexts(allow).some((allowed) => covers(allowed, subject));
  return isGranted && !(deny !== undefined && listTexts(deny).some((denied) => overlaps(denied, subject)));
}

function listTexts(value: ConfValue): readonly string[] {
  const actual = resolveVariable(value);
  const items = isList(actual) ? actual.items.map(resolveVariable) : [actual];
  return items.filter((item) => typeof item === 'string');
}

/** Checks whether `pattern` allows everything below `subject`, which ends in `>`. */
function covers(pattern: string, subject: string): boolean {
  const [wide, narrow] = [pattern.split('.'), subject.split('.')];
  if (wide.at(-1) !== '>' || wide.length > narrow.length) return false;
  return wide.slice(0, -1).every((token, index) => token === '*' || token === narrow[index]);
}

/** Checks whether there is a subject that both patterns match. */
function overlaps(pattern: string, subject: string): boolean {
  const [one, other] = [pattern.split('.'), subject.split('.')];
  for (const [index, token] of one.entries()) {
    const against = other[index];
    if (token === '>' || against === '>') return true;
    if (against === undefined || (token !== '*' && against !== '*' && token !== against)) return false;
  }
  return one.length === other.length;
}
