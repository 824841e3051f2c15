import { Duplex } from 'node:stream';

/** A stream whose far end the test plays: what it pushes is read, what is written is taken and forgotten. */
export function playedStream(): Duplex {
  return new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
}
