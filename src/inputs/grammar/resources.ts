import type { Quantities, Resources } from '../../cluster/spec.ts';
import { parseQuantity } from './number.ts';
import type { Grammar } from './row.ts';
import { createShapeParser, requireFields, ShapeProblem } from './shape.ts';

const SECTIONS = ['requests', 'limits'] as const;
const RESOURCES = ['cpu', 'memory', 'ephemeral-storage'] as const;

type Section = (typeof SECTIONS)[number];

/** The grammar of the resources of one container, as Kubernetes writes them. */
export const resources: Grammar<Resources> = {
  expected: 'YAML as `{requests: {cpu: 100m, memory: 128Mi}, limits: {memory: 256Mi}}`',
  example: '{requests: {cpu: 100m, memory: 128Mi}}',
  typing: { type: 'string' },
  parse: createShapeParser(readResources),
};

function readResources(value: unknown): Resources {
  const sections = requireFields(value, '`resources`', SECTIONS);
  const requests = readQuantities(sections, 'requests');
  const limits = readQuantities(sections, 'limits');
  requireOrder(requests, limits);
  return { requests, limits };
}

function readQuantities(sections: ReadonlyMap<Section, unknown>, section: Section): Quantities {
  if (!sections.has(section)) return {};
  const quantities: Record<string, string> = {};
  for (const [resource, amount] of requireFields(sections.get(section), `\`${section}\``, RESOURCES)) {
    const text = typeof amount === 'number' || typeof amount === 'string' ? String(amount) : '';
    if (parseQuantity(text) === undefined) {
      throw new ShapeProblem(`\`${section}.${resource}\` as a Kubernetes quantity, for example \`500m\` or \`256Mi\``);
    }
    quantities[resource] = text;
  }
  return quantities;
}

function requireOrder(requests: Quantities, limits: Quantities): void {
  for (const resource of RESOURCES) {
    const request = parseQuantity(requests[resource] ?? '');
    const limit = parseQuantity(limits[resource] ?? '');
    if (request !== undefined && limit !== undefined && request > limit) {
      throw new ShapeProblem(
        `\`requests.${resource}\` (${requests[resource]}) at most \`limits.${resource}\` (${limits[resource]})`,
      );
    }
  }
}
