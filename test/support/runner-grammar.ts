/**
 * One command of a step, as the runner reads it. The reader follows the source of the runner, and does not use code of
 * the action: actions/runner, `ProcessInvoker.cs` (lines), `OutputManager.cs` and `ActionCommandManager.cs` (which
 * lines are commands), `ActionCommand.cs` (their grammar). It is stricter than any one runner: `StartsWith` and
 * `IndexOf` of .NET compare by culture, which ignores invisible characters, or by code, depending on the set-up of the
 * machine; a text that either way takes for a command counts as one.
 */
export type RunnerCommand = {
  /** The name in lower case. */
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
  readonly line: string;
};

export type RunnerReading = {
  readonly commands: readonly RunnerCommand[];
  /** The lines that the log shows, with all values replaced that were masked before them. */
  readonly shown: readonly string[];
  readonly masks: readonly string[];
  /** The outputs that commands set. */
  readonly outputs: Readonly<Record<string, string>>;
  /** The token that ends the current `stop-commands`; undefined without one. */
  readonly stoppedUntil: string | undefined;
};

const REGISTERED =
  'stop-commands set-env set-output save-state add-mask add-path add-matcher remove-matcher debug warning error notice group endgroup echo internal-set-repo-path'.split(
    ' ',
  );

/** Reads a whole log. */
export function readAsRunner(text: string): RunnerReading {
  const commands: RunnerCommand[] = [];
  const shown: string[] = [];
  const masks = new Set<string>();
  const outputs: Record<string, string> = {};
  let stoppedUntil: string | undefined;
  for (const line of linesAsRunner(text)) {
    const registered = stoppedUntil === undefined ? REGISTERED : [...REGISTERED, stoppedUntil.toLowerCase()];
    const command = commandIn(line, registered);
    const isResuming = command !== undefined && command.name === stoppedUntil?.toLowerCase();
    if (command === undefined || (stoppedUntil !== undefined && !isResuming)) {
      shown.push(maskedBy(masks, line));
      continue;
    }
    if (isResuming) {
      stoppedUntil = undefined;
      continue;
    }
    commands.push(command);
    if (command.name === 'stop-commands') stoppedUntil = command.data;
    if (command.name === 'add-mask' && command.data.trim() !== '') masks.add(command.data);
    if (command.name === 'set-output') outputs[command.properties['name'] ?? ''] = command.data;
    const isShown = ['debug', 'warning', 'error', 'notice', 'group'].includes(command.name);
    if (isShown) shown.push(maskedBy(masks, `${command.properties['title'] ?? ''} ${command.data}`));
  }
  return { commands, shown, masks: [...masks], outputs, stoppedUntil };
}

/** Splits lines like `StreamReader.ReadLine`: CR, LF or both end a line. */
function linesAsRunner(text: string): readonly string[] {
  const lines = text.split(/\r\n|\r|\n/);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

/** Returns the command in a line, by either way to compare. */
export function commandIn(line: string, registered: readonly string[] = REGISTERED): RunnerCommand | undefined {
  const seen = line.replaceAll(UNSEEN, '');
  if (!seen.includes('::') && !seen.includes('##[')) return undefined;
  return parseV2(line, registered) ?? parseV1(line, registered);
}

function maskedBy(masks: ReadonlySet<string>, text: string): string {
  return [...masks]
    .toSorted((left, right) => right.length - left.length)
    .reduce((shown, mask) => shown.replaceAll(mask, '***'), text);
}

/** Parses a command like `TryParseV2`. */
function parseV2(line: string, registered: readonly string[]): RunnerCommand | undefined {
  const message = trimStart(line);
  if (!indicesOf(message, '::', 0).includes(0) && !startsUnseen(message)) return undefined;
  for (const end of indicesOf(message, '::', 2)) {
    const command = commandOf(message.slice(2, end), ',', registered);
    if (command !== undefined) return { ...command, data: unescaped(message.slice(end + 2), DATA), line };
  }
  return undefined;
}

/** Checks the start of a line like `StartsWith` by culture, which ignores invisible characters. */
function startsUnseen(message: string): boolean {
  return message.replaceAll(UNSEEN, '').startsWith('::');
}

/** Parses a command like `TryParse`, the old form. */
function parseV1(line: string, registered: readonly string[]): RunnerCommand | undefined {
  for (const prefix of indicesOf(line, '##[', 0)) {
    const bracket = line.indexOf(']', prefix);
    if (bracket < 0) continue;
    const command = commandOf(line.slice(prefix + 3, bracket), ';', registered);
    if (command !== undefined) return { ...command, data: unescaped(line.slice(bracket + 1), OLD), line };
  }
  return undefined;
}

type Head = Pick<RunnerCommand, 'name' | 'properties'>;

function commandOf(info: string, separator: ',' | ';', registered: readonly string[]): Head | undefined {
  const space = info.indexOf(' ');
  const name = (space < 0 ? info : info.slice(0, space)).toLowerCase();
  if (!registered.includes(name)) return undefined;
  const pairs = (space < 0 ? '' : info.slice(space + 1)).split(separator).flatMap((pair) => {
    const at = pair.indexOf('=');
    return at < 1 || at === pair.length - 1 ? [] : [[pair.slice(0, at).trim(), pair.slice(at + 1)] as const];
  });
  const mapping = separator === ',' ? PROPERTY : OLD;
  return { name, properties: Object.fromEntries(pairs.map(([key, value]) => [key, unescaped(value, mapping)])) };
}

type Mapping = readonly (readonly [written: string, meant: string])[];

const DATA: Mapping = [
  ['%0D', '\r'],
  ['%0A', '\n'],
  ['%25', '%'],
];
const PROPERTY: Mapping = [
  ['%0D', '\r'],
  ['%0A', '\n'],
  ['%3A', ':'],
  ['%2C', ','],
  ['%25', '%'],
];
const OLD: Mapping = [
  ['%3B', ';'],
  ['%0D', '\r'],
  ['%0A', '\n'],
  ['%5D', ']'],
  ['%25', '%'],
];

function unescaped(text: string, mapping: Mapping): string {
  return mapping.reduce((rest, [written, meant]) => rest.replaceAll(written, meant), text);
}

/** The characters of `char.IsWhiteSpace`: the categories Zs, Zl and Zp, U+0009 to U+000D, U+0085 and U+00A0. */
const WHITE_SPACE = /^[\t\n\v\f\r\u0085\u00a0\p{Zs}\p{Zl}\p{Zp}]+/u;

function trimStart(text: string): string {
  return text.replace(WHITE_SPACE, '');
}

/** The characters without weight in the comparison by culture (Unicode Collation Algorithm, default table). */
const UNSEEN = /(?![\t\n\v\f\r\u0085])[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}]/gu;

/** Returns every index that `IndexOf` may return for a pattern from `start` on, in either way of comparing. */
function indicesOf(text: string, pattern: string, start: number): readonly number[] {
  const by = new Set<number>();
  const first = text.indexOf(pattern, start);
  if (first >= 0) by.add(first);
  const seen: number[] = [];
  let plain = '';
  for (const { index, 0: character } of text.slice(start).matchAll(/[\s\S]/gu)) {
    if (character.replaceAll(UNSEEN, '') === '') continue;
    for (let unit = 0; unit < character.length; unit += 1) seen.push(start + index + unit);
    plain += character;
  }
  const at = plain.indexOf(pattern);
  if (at < 0) return [...by];
  // A match by culture may also begin with characters that it ignores.
  const from = at === 0 ? start : (seen[at - 1] ?? start) + 1;
  for (let index = from; index <= (seen[at] ?? from); index += 1) by.add(index);
  return [...by].toSorted((left, right) => left - right);
}
