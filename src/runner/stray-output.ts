import { StringDecoder } from 'node:string_decoder';
import { setTimeout as delay } from 'node:timers/promises';

type FlushedStream = { readonly write: (text: string, written: () => void) => unknown };

/**
 * Waits until everything that was written to the streams has left the process. A pipe with a slow reader accepts only
 * as much as fits, and the rest would be lost when the process ends. The wait ends after `patienceMs`, because a reader
 * may have stopped.
 */
export async function flushStreams(streams: readonly FlushedStream[], patienceMs = 2000): Promise<void> {
  const written = streams.map((stream) => new Promise<void>((resolve) => stream.write('', () => resolve())));
  await Promise.race([Promise.all(written), delay(patienceMs)]);
}

type Stream = { readonly write: (chunk: string | Uint8Array, callback: () => void) => boolean };

/** The length at which an unfinished line is passed on in parts. */
const MAX_PENDING = 65_536;

/**
 * The separation of the output of this action from the output of its libraries and Node.js. It replaces `write` of the
 * streams, because libraries can write with `console` at any time.
 */
export class OutputGuard {
  readonly #streams: readonly Stream[];
  #isOwn = false;

  constructor(streams: readonly Stream[]) {
    this.#streams = streams;
  }

  /** Runs `write`, whose text goes to the streams unchanged. */
  own(write: () => void): void {
    const before = this.#isOwn;
    this.#isOwn = true;
    try {
      write();
    } finally {
      this.#isOwn = before;
    }
  }

  /** Redirects to `onLine` every line that is written to the streams from now on, except the text of `own`. */
  begin(onLine: (line: string) => void): void {
    for (const stream of this.#streams) divertStream(stream, () => this.#isOwn, onLine);
  }
}

function divertStream(stream: Stream, isOwn: () => boolean, onLine: (line: string) => void): void {
  const direct = stream.write.bind(stream);
  const decoder = new StringDecoder('utf8');
  let pending = '';
  const write = (chunk: string | Uint8Array, ...rest: readonly unknown[]): boolean => {
    const written = rest.find((value) => typeof value === 'function');
    const callback = (): void => void written?.();
    // An empty text is written by code that waits until the stream is flushed.
    if (isOwn() || chunk.length === 0) return direct(chunk, callback);
    pending += typeof chunk === 'string' ? chunk : decoder.write(chunk);
    const lines = pending.split('\n');
    const last = lines.pop() ?? '';
    pending = last.length > MAX_PENDING ? '' : last;
    lines.forEach(onLine);
    if (pending !== last) onLine(last);
    callback();
    return true;
  };
  Object.defineProperty(stream, 'write', { value: write, configurable: true, writable: true });
}
