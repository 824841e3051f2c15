import type { Inputs } from './case.ts';
import { drawsOf } from './random.ts';

/** A pod that is removed; `afterMs` counts from the start of the run and may be negative. */
export type Taken = {
  readonly afterMs: number;
  /** The position in [0, 1) in the list of the present pods. */
  readonly pick: number;
  /**
   * The kind of removal. `evicted`: as by a node drain, if the disruption budget allows it. `deleted`: gracefully, but
   * without the budget. `crashed`: without a grace period.
   */
  readonly how: 'evicted' | 'deleted' | 'crashed';
};

/** A rolling change during which pods are removed, drawn completely from the seed. */
export type EvictionCase = {
  readonly seed: number;
  readonly start: Inputs;
  readonly target: Inputs;
  readonly taken: readonly Taken[];
};

const MEMORY = { jetstream: 'true', 'jetstream-storage': '0', 'jetstream-memory': '32Mi' } as const;
const FIRST_MS = -4000;
const LAST_MS = 25_000;

export function evictionCaseOf(seed: number): EvictionCase {
  const draw = drawsOf(seed);
  const replicas = draw.oneOf(['3', '3', '5']);
  const streams: Inputs = draw.chance(0.6) ? MEMORY : {};
  const image = `nats:${draw.oneOf(['2.10.29', '2.12.15', '2.15.2'])}`;
  const start = { replicas, image, ...streams };
  const change = draw.chance(0.5)
    ? { image: 'nats:2.15.2', overrides: annotation(seed) }
    : { resources: `{requests: {cpu: ${draw.whole(41, 79)}m, memory: 96Mi}}` };
  // Without the budget, the fault alone may remove the last copy of a stream, so half of the cases use only evictions.
  const hows = draw.chance(0.5) ? (['evicted'] as const) : (['evicted', 'deleted', 'crashed'] as const);
  const taken = Array.from({ length: draw.whole(1, 4) }, (): Taken => {
    return { afterMs: draw.whole(FIRST_MS, LAST_MS), pick: draw.share(), how: draw.oneOf(hows) };
  }).toSorted((one, other) => one.afterMs - other.afterMs);
  return { seed, start, target: { ...start, ...change }, taken };
}

/** Describes the case for a table of results. */
export function describeEvictions({ seed, start, target, taken }: EvictionCase): string {
  const streams = start['jetstream'] === undefined ? '' : ', with a stream in memory';
  const change = target['resources'] === undefined ? `image ${target['image']}` : 'resources';
  const evictions = taken.map(({ how, pick, afterMs }) => `${how} ${pick.toFixed(2)} at ${afterMs} ms`);
  return `seed ${seed}: ${start['replicas']} × ${start['image']}${streams}, ${change}; ${evictions.join(', ')}`;
}

/** Returns an annotation that replaces pods even if the image stays the same. */
function annotation(seed: number): string {
  return `StatefulSet/servers: {spec: {template: {metadata: {annotations: {soak: "${seed}"}}}}}`;
}
