import { decodeHealthz } from '../nats/mesh/healthz.ts';
import { decodeLedStreams, type ToldHealth } from '../nats/mesh/stream-replicas.ts';
import type { SignIn } from './connection.ts';
import { keptConnection } from './kept-connection.ts';
import type { ServerTarget } from './target.ts';

/** Reads the full HEALTHZ of one server and, with JetStream, the streams it leads. Closes its connection. */
export async function askHealth(
  target: ServerTarget & SignIn,
  { server, jetstream }: { readonly server: string; readonly jetstream: boolean },
): Promise<ToldHealth> {
  const { ask, close } = keptConnection(target);
  try {
    const health = await ask('HEALTHZ', decodeHealthz);
    if (!health.ok) return { server, unanswered: health.failure.message };
    const { problem } = health.value;
    if (!jetstream) return { server, problem, led: undefined };
    const led = await ask('JSZ', decodeLedStreams(server));
    return led.ok ? { server, problem, led: led.value } : { server, unanswered: led.failure.message };
  } finally {
    await close();
  }
}
