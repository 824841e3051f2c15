import type { InputViolation } from '../errors.ts';

/** The type of a value in typesafegithub's action-types.yml. */
export type Typing =
  | { readonly type: 'string' | 'boolean' | 'integer' }
  | { readonly type: 'enum'; readonly values: readonly string[] }
  | { readonly type: 'list'; readonly separator: string; readonly item: Typing };

export type Parsed<Value> =
  | { readonly kind: 'accepted'; readonly value: Value }
  /**
   * `expected` is set if it differs from the grammar's. `suggestion` is set if the text shows the user's intention.
   * `violations` is set if the text is a file of its own, with places in it.
   */
  | {
      readonly kind: 'refused';
      readonly expected?: string;
      readonly suggestion?: string;
      readonly violations?: readonly InputViolation[];
    };

/** The rules for one kind of text. `parse` gets trimmed text that is not empty, and never throws. */
export type Grammar<Value> = {
  readonly expected: string;
  readonly example: string;
  readonly typing: Typing;
  readonly parse: (text: string) => Parsed<Value>;
  /** Returns the parts of a valid or invalid text that no log may show; present only if the text can hold a secret. */
  readonly secrets?: (text: string) => readonly string[];
};

export function accepted<Value>(value: Value): Parsed<Value> {
  return { kind: 'accepted', value };
}

export function refused(fields: { readonly expected?: string; readonly suggestion?: string | undefined } = {}): {
  readonly kind: 'refused';
} {
  const { expected, suggestion } = fields;
  return {
    kind: 'refused',
    ...(expected === undefined ? {} : { expected }),
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}
