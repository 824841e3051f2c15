import type { InputViolation } from '../../errors.ts';
import { type Problem, violationAt } from './problem.ts';
import { isSecretField } from './secrets.ts';
import { type ConfBlock, type ConfValue, isBlock, isList, type Position } from './value.ts';

/** A pattern for `$NAME`, `${NAME}` or `$(NAME)`. A bcrypt hash has further `$`. */
const VARIABLE = /^\$(?:[A-Za-z_]\w*|\{\w+\}|\(\w+\))$/;
const IN_URL = /:\/\/[^\s/?#@:]*:\$(?:[A-Za-z_]\w*|\{\w+\}|\(\w+\))@/;

/**
 * Returns every secret that is a text like `"$NAME"`. nats-server replaces a variable only without quotes, so the name
 * itself, which is not secret, would be the password.
 */
export function variableTexts(input: string, tree: ConfBlock): readonly InputViolation[] {
  return Object.entries(tree.entries).flatMap(([key, value]) => {
    const position = tree.positions?.get(key);
    return position === undefined ? [] : textsIn(input, value, { key, position });
  });
}

type Place = { readonly key: string; readonly position: Position };

function textsIn(input: string, value: ConfValue, place: Place): readonly InputViolation[] {
  if (isBlock(value)) return variableTexts(input, value);
  if (isList(value)) return value.items.flatMap((item) => textsIn(input, item, place));
  if (typeof value !== 'string') return [];
  const isName = isSecretField(place.key) ? VARIABLE.test(value) : IN_URL.test(value);
  return isName ? [violationAt(input, place.position, notReplaced(place.key))] : [];
}

function notReplaced(key: string): Problem {
  return {
    says: `got the name of a variable as text in \`${key}\`; nothing replaces it, so that the name would be the secret`,
    fix: `put the secret in by an expression of the workflow, as \`${key}: "\${{ secrets.NAME }}"\``,
  };
}
