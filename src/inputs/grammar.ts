import type { InputViolation } from '../errors.ts';

/** How typesafegithub's action-types.yml names a value. */
export type Typing =
  | { readonly type: 'string' | 'boolean' | 'integer' }
  | { readonly type: 'enum'; readonly values: readonly string[] }
  | { readonly type: 'list'; readonly separator: string; readonly item: Typing };

export type Parsed<Value> =
  | { readonly kind: 'accepted'; readonly value: Value }
  /**
   * `expected` when it differs from the grammar's; `suggestion` when the text shows what was meant; `violations` when the
   * text is a file of its own, with places in it.
   */
  | {
      readonly kind: 'refused';
      readonly expected?: string;
      readonly suggestion?: string;
      readonly violations?: readonly InputViolation[];
    };

/** What one kind of text may look like. `parse` gets trimmed text that is not empty, and never throws. */
export type Grammar<Value> = {
  readonly expected: string;
  readonly example: string;
  readonly typing: Typing;
  readonly parse: (text: string) => Parsed<Value>;
  /** The parts of a text, right or wrong, that no log may show; present only when it can hold a secret. */
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
