import { type Decoded, decodeAnswer } from './decoded.ts';

/** Returns how many clients of any account are connected to a server, as VARZ reports it (nats-server `type Varz`). */
export function decodeConnections(answer: unknown): Decoded<number> {
  return decodeAnswer(answer, (fields) => fields.integer('connections'));
}
