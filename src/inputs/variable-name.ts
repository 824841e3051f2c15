/**
 * Checks whether a text is the name of a variable as a shell or a template writes it: `$NAME`, `${NAME}` or `$(NAME)`.
 * No program replaces it in an input, so a secret of this form would be a name that everyone can read. A name without
 * brackets has to be in capitals, because a password may begin with `$`.
 */
export function isVariableName(text: string): boolean {
  return /^\$(?:[A-Z_][A-Z0-9_]*|\{\w+\}|\(\w+\))$/.test(text);
}
