import { ActionError, isActionError } from '../errors/action-error.ts';

type Change = (text: string) => string;

/**
 * Returns the same error with `change` applied to every text: its message, its hint, its details and those of its
 * causes.
 */
export function redactError(error: ActionError, change: Change): ActionError {
  const { code, reason, message, hint, details, cause } = error;
  const redacted = new ActionError(code, change(message), {
    hint: change(hint),
    details: changeTexts(details, change),
    ...(reason === undefined ? {} : { reason: change(reason) }),
    ...(cause === undefined ? {} : { cause: redactCause(cause, change) }),
  });
  return copyStack(redacted, error, change);
}

/** Returns a cause with `change` applied to its texts; undefined for a thrown value that is not an error. */
function redactCause(cause: unknown, change: Change): unknown {
  if (isActionError(cause)) return redactError(cause, change);
  if (!Error.isError(cause)) return undefined;
  const redacted = new Error(change(cause.message), { cause: redactCause(cause.cause, change) });
  redacted.name = cause.name;
  return copyStack(redacted, cause, change);
}

function copyStack<Kind extends Error>(redacted: Kind, { stack }: Error, change: Change): Kind {
  if (stack !== undefined) redacted.stack = change(stack);
  return redacted;
}

/**
 * Returns the same data with `change` applied to every text. Values other than lists and plain objects are returned
 * unchanged.
 */
export function changeTexts<Value>(value: Value, change: Change): Value {
  if (typeof value !== 'object' || value === null || !isPlain(value)) return value;
  const copy = Object.assign(Array.isArray(value) ? [] : {}, value);
  for (const [key, inner] of Object.entries(value)) Reflect.set(copy, key, changeText(inner, change));
  return copy;
}

function changeText(value: unknown, change: Change): unknown {
  if (typeof value === 'string') return change(value);
  return isActionError(value) ? redactError(value, change) : changeTexts(value, change);
}

function isPlain(value: object): boolean {
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
}
