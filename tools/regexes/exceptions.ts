/** A regular expression that the check finds super-linear, or cannot read, and the reason why it may stay. */
export type RegexException = {
  readonly file: string;
  /** The source between slashes; undefined for the expressions that the file builds from text. */
  readonly source: string | undefined;
  readonly reason: string;
};

export const EXCEPTIONS: readonly RegexException[] = [
  {
    file: 'src/inputs/rows/cluster.ts',
    source: undefined,
    reason: 'It is made of constants, begins with ^, and reads at most 512 characters.',
  },
  {
    file: 'src/pki/ip-address.ts',
    source: undefined,
    reason: 'It is made of constants, begins with ^, and reads at most 253 characters.',
  },
];
