import { setTimeout as delay } from 'node:timers/promises';

type Stream = { readonly write: (text: string, written: () => void) => unknown };

/**
 * Waits until everything that was written to the streams has left the process. A pipe with a slow reader accepts only
 * as much as fits, and the rest would be lost when the process ends. The wait ends after `patienceMs`, because a reader
 * may have stopped.
 */
export async function flushed(streams: readonly Stream[], patienceMs = 2000): Promise<void> {
  const written = streams.map((stream) => new Promise<void>((resolve) => stream.write('', () => resolve())));
  await Promise.race([Promise.all(written), delay(patienceMs)]);
}
