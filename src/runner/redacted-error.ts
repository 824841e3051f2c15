import { ActionError, isActionError } from '../errors.ts';

type Change = (text: string) => string;

/** Returns the same error with every text in it changed: its message, its hint, its details and those of its causes. */
export function redactedError(error: ActionError, change: Change): ActionError {
  const { code, reason, message, hint, details, cause } = error;
  const redacted = new ActionError(code, change(message), {
    hint: change(hint),
    details: changedTexts(details, change),
    ...(reason === undefined ? {} : { reason: change(reason) }),
    ...(cause === undefined ? {} : { cause: redactedCause(cause, change) }),
  });
  return withStack(redacted, error, change);
}

/** What somebody threw that is no error holds nothing to tell. */
function redactedCause(cause: unknown, change: Change): unknown {
  if (isActionError(cause)) return redactedError(cause, change);
  if (!Error.isError(cause)) return undefined;
  const redacted = new Error(change(cause.message), { cause: redactedCause(cause.cause, change) });
  redacted.name = cause.name;
  return withStack(redacted, cause, change);
}

function withStack<Kind extends Error>(redacted: Kind, { stack }: Error, change: Change): Kind {
  if (stack !== undefined) redacted.stack = change(stack);
  return redacted;
}

/** Plain data, as the details of an error are. */
function changedTexts<Value>(value: Value, change: Change): Value {
  const copy = structuredClone(value);
  changeTexts(copy, change);
  return copy;
}

function changeTexts(node: unknown, change: Change): void {
  if (typeof node !== 'object' || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    if (typeof value === 'string') Reflect.set(node, key, change(value));
    else changeTexts(value, change);
  }
}
