import { StringDecoder } from 'node:string_decoder';

type Stream = { readonly write: (chunk: string | Uint8Array, callback: () => void) => boolean };

/** Tells what this Action writes from what its libraries and Node.js write. */
export type OutputGuard = {
  /** Runs `write`, whose text goes to the streams as it is. */
  readonly own: (write: () => void) => void;
  /** From now on every other line that is written to the streams goes to `onLine`, and not to them. */
  readonly begin: (onLine: (line: string) => void) => void;
};

/** A line that does not end is told of in parts. */
const MOST_PENDING = 65_536;

/** Changes `write` of the streams, because libraries write by `console` whenever they like. */
export function guardOutput(streams: readonly Stream[]): OutputGuard {
  let isOwn = false;
  return {
    own: (write) => {
      const before = isOwn;
      isOwn = true;
      try {
        write();
      } finally {
        isOwn = before;
      }
    },
    begin: (onLine) => {
      for (const stream of streams) divert(stream, () => isOwn, onLine);
    },
  };
}

function divert(stream: Stream, isOwn: () => boolean, onLine: (line: string) => void): void {
  const direct = stream.write.bind(stream);
  const decoder = new StringDecoder('utf8');
  let pending = '';
  const write = (chunk: string | Uint8Array, ...rest: readonly unknown[]): boolean => {
    const written = rest.find((value) => typeof value === 'function');
    const callback = (): void => void written?.();
    // An empty text comes from who waits until the stream is flushed.
    if (isOwn() || chunk.length === 0) return direct(chunk, callback);
    pending += typeof chunk === 'string' ? chunk : decoder.write(chunk);
    const lines = pending.split('\n');
    const last = lines.pop() ?? '';
    pending = last.length > MOST_PENDING ? '' : last;
    lines.forEach(onLine);
    if (pending !== last) onLine(last);
    callback();
    return true;
  };
  Object.defineProperty(stream, 'write', { value: write, configurable: true, writable: true });
}
