import { type Draw, drawsOf } from '../../../chaos/random.ts';
import { BUNDLE_DEVIATIONS } from './bundle-deviations.ts';
import { type Case, type Chain, encodeChain, pick, soundChain } from './chain.ts';
import { ENCODING_DEVIATIONS } from './encoding-deviations.ts';
import { KEY_DEVIATIONS } from './key-deviations.ts';
import { NAME_DEVIATIONS } from './name-deviations.ts';
import { type Deviation, USE_DEVIATIONS } from './use-deviations.ts';

/** The possible flaws of a chain, by kind. */
const DEVIATIONS: Readonly<Record<string, Deviation>> = {
  ...USE_DEVIATIONS,
  ...NAME_DEVIATIONS,
  ...KEY_DEVIATIONS,
  ...BUNDLE_DEVIATIONS,
  ...ENCODING_DEVIATIONS,
};
export const KINDS = Object.keys(DEVIATIONS);

/**
 * The kinds of a second flaw. Kinds that add another path are missing: with several paths, the verdict names the first
 * one only, so that a second flaw would hide the reason for which all paths are refused.
 */
const SECOND_KINDS = KINDS.filter((kind) => !Object.hasOwn(BUNDLE_DEVIATIONS, kind));

/** Applies a flaw to the chain, and a second one to every fifth chain. */
function deviated(draw: Draw, kind: string, chain: Chain): Chain {
  const first = DEVIATIONS[kind]?.(draw, chain) ?? chain;
  if (draw.chance(0.8) || !SECOND_KINDS.includes(kind)) return first;
  return DEVIATIONS[pick(draw, SECOND_KINDS)]?.(draw, first) ?? first;
}

type CaseOptions = {
  readonly seed: number;
  readonly perKind: number;
  readonly names: readonly string[];
  readonly now: Date;
};

/** Returns `perKind` chains of each kind, all from one seed. */
export function generateCases({ seed, perKind, names, now }: CaseOptions): readonly Case[] {
  return KINDS.flatMap((kind, index) => {
    const draw = drawsOf(seed + 7919 * index);
    const next = (): Case => encodeChain(kind, deviated(draw, kind, soundChain(draw, { names, now })));
    return Array.from({ length: perKind }, next);
  });
}
