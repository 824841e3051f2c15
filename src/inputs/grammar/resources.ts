import type { Quantities, Resources } from '../../cluster/spec.ts';
import { parseQuantity } from './number.ts';
import { accept, type Grammar, refuse } from './row.ts';
import { findClosest } from './violations.ts';
import { readYaml } from './yaml.ts';

const SECTIONS = ['requests', 'limits'] as const;
const RESOURCES = ['cpu', 'memory', 'ephemeral-storage'] as const;

type Section = (typeof SECTIONS)[number];

class Problem extends Error {}

export const resources: Grammar<Resources> = {
  expected: 'YAML as `{requests: {cpu: 100m, memory: 128Mi}, limits: {memory: 256Mi}}`',
  example: '{requests: {cpu: 100m, memory: 128Mi}}',
  typing: { type: 'string' },
  parse: (text) => {
    try {
      const sections = readEntries(parseYaml(text), 'resources', SECTIONS);
      const value: Resources = {
        requests: readQuantities(sections, 'requests'),
        limits: readQuantities(sections, 'limits'),
      };
      checkOrder(value);
      return accept(value);
    } catch (error) {
      if (error instanceof Problem) return refuse({ expected: error.message });
      throw error;
    }
  },
};

function parseYaml(text: string): unknown {
  try {
    return readYaml(text, { maxAliasCount: 0 });
  } catch {
    // The YAML parser's message differs by its version; the expected form is more helpful.
    throw new Problem(`${resources.expected}; this is not YAML`);
  }
}

function readEntries<Key extends string>(
  value: unknown,
  where: string,
  keys: readonly Key[],
): ReadonlyMap<Key, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Problem(`${resources.expected}; \`${where}\` has to be a mapping`);
  }
  const entries = new Map<Key, unknown>();
  for (const [written, entry] of Object.entries(value)) {
    const key = keys.find((candidate) => candidate === written);
    if (key === undefined) throw new Problem(describeUnknownKey(written, where, keys));
    entries.set(key, entry);
  }
  return entries;
}

function describeUnknownKey(written: string, where: string, keys: readonly string[]): string {
  const meant = findClosest(written, keys);
  const known = keys.map((key) => `\`${key}\``).join(', ');
  return `under \`${where}\` only ${known}, not \`${written.slice(0, 40)}\`${meant === undefined ? '' : ` (did you mean \`${meant}\`?)`}`;
}

function readQuantities(sections: ReadonlyMap<Section, unknown>, section: Section): Quantities {
  if (!sections.has(section)) return {};
  const quantities: Record<string, string> = {};
  for (const [resource, value] of readEntries(sections.get(section), section, RESOURCES)) {
    const text = typeof value === 'number' || typeof value === 'string' ? String(value) : '';
    if (parseQuantity(text) === undefined) {
      throw new Problem(`\`${section}.${resource}\` as a Kubernetes quantity, for example \`500m\` or \`256Mi\``);
    }
    quantities[resource] = text;
  }
  return quantities;
}

function checkOrder({ requests, limits }: Resources): void {
  for (const resource of RESOURCES) {
    const request = parseQuantity(requests?.[resource] ?? '');
    const limit = parseQuantity(limits?.[resource] ?? '');
    if (request !== undefined && limit !== undefined && request > limit) {
      throw new Problem(
        `\`requests.${resource}\` (${requests?.[resource]}) at most \`limits.${resource}\` (${limits?.[resource]})`,
      );
    }
  }
}
