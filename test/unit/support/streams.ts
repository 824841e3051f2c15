import { Duplex } from 'node:stream';

/** Makes a stream whose far end the test plays: its pushes are read, and writes are accepted and discarded. */
export function playedStream(): Duplex {
  return new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
}
