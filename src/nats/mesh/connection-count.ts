import { type Decoded, decodeAnswer } from './decoded.ts';

/** Returns how many clients are connected to a server, of whatever account, as VARZ says (nats-server `type Varz`). */
export function decodeConnections(answer: unknown): Decoded<number> {
  return decodeAnswer(answer, (fields) => fields.integer('connections'));
}
