import type { Override } from '../../cluster/spec.ts';
import { isRecord, type JsonRecord } from '../../objects/json.ts';
import type { Grammar } from './row.ts';
import { createShapeParser, requireMapping, ShapeProblem } from './shape.ts';
import { findClosest } from './violations.ts';

/** The length limit of overrides. An annotation keeps them with the other settings. */
const MAX_CHARACTERS = 32_768;
const MAX_DEPTH = 40;

const KINDS = ['StatefulSet', 'Service', 'Secret', 'PodDisruptionBudget', 'NetworkPolicy', 'PodMonitor'] as const;

/** The fields that identify an object, which patches must not change. */
const IDENTITY: readonly string[] = ['apiVersion', 'kind', 'status'];

/**
 * The grammar of merge patches by object. The renderer checks later that the objects exist, and that they keep the
 * fields that the Action relies on.
 */
export const overrideList: Grammar<readonly Override[]> = {
  expected:
    'a YAML mapping of objects to merge patches, as `StatefulSet/servers: {spec: {template: {spec: {nodeSelector: {disk: ssd}}}}}`',
  example: 'StatefulSet/servers: {spec: {template: {spec: {nodeSelector: {disk: ssd}}}}}',
  typing: { type: 'string' },
  parse: createShapeParser(readOverrides, MAX_CHARACTERS),
};

function readOverrides(value: unknown): readonly Override[] {
  return Object.entries(requireMapping(value, 'the overrides')).map(([target, patch]) => {
    const where = `\`${target.slice(0, 100)}\``;
    const { kind, role } = readTarget(target, where);
    requireJson(patch, where, 0);
    const fields = requireMapping(patch, where);
    requirePatchable(kind, fields, where);
    return { kind, role, patch: fields };
  });
}

function readTarget(target: string, where: string): Omit<Override, 'patch'> {
  const [written = '', role = '', ...more] = target.split('/');
  const kind = KINDS.find((one) => one === written);
  if (kind === undefined) {
    const meant = findClosest(written.slice(0, 100), KINDS);
    const hint = meant === undefined ? '' : ` (did you mean \`${meant}\`?)`;
    throw new ShapeProblem(`${where} to begin with one of ${KINDS.join(', ')}${hint}`);
  }
  if (more.length > 0 || !/^[a-z0-9][a-z0-9.-]{0,252}$/.test(role)) {
    throw new ShapeProblem(`${where} to be a kind, a slash, and the role of the object, its name, or \`all\``);
  }
  return { kind, role };
}

function requirePatchable(kind: string, patch: JsonRecord, where: string): void {
  const identity = IDENTITY.find((field) => Object.hasOwn(patch, field));
  if (identity !== undefined) throw new ShapeProblem(`no \`${identity}\` in ${where}`);
  const other = Object.keys(patch).find((field) => field !== 'metadata');
  if (kind === 'Secret' && other !== undefined) {
    throw new ShapeProblem(`only \`metadata\` in ${where}: the content of a Secret cannot be patched`);
  }
  if (!Object.hasOwn(patch, 'metadata')) return;
  const fields = Object.entries(requireMapping(patch['metadata'], `\`metadata\` of ${where}`));
  for (const [field, entries] of fields) {
    if (field !== 'labels' && field !== 'annotations') {
      throw new ShapeProblem(`only \`labels\` and \`annotations\` in \`metadata\` of ${where}`);
    }
    for (const [key, value] of Object.entries(requireMapping(entries, `\`${field}\` of ${where}`))) {
      if (value !== null && typeof value !== 'string') {
        throw new ShapeProblem(`\`${key.slice(0, 100)}\` of \`${field}\` in ${where} to be text: put it in quotes`);
      }
    }
  }
}

/** Requires a value that JSON can represent: YAML also has infinity. */
function requireJson(value: unknown, where: string, depth: number): void {
  if (depth > MAX_DEPTH) throw new ShapeProblem(`at most ${MAX_DEPTH} levels in ${where}`);
  if (Array.isArray(value)) {
    value.forEach((item) => requireJson(item, where, depth + 1));
  } else if (isRecord(value)) {
    Object.values(value).forEach((item) => requireJson(item, where, depth + 1));
  } else if (value !== null && !['string', 'boolean'].includes(typeof value) && !Number.isFinite(value)) {
    throw new ShapeProblem(`text, numbers, \`true\`, \`false\` or \`null\` in ${where}`);
  }
}
