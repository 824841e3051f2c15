import type { Grammar } from './grammar.ts';

export const COMMANDS = ['deploy', 'plan', 'verify', 'rotate', 'delete', 'prune', 'render'] as const;

export type Command = (typeof COMMANDS)[number];

/** The commands that talk to a cluster. */
export const CLUSTER_COMMANDS: readonly Command[] = COMMANDS.filter((command) => command !== 'render');

/** `plan` is asked what `deploy` would do, so it takes all of its inputs, also those that only matter afterwards. */
export const DEPLOYING = ['deploy', 'plan'] as const satisfies readonly Command[];

/** Those that are given a whole deployment. */
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

/** One input: how it is spelt, what it may hold, and what it is when absent. */
export type Row<Value> = {
  readonly name: string;
  readonly group: Group;
  readonly description: string;
  /** As in action.yml; the empty string when there is none. */
  readonly default: string;
  /** What the typed inputs hold when the input is absent. */
  readonly absent: Value;
  /** The commands that read it; every other one refuses it. */
  readonly commands: readonly Command[];
  readonly grammar: Grammar<Value>;
};

export type ValueOf = <Value>(row: Row<Value>) => Value;

type Fields = {
  readonly name: string;
  readonly group: Group;
  readonly description: string;
  readonly commands: readonly Command[];
};

/** An input that always has a value. */
export function defaulted<Value>(grammar: Grammar<Value>, fields: Fields & { readonly default: string }): Row<Value> {
  return {
    ...fields,
    grammar,
    // Parsed when it is asked for: a runner gives every default itself.
    get absent() {
      const parsed = grammar.parse(fields.default);
      if (parsed.kind === 'accepted') return parsed.value;
      throw new TypeError(`default of input ${fields.name}: expected ${grammar.expected}`);
    },
  };
}

/** An input that may be absent. */
export function optional<Value>(grammar: Grammar<Value>, fields: Fields): Row<Value | undefined> {
  return { ...fields, default: '', grammar, absent: undefined };
}

const OF_ONE_RUN: readonly Group[] = ['Target', 'Rendering', 'Previews', 'Consent', 'Waiting and report'];

/**
 * Whether a deployment keeps the input, so that commands that do not take it know it: it describes the cluster, and
 * is neither about one run nor a secret.
 */
export function isKept({ commands, group, grammar }: Row<unknown>): boolean {
  const ofOneRun = OF_ONE_RUN.includes(group);
  // A path says nothing where the file is not, and the configuration holds secrets.
  const ofOneMachine = group === 'Configuration';
  return commands.includes('deploy') && !ofOneRun && !ofOneMachine && grammar.secrets === undefined;
}
