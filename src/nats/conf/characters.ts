const SPACES: ReadonlySet<string> = new Set(
  '\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000',
);

/** Checks whether the character may stand between a key and its value, and between entries (`unicode.IsSpace`). */
export function isSpace(character: string): boolean {
  return SPACES.has(character);
}

/** Checks whether the character may stand next to a value on its line (`isWhitespace` of nats-server). */
export function isBlank(character: string): boolean {
  return character === ' ' || character === '\t';
}

export function isLineBreak(character: string): boolean {
  return character === '\n' || character === '\r';
}

/** Checks whether the character is a digit (`unicode.IsDigit`). */
export function isDigit(character: string): boolean {
  return (character >= '0' && character <= '9') || (character > '\x7f' && /^\p{Nd}$/u.test(character));
}

export function isSeparator(character: string): boolean {
  return character === '=' || character === ':';
}

/** Describes a character. A character that may belong to a password is described by its kind only. */
export function described(character: string): string {
  if (character === '') return 'the end of the file';
  if (isLineBreak(character)) return 'the end of the line';
  if (isSpace(character)) return 'a space';
  if (isDigit(character)) return 'a digit';
  return /^[!-/:-@[-`{-~]$/.test(character) ? `\`${character}\`` : 'a letter';
}
