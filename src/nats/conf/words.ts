import type { Problem } from './problem.ts';
import { lookUp, MOST_DEPTH, type Scope } from './scope.ts';
import type { Session } from './session.ts';
import { type ConfValue, variable } from './value.ts';

export type WordRead =
  | { readonly kind: 'value'; readonly value: ConfValue }
  | { readonly kind: 'problem'; readonly problem: Problem };

/** The enclosing block of a value, and the nesting depth. */
export type Around = { readonly scope: Scope; readonly depth: number };

export const tooDeep: Problem = {
  says: `got more than ${MOST_DEPTH} blocks and lists within one another`,
  fix: 'nest less deeply',
};

/**
 * The prefix of a bcrypt hash, which needs no quotes: nats-server does not treat it as a variable (`lookupVariable`).
 */
const BCRYPT = '$2a$';

/** Converts a word without quotes to a boolean, a variable or a text (`lexString`). */
export function wordValue(session: Session, around: Around, word: string): WordRead {
  if (/^(?:true|yes|on)$/i.test(word)) return { kind: 'value', value: true };
  if (/^(?:false|no|off)$/i.test(word)) return { kind: 'value', value: false };
  if (!word.startsWith('$') || word.startsWith(BCRYPT)) return { kind: 'value', value: word };
  const name = word.slice(1);
  const value = lookUp(around.scope, name);
  if (value !== undefined) {
    return around.depth + session.extentOf(value).depth > MOST_DEPTH
      ? { kind: 'problem', problem: tooDeep }
      : { kind: 'value', value: { kind: 'variable', name, value } };
  }
  if (session.environment.has(name)) return { kind: 'value', value: variable(name) };
  // The message does not repeat the word, because it may be a password that begins with `$`.
  const known = [...session.environment].map((each) => `\`$${each}\``);
  const says = `got \`$\` and a name that nothing above defines, expected ${['a name defined above', ...known].join(', ')}`;
  const fix =
    'define the variable before it is used; put a secret in by an expression of the workflow, as `"${{ secrets.NAME }}"`; put any other text in double quotes';
  return { kind: 'problem', problem: { says, fix } };
}
