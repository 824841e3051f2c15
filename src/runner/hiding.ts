import type { OutputName } from '../inputs/outputs.ts';
import { isTooShortToHide, type KnownSecret, listMasks } from '../secrets/masks.ts';

/** The registration of secrets with the runner, with a record of the outputs that are lost by it. */
export type Hiding = {
  readonly hide: (secret: KnownSecret) => void;
  /**
   * Records the secrets that the value of an output contains. Returns whether it contains one that is too long to be an
   * ordinary word.
   */
  readonly inOutput: (name: OutputName, value: string) => boolean;
  /** Returns the warnings about secrets that cannot be hidden, or only with a loss. */
  readonly warnings: () => readonly string[];
};

/** The length from which a secret is not part of a name by accident. */
const SHORTEST_UNLIKELY = 16;

export function createHiding(setMask: (mask: string) => void): Hiding {
  const hidden = new Set<string>();
  /** The source of each mask. */
  const masks = new Map<string, string>();
  const tooShort = new Set<string>();
  const lost = new Map<string, Set<OutputName>>();
  return {
    hide: ({ text, source }) => {
      if (hidden.has(text)) return;
      hidden.add(text);
      if (isTooShortToHide(text)) tooShort.add(source);
      for (const mask of listMasks(text)) {
        if (masks.has(mask)) continue;
        masks.set(mask, source);
        setMask(mask);
      }
    },
    inOutput: (name, value) => {
      const found = [...masks].filter(([mask]) => value.includes(mask));
      for (const [, source] of found) lost.set(source, (lost.get(source) ?? new Set()).add(name));
      return found.some(([mask]) => mask.length >= SHORTEST_UNLIKELY);
    },
    warnings: () => [
      ...[...lost].map(([source, names]) => renderLostOutputs(source, [...names])),
      ...renderShortSecrets([...tooShort]),
    ],
  };
}

function renderLostOutputs(source: string, names: readonly OutputName[]): string {
  const outputs = names.map((name) => `\`${name}\``).join(', ');
  const pronoun = names.length === 1 ? 'This output contains' : 'These outputs contain';
  return (
    `${pronoun} a secret of \`${source}\`: ${outputs}. ` +
    'The runner hides a secret wherever its letters occur, and does not pass job outputs on that contain one. ' +
    'Use a longer secret that is not part of a name, or let this action generate it.'
  );
}

function renderShortSecrets(sources: readonly string[]): readonly string[] {
  if (sources.length === 0) return [];
  const where = sources.map((source) => `\`${source}\``).join(', ');
  return [
    `A secret of fewer than 4 characters cannot be hidden in the log, because its letters occur in other words: ${where}. Use a longer one.`,
  ];
}
