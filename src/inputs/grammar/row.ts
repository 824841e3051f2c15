import type { InputViolation } from '../../errors/action-error.ts';

/** The type of a value in typesafegithub's action-types.yml. */
export type Typing =
  | { readonly type: 'string' | 'boolean' | 'integer' }
  | { readonly type: 'enum'; readonly values: readonly string[] }
  | { readonly type: 'list'; readonly separator: string; readonly item: Typing };

export type Parsed<Value> =
  | { readonly kind: 'accepted'; readonly value: Value }
  /**
   * `expected` is set if it differs from the grammar's. `suggestion` is set if the text shows the user's intention.
   * `violations` is set if the text is a document of several lines: each violation names its line.
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

export function accept<Value>(value: Value): Parsed<Value> {
  return { kind: 'accepted', value };
}

export function refuse(fields: { readonly expected?: string; readonly suggestion?: string | undefined } = {}): {
  readonly kind: 'refused';
} {
  const { expected, suggestion } = fields;
  return {
    kind: 'refused',
    ...(expected === undefined ? {} : { expected }),
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

export const COMMANDS = ['deploy', 'plan', 'verify', 'rotate', 'delete', 'prune', 'render'] as const;

export type Command = (typeof COMMANDS)[number];

/** The commands that use a Kubernetes cluster. */
export const CLUSTER_COMMANDS: readonly Command[] = COMMANDS.filter((command) => command !== 'render');

/**
 * The commands with the inputs of `deploy`. `plan` reports the effect of `deploy`, so it accepts all inputs of
 * `deploy`, including those that matter only after the deployment, for example `smoke-test`.
 */
export const DEPLOYING = ['deploy', 'plan'] as const satisfies readonly Command[];

/** The commands whose inputs describe a whole deployment. */
export const DESCRIBING_COMMANDS = [...DEPLOYING, 'render'] as const satisfies readonly Command[];

export type Group =
  | 'Target'
  | 'Cluster'
  | 'JetStream'
  | 'Credentials'
  | 'Logging and limits'
  | 'Certificates'
  | 'Configuration'
  | 'Rendering'
  | 'Previews'
  | 'Consent'
  | 'Waiting and report';

/**
 * The name of an input, and its descriptions in Markdown. They have no links, because the descriptions in action.yml
 * are also shown without the documents.
 */
type Texts = {
  readonly name: string;
  readonly group: Group;
  /** The meaning in full sentences, without the default. */
  readonly description: string;
  /** The effect of leaving the input out, as a phrase; only for an input without a default. */
  readonly unset?: string;
  /** The case in which the input is required, as a phrase that follows that word. */
  readonly required?: string;
  /** The document about the input, with its anchor. */
  readonly guide?: string;
};

/** One input: its name, its grammar, and its value if it is absent. */
export type Row<Value> = Texts & {
  /** The default in action.yml; the empty string if the input has none. */
  readonly default: string;
  /** The value in the typed inputs if the input is absent. */
  readonly absent: Value;
  /** The commands that read the input; all other commands refuse it. */
  readonly commands: readonly Command[];
  readonly grammar: Grammar<Value>;
};

export type ValueOf = <Value>(row: Row<Value>) => Value;

type Fields = Texts & { readonly commands: readonly Command[] };

/** Makes an input that always has a value. */
export function defineRow<Value>(grammar: Grammar<Value>, fields: Fields & { readonly default: string }): Row<Value> {
  return {
    ...fields,
    grammar,
    // The default is parsed when it is needed, because a runner passes every default itself.
    get absent() {
      const parsed = grammar.parse(fields.default);
      if (parsed.kind === 'accepted') return parsed.value;
      throw new TypeError(`default of input ${fields.name}: expected ${grammar.expected}`);
    },
  };
}

/** Makes an input that may be absent. */
export function defineOptionalRow<Value>(grammar: Grammar<Value>, fields: Fields): Row<Value | undefined> {
  return { ...fields, default: '', grammar, absent: undefined };
}

const OF_ONE_RUN: readonly Group[] = ['Target', 'Rendering', 'Previews', 'Consent', 'Waiting and report'];

/**
 * Checks whether the input is stored with the deployment, so that commands that do not accept the input know its value.
 * A stored input describes the NATS cluster, does not belong to one run, and is not a secret.
 */
export function isKept({ commands, group, grammar }: Row<unknown>): boolean {
  const ofOneRun = OF_ONE_RUN.includes(group);
  // A path means nothing on another machine, and the configuration holds secrets.
  const ofOneMachine = group === 'Configuration';
  return commands.includes('deploy') && !ofOneRun && !ofOneMachine && grammar.secrets === undefined;
}
