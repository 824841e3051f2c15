import type { OutputName } from '../inputs/outputs.ts';
import { isTooShortToHide, type KnownSecret, listMasks } from '../secrets/masks.ts';

/** The length from which a secret is not part of a name by accident. */
const SHORTEST_UNLIKELY = 16;

/**
 * The registry of the secrets that the runner hides. It records the outputs that contain a secret, because the runner
 * does not pass them to other jobs.
 */
export class Hiding {
  readonly #setMask: (mask: string) => void;
  readonly #hidden = new Set<string>();
  /** The source of each mask. */
  readonly #masks = new Map<string, string>();
  readonly #tooShort = new Set<string>();
  readonly #lost = new Map<string, Set<OutputName>>();

  constructor(setMask: (mask: string) => void) {
    this.#setMask = setMask;
  }

  hide({ text, source }: KnownSecret): void {
    if (this.#hidden.has(text)) return;
    this.#hidden.add(text);
    if (isTooShortToHide(text)) this.#tooShort.add(source);
    for (const mask of listMasks(text)) {
      if (this.#masks.has(mask)) continue;
      this.#masks.set(mask, source);
      this.#setMask(mask);
    }
  }

  /**
   * Records the secrets that the value of an output contains. Returns whether it contains one that is too long to be an
   * ordinary word.
   */
  checkOutput(name: OutputName, value: string): boolean {
    const found = [...this.#masks].filter(([mask]) => value.includes(mask));
    for (const [, source] of found) this.#lost.set(source, (this.#lost.get(source) ?? new Set()).add(name));
    return found.some(([mask]) => mask.length >= SHORTEST_UNLIKELY);
  }

  /** Returns the warnings about secrets that are part of outputs, or too short to hide. */
  warnings(): readonly string[] {
    return [
      ...[...this.#lost].map(([source, names]) => renderLostOutputs(source, [...names])),
      ...renderShortSecrets([...this.#tooShort]),
    ];
  }
}

function renderLostOutputs(source: string, names: readonly OutputName[]): string {
  const outputs = names.map((name) => `\`${name}\``).join(', ');
  const begin = names.length === 1 ? 'This output contains' : 'These outputs contain';
  return (
    `${begin} a secret of \`${source}\`: ${outputs}. ` +
    'The runner hides a secret wherever its letters occur, and does not pass an output that contains a secret to other jobs. ' +
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
