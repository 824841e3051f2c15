import { integerOf, isRecord, recordOf, recordsOf, textOf } from './objects/json.ts';

export type StatusCause = { readonly reason: string; readonly message: string; readonly field: string };

/** The API server's error body (Kubernetes API reference, meta/v1 Status). */
export type Status = {
  readonly code: number | undefined;
  readonly reason: string;
  readonly message: string;
  readonly details: {
    readonly name: string | undefined;
    readonly group: string;
    /** Named kind on the wire, though it usually holds the plural resource: `namespaces`. */
    readonly kind: string | undefined;
    readonly causes: readonly StatusCause[];
    readonly retryAfterSeconds: number | undefined;
  };
};

/** Undefined for anything that is no Status, such as a proxy's HTML page. */
export function decodeStatus(body: unknown): Status | undefined {
  if (!isRecord(body) || body['kind'] !== 'Status') return undefined;
  const details = recordOf(body['details']);
  return {
    code: integerOf(body['code']),
    reason: textOf(body['reason']) ?? '',
    message: textOf(body['message']) ?? '',
    details: {
      name: textOf(details['name']),
      group: textOf(details['group']) ?? '',
      kind: textOf(details['kind']),
      causes: recordsOf(details['causes']).map((cause) => ({
        reason: textOf(cause['reason']) ?? '',
        message: textOf(cause['message']) ?? '',
        field: textOf(cause['field']) ?? '',
      })),
      retryAfterSeconds: integerOf(details['retryAfterSeconds']),
    },
  };
}

/** Server-side apply answers 500 when a manifest does not fit its schema (measured on 1.36): final, unlike other 500s. */
export function isSchemaMismatch(status: Status | undefined): boolean {
  return (
    status !== undefined && /failed to create typed patch object|field not declared in schema/.test(status.message)
  );
}
