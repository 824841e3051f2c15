import { Duplex } from 'node:stream';

/** One end of a connection in memory. What is written to it arrives at the other end a turn of the event loop later. */
class WireEnd extends Duplex {
  other: WireEnd | undefined;
  #isOver = false;

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, written: () => void): void {
    setImmediate(() => {
      this.#hand(chunk);
      written();
    });
  }

  override _final(ended: () => void): void {
    setImmediate(() => {
      this.#hand(null);
      ended();
    });
  }

  override _destroy(error: Error | null, destroyed: (error: Error | null) => void): void {
    setImmediate(() => this.#hand(null));
    destroyed(error);
  }

  #hand(chunk: Buffer | null): void {
    if (this.#isOver || this.other === undefined || this.other.destroyed) return;
    this.#isOver = chunk === null;
    this.other.push(chunk);
  }
}

/** Makes both ends of a connection. */
export function wire(): readonly [Duplex, Duplex] {
  const [one, other] = [new WireEnd(), new WireEnd()];
  [one.other, other.other] = [other, one];
  return [one, other];
}
