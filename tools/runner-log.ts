/** Texts as the page of a workflow run shows them. */
export type RunnerLog = {
  /** Writes one line of the action's output. */
  readonly write: (line: string) => void;
  /** Returns any other text, with the values replaced that the action has masked so far. */
  readonly masked: (text: string) => string;
};

type WorkflowCommand = { readonly name: string; readonly title: string; readonly text: string };

const LEVELS: Readonly<Record<string, string>> = {
  error: 'Error',
  warning: 'Warning',
  notice: 'Notice',
  debug: 'Debug',
};

/**
 * Reads the workflow commands in the action's output as the runner does: masks are kept and hidden, annotations and
 * groups become readable lines. Everything else passes through `print`, masked.
 */
export function createRunnerLog(print: (line: string) => void): RunnerLog {
  const masks = new Set<string>();
  const masked = (text: string): string =>
    [...masks].toSorted((a, b) => b.length - a.length).reduce((shown, mask) => shown.replaceAll(mask, '***'), text);
  return {
    masked,
    write: (line) => {
      const command = parseCommand(line);
      if (command?.name === 'add-mask') {
        maskLines(command.text).forEach((mask) => masks.add(mask));
        return;
      }
      const shown = command === undefined ? line : readable(command);
      if (shown !== undefined) print(masked(shown));
    },
  };
}

/**
 * Splits a mask of several lines, because the runner hides each of them as well (actions/runner,
 * `ActionCommandManager.cs`, `AddMaskCommand`).
 */
function maskLines(value: string): readonly string[] {
  return [value, ...value.split(/\r?\n/)].filter((mask) => mask.trim() !== '');
}

/** Returns the readable line, or undefined for a line that the page does not show. */
function readable({ name, title, text }: WorkflowCommand): string | undefined {
  const level = LEVELS[name];
  if (level !== undefined) return [level, title, text].filter((part) => part !== '').join(': ');
  return name === 'group' ? `▾ ${text}` : undefined;
}

/** Parses `::name key=value,key=value::text`, escaped (actions/runner, `ActionCommand.cs`). */
function parseCommand(line: string): WorkflowCommand | undefined {
  const [, name, properties = '', text = ''] = /^\s*::([a-z-]+)(?: (.*?))?::(.*)$/.exec(line) ?? [];
  if (name === undefined) return undefined;
  const title = properties.split(',').find((property) => property.startsWith('title='));
  return { name, title: unescapedProperty(title?.slice('title='.length) ?? ''), text: unescaped(text) };
}

function unescapedProperty(text: string): string {
  return unescaped(text.replaceAll('%3A', ':').replaceAll('%2C', ','));
}

/** Replaces `%25` last, because `%250A` stands for the text `%0A`. */
function unescaped(text: string): string {
  return text.replaceAll('%0A', '\n').replaceAll('%0D', '\r').replaceAll('%25', '%');
}
