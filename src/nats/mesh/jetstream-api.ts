import { type Decoded, decodeAnswer } from './decoded.ts';

/** The requests that are reserved for users of the system account; the meta leader answers them. */
export type JetStreamRequest =
  /** Moves the replica that `from` holds to another server. */
  | { readonly kind: 'move'; readonly account: string; readonly stream: string; readonly from: string }
  | { readonly kind: 'step-down' }
  /**
   * Removes a server from the meta group. The server then turns its JetStream off and forgets the data that it received
   * from the group.
   */
  | { readonly kind: 'remove'; readonly server: string };

/**
 * Returns the subject and the body of a request: `JSApiServerStreamMove`, `JSApiLeaderStepDown` and `JSApiRemoveServer`
 * of nats-server `server/jetstream_api.go`.
 */
export function jetstreamMessage(request: JetStreamRequest): { readonly subject: string; readonly body: string } {
  switch (request.kind) {
    case 'move': {
      const { account, stream, from } = request;
      return { subject: `$JS.API.ACCOUNT.STREAM.MOVE.${account}.${stream}`, body: JSON.stringify({ server: from }) };
    }
    case 'step-down':
      return { subject: '$JS.API.META.LEADER.STEPDOWN', body: '' };
    case 'remove':
      return { subject: '$JS.API.SERVER.REMOVE', body: JSON.stringify({ peer: request.server }) };
  }
}

/**
 * Checks whether a request can contain the name: the name of a configured account may be an invalid token of a subject.
 */
export function isSubjectToken(name: string): boolean {
  return /^[^\s.*>]+$/u.test(name);
}

/** The answer of JetStream's own API to a request of the system account. */
export type JetStreamAnswer =
  | { readonly kind: 'accepted' }
  /** A refusal. `isUnderWay` means that the requested change is in progress or done. */
  | { readonly kind: 'refused'; readonly isUnderWay: boolean; readonly words: string };

/**
 * The codes in `server/errors.json` that mean "in progress or done": a move (10124), another change of the stream
 * (10226) or of the meta group (10202) is in progress, the server no longer belongs to the stream (10040) or to the
 * meta group (10044), the stream no longer exists (10059).
 */
const UNDER_WAY: readonly number[] = [10124, 10226, 10202, 10040, 10044, 10059];

const SHOWN_LENGTH = 200;

/**
 * Decodes `ApiResponse` of nats-server `server/jetstream_api.go`: `{ type, error: { code, err_code, description } }`.
 */
export function decodeJetStreamAnswer(answer: unknown): Decoded<JetStreamAnswer> {
  return decodeAnswer(withoutEnvelope(answer), (fields): JetStreamAnswer => {
    const error = fields.object('answer').optionalObject('error');
    if (error === undefined) {
      return { kind: 'accepted' };
    }
    const isUnderWay = UNDER_WAY.includes(error.optionalInteger('err_code') ?? 0);
    const words = error.optionalText('description')?.slice(0, SHOWN_LENGTH) ?? 'an error without words';
    return { kind: 'refused', isUnderWay, words };
  });
}

/**
 * Wraps the answer, because this API answers with an `error` at the top level, which `decodeAnswer` treats as a
 * failure.
 */
function withoutEnvelope(answer: unknown): unknown {
  return { answer };
}
