import { setTimeout as delay } from 'node:timers/promises';

type Stream = { readonly write: (text: string, written: () => void) => unknown };

/**
 * Waits until all that was written to the streams has left the process: a pipe whose reader is slow takes no more than
 * fits it, and the rest would end with the process. A reader that has stopped is not waited for.
 */
export async function flushed(streams: readonly Stream[], patienceMs = 2000): Promise<void> {
  const written = streams.map((stream) => new Promise<void>((resolve) => stream.write('', () => resolve())));
  await Promise.race([Promise.all(written), delay(patienceMs)]);
}
