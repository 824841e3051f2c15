import { type Decoded, decodeAnswer } from './decoded.ts';

/** What only a user of the system account may ask for; the meta leader answers. */
export type JetStreamRequest =
  /** Has another server take the replica that `from` holds. */
  | { readonly kind: 'move'; readonly account: string; readonly stream: string; readonly from: string }
  | { readonly kind: 'step-down' }
  /** Takes a server out of the meta group, which turns its JetStream off and forgets what the group told it. */
  | { readonly kind: 'remove'; readonly server: string };

/** `JSApiServerStreamMove`, `JSApiLeaderStepDown`, `JSApiRemoveServer` of nats-server `server/jetstream_api.go`. */
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

/** Whether a request can name it: an account of a configuration may be called as no token of a subject is. */
export function isSubjectToken(name: string): boolean {
  return /^[^\s.*>]+$/u.test(name);
}

/** What JetStream's own API says to a request of the system account. */
export type JetStreamAnswer =
  | { readonly kind: 'accepted' }
  /** `underWay`: what was asked for is being done, or done. */
  | { readonly kind: 'refused'; readonly isUnderWay: boolean; readonly words: string };

/**
 * `server/errors.json`: a move (10124), another change of the stream (10226) or of the meta group (10202) is in progress,
 * the server is none of the stream's (10040) or of the meta group (10044) any more, the stream is gone (10059).
 */
const UNDER_WAY: readonly number[] = [10124, 10226, 10202, 10040, 10044, 10059];

const SHOWN_LENGTH = 200;

/** `ApiResponse` of nats-server `server/jetstream_api.go`: `{ type, error: { code, err_code, description } }`. */
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

/** An `error` at the top is what this API answers with, and for `decodeAnswer` the end. */
function withoutEnvelope(answer: unknown): unknown {
  return { answer };
}
