import { foreignText } from '../secrets/foreign-text.ts';
import { integerOf, isRecord, recordOf, recordsOf, textOf } from './objects/json.ts';

export type StatusCause = { readonly reason: string; readonly message: string; readonly field: string };

/** The length at which a message is cut. An admission webhook may quote the whole object that it refuses. */
const MOST_MESSAGE = 8192;
const MOST_CAUSES = 100;

/** The API server's error body (Kubernetes API reference, meta/v1 Status). */
export type Status = {
  readonly code: number | undefined;
  readonly reason: string;
  readonly message: string;
  readonly details: {
    readonly name: string | undefined;
    readonly group: string;
    /** The field is named kind on the wire, though it usually holds the plural resource: `namespaces`. */
    readonly kind: string | undefined;
    readonly causes: readonly StatusCause[];
    readonly retryAfterSeconds: number | undefined;
  };
};

/** Decodes a Status; undefined for any other body, such as a proxy's HTML page. */
export function decodeStatus(body: unknown): Status | undefined {
  if (!isRecord(body) || body['kind'] !== 'Status') return undefined;
  const details = recordOf(body['details']);
  return {
    code: integerOf(body['code']),
    reason: textOf(body['reason']) ?? '',
    message: foreignText(textOf(body['message']) ?? '', MOST_MESSAGE),
    details: {
      name: textOf(details['name']),
      group: textOf(details['group']) ?? '',
      kind: textOf(details['kind']),
      causes: recordsOf(details['causes'])
        .slice(0, MOST_CAUSES)
        .map((cause) => ({
          reason: textOf(cause['reason']) ?? '',
          message: foreignText(textOf(cause['message']) ?? ''),
          field: textOf(cause['field']) ?? '',
        })),
      retryAfterSeconds: integerOf(details['retryAfterSeconds']),
    },
  };
}

/**
 * Checks whether a manifest does not fit its schema. Server-side apply then answers 500 (measured on 1.36), which is
 * final, unlike other 500s.
 */
export function isSchemaMismatch(status: Status | undefined): boolean {
  return (
    status !== undefined && /failed to create typed patch object|field not declared in schema/.test(status.message)
  );
}
