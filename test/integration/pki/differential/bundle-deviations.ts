import { boolean, integer, oid, sequence } from '../../../../src/pki/der.ts';
import { EXTENSION } from '../../../../src/pki/extensions.ts';
import type { Draw } from '../../../chaos/random.ts';
import { basicConstraints, type Chain, changed, DAY_MS, pick, soundChain, withOther } from './chain.ts';
import { type Draft, extension, withExtension, withoutExtension } from './draft.ts';
import type { Deviation } from './use-deviations.ts';

function shuffled<Item>(draw: Draw, items: readonly Item[]): readonly Item[] {
  return items
    .map((item) => [draw.share(), item] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, item]) => item);
}

const order: Deviation = (draw, chain) => {
  const [leaf = 0, ...rest] = chain.presented;
  const presented = draw.chance(0.3) ? shuffled(draw, chain.presented) : [leaf, ...shuffled(draw, rest)];
  return { ...chain, presented };
};

const membership: Deviation = (draw, chain) => {
  const root = chain.drafts.length - 1;
  const middle = chain.presented.slice(1);
  return draw.oneOf<() => Chain>([
    () => ({ ...chain, presented: [0] }),
    () => ({ ...chain, presented: [...chain.presented, root] }),
    () => ({ ...chain, presented: [...chain.presented, ...middle] }),
    () => ({ ...chain, trusted: middle.length === 0 ? [root] : [pick(draw, middle)] }),
    () => ({ ...chain, trusted: [root, ...middle] }),
    () => ({ ...chain, trusted: [0] }),
    () => ({ ...chain, trusted: [0, root], presented: [0] }),
    () => ({ ...chain, trusted: [...chain.presented] }),
  ])();
};

/** Replaces the chain by a self-signed leaf certificate, which is itself trusted or not. */
const selfSigned: Deviation = (draw, chain) => {
  const [leaf] = chain.drafts;
  const own: Draft = { ...withoutExtension(leaf, '2.5.29.35'), issuer: leaf.subject };
  const twin = withOther(chain, { ...own, serial: integer(Uint8Array.of(9, draw.whole(0, 255))) }, leaf);
  const alone: Chain = { ...twin.chain, drafts: [own], presented: [0], trusted: [0], others: [] };
  return draw.oneOf<() => Chain>([
    () => alone,
    () => ({ ...alone, trusted: [1], others: [{ draft: { ...own, serial: integer(Uint8Array.of(7)) }, issuer: own }] }),
    () => changed(alone, 0, (draft) => withExtension(draft, basicConstraints([boolean(true)]))),
    () => changed(alone, 0, (draft) => withoutExtension(draft, EXTENSION.subjectAltName)),
  ])();
};

const flaws: readonly ((chain: Chain, draft: Draft) => Draft)[] = [
  ({ now }, draft) => ({ ...draft, notAfter: new Date(now.getTime() - DAY_MS) }),
  ({ now }, draft) => ({ ...draft, notBefore: new Date(now.getTime() + DAY_MS) }),
  (_, draft) => withExtension(draft, extension(EXTENSION.extendedKeyUsage, sequence(oid('1.3.6.1.5.5.7.3.3')))),
  (_, draft) => withExtension(draft, basicConstraints([])),
  (_, draft) => ({ ...draft, serial: integer(Uint8Array.of(42)) }),
];

/**
 * Adds a second certificate with a flaw for a CA of the chain, or replaces the first one by it. The flaw must matter
 * only if no other path exists.
 */
const twins: Deviation = (draw, chain) => {
  const { drafts } = chain;
  const index = draw.whole(1, drafts.length - 1);
  const [draft, issuer] = [drafts[index], drafts[Math.min(index + 1, drafts.length - 1)]];
  if (draft === undefined || issuer === undefined) return chain;
  const isRoot = index === drafts.length - 1;
  const { chain: wider, number } = withOther(chain, pick(draw, flaws)(chain, draft), issuer);
  const isAlone = draw.chance(0.4);
  if (isRoot) return { ...wider, trusted: isAlone ? [number] : shuffled(draw, [...wider.trusted, number]) };
  const [leaf = 0, ...others] = wider.presented;
  const rest = isAlone ? others.filter((each) => each !== index) : others;
  return { ...wider, presented: [leaf, ...shuffled(draw, [...rest, number])] };
};

/** Adds other CAs to the bundle, some with the name of a CA of the chain. */
const strangers: Deviation = (draw, chain) => {
  const other = soundChain(draw, chain);
  const root = other.drafts.at(-1) ?? other.drafts[0];
  const subject = draw.chance(0.5) ? (chain.drafts.at(-1)?.subject ?? root.subject) : root.subject;
  const foreign = { ...root, subject };
  const { chain: wider, number } = withOther(chain, foreign, foreign);
  return draw.oneOf<() => Chain>([
    () => ({ ...wider, trusted: shuffled(draw, [...wider.trusted, number]) }),
    () => ({ ...wider, trusted: [number] }),
    () => ({ ...wider, presented: [...wider.presented, number] }),
  ])();
};

export const BUNDLE_DEVIATIONS = {
  order,
  membership,
  'self-signed leaf': selfSigned,
  twin: twins,
  stranger: strangers,
} as const satisfies Readonly<Record<string, Deviation>>;
