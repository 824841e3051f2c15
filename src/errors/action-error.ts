/**
 * One invalid input, with the texts for the log: `message` states the problem, the value and the expected value, and
 * `correction` is the corrected line.
 */
export type InputViolation = {
  readonly input: string;
  readonly message: string;
  readonly correction: string;
  /** The position in a file of the user, counted from 1; `message` states it too. */
  readonly at?: { readonly file: string; readonly line: number; readonly column: number };
};

/** One permission of a Role or ClusterRole rule that the credentials lack. */
export type MissingPermission = {
  readonly group: string;
  readonly resource: string;
  readonly verb: string;
  readonly namespace: string | undefined;
};

/**
 * One problem of one object, for example of an object that the API server refused or whose fields another manager owns.
 */
export type ObjectProblem = {
  readonly object: string;
  readonly reason: string;
  readonly message: string;
};

/** Lines of logs, events and statuses that show a cause, redacted. */
type Evidence = { readonly evidence?: readonly string[] };

/** The details that each error code carries in addition to its message. A code is stable; its message is not. */
export type ErrorDetails = {
  readonly INPUT_INVALID: { readonly violations: readonly InputViolation[] };
  readonly CLUSTER_UNREACHABLE: { readonly server: string };
  readonly CLUSTER_MISMATCH: { readonly expected: string; readonly actual: string };
  readonly UNAUTHENTICATED: { readonly server: string };
  readonly FORBIDDEN: { readonly missing: readonly MissingPermission[] };
  readonly NAMESPACE_MISSING: { readonly namespace: string };
  readonly APPLY_CONFLICT: { readonly problems: readonly ObjectProblem[] };
  readonly APPLY_REJECTED: { readonly problems: readonly ObjectProblem[] } & Evidence;
  readonly CHANGE_FORBIDDEN: { readonly problems: readonly ObjectProblem[] };
  readonly PKI_INVALID: { readonly field: string } & Evidence;
  readonly LOCKED: { readonly holder: string };
  readonly SERVER_UNSUPPORTED: { readonly image: string; readonly version: string | undefined };
  readonly ROLLOUT_STALLED: { readonly problems: readonly ObjectProblem[] } & Evidence;
  readonly WAIT_TIMEOUT: { readonly problems: readonly ObjectProblem[] };
  readonly MESH_INCOMPLETE: { readonly problems: readonly ObjectProblem[] } & Evidence;
  readonly MESH_INSECURE: { readonly problems: readonly ObjectProblem[] };
  readonly ROTATION_UNSAFE: { readonly problems: readonly ObjectProblem[] };
  readonly CERTIFICATE_EXPIRING: { readonly problems: readonly ObjectProblem[] };
  readonly SMOKE_TEST_FAILED: { readonly exitCode: number };
  readonly PRUNE_INCOMPLETE: { readonly problems: readonly ObjectProblem[] };
  readonly DRIFT: { readonly problems: readonly ObjectProblem[] };
  readonly CANCELLED: { readonly signal: string };
  readonly INTERNAL: Readonly<Record<string, never>>;
};

export type ErrorCode = keyof ErrorDetails;

type ActionErrorFields<Code extends ErrorCode> = {
  /** The specific cause within a code, in CamelCase, for example `ImagePullBackOff`. */
  readonly reason?: string;
  /** The next action, ready to paste. */
  readonly hint: string;
  readonly details: ErrorDetails[Code];
  readonly cause?: unknown;
};

/**
 * The error that every failure of this action is reported as. `message` states the problem, the object, the value and
 * the expected value; `hint` states the next action. Neither ever contains a password or a private key.
 */
export class ActionError<Code extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'ActionError';
  readonly code: Code;
  readonly reason: string | undefined;
  readonly hint: string;
  readonly details: ErrorDetails[Code];

  constructor(code: Code, message: string, fields: ActionErrorFields<Code>) {
    super(message, fields.cause === undefined ? undefined : { cause: fields.cause });
    this.code = code;
    this.reason = fields.reason;
    this.hint = fields.hint;
    this.details = fields.details;
  }
}

/** Checks whether an error is an `ActionError`, whatever its code. */
export function isActionError(error: unknown): error is ActionError {
  return error instanceof ActionError;
}

/** Checks whether an error is an `ActionError` with this code; narrows `details`. */
export function hasCode<Code extends ErrorCode>(error: unknown, code: Code): error is ActionError<Code> {
  return error instanceof ActionError && error.code === code;
}

/** The codes whose details are problems of objects. */
type ProblemCode = {
  [Code in ErrorCode]: { readonly problems: readonly ObjectProblem[] } extends ErrorDetails[Code] ? Code : never;
}[ErrorCode];

/** Returns the error about one problem of one object, or of one input. */
export function problemError<Code extends Exclude<ProblemCode, 'INTERNAL'>>(
  code: Code,
  { object, reason, message, hint }: ObjectProblem & { readonly hint: string },
): ActionError<Code> {
  return new ActionError(code, message, { reason, hint, details: { problems: [{ object, reason, message }] } });
}
