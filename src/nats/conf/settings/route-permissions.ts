import type { Problem } from '../reader/session.ts';
import { type ConfValue, isBlock, isList, resolveVariable } from '../reader/value.ts';
import { type Field, findField, readFields } from './fields.ts';

/**
 * Returns the first subject of `needed` that `cluster.permissions` blocks on the routes, in either direction.
 * nats-server applies the permissions to every subject, including those of the system account and of JetStream
 * (nats-server `server/route.go`, `canImport` and `canExport`). Each needed subject ends in `.>`.
 */
export function findWithheldSubject(permissions: Field, needed: readonly string[]): string | undefined {
  const value = resolveVariable(permissions.value);
  if (!isBlock(value)) return undefined; // nats-server refuses it.
  const fields = readFields('user', value);
  return ['import', 'export']
    .flatMap((direction) => findField(direction, fields) ?? [])
    .map(({ value: rules }) => needed.find((subject) => !isAllowed(rules, subject)))
    .find((subject) => subject !== undefined);
}

export const describeWithheld = (subject: string): Problem => ({
  says: `got permissions of routes without \`${subject}\`, which the servers need among each other`,
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
