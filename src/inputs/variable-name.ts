/**
 * Returns whether a text is the name of a variable as a shell or a template writes it: `$NAME`, `${NAME}` or `$(NAME)`.
 * Nothing replaces it in an input, so that a secret of this form would be a name that anybody can read. A name without
 * brackets has to be in capitals, because a password may begin with `$`.
 */
export function isVariableName(text: string): boolean {
  return /^\$(?:[A-Z_][A-Z0-9_]*|\{\w+\}|\(\w+\))$/.test(text);
}
