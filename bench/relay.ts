import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/** Carries connections to an API server unchanged, still encrypted, and counts bytes and connections. */
export type Relay = {
  readonly url: string;
  /** Returns the counts since the last call, both directions together. */
  readonly taken: () => { readonly bytes: number; readonly connections: number };
  readonly close: () => Promise<void>;
};

export async function openRelay(server: string): Promise<Relay> {
  const { hostname, port } = new URL(server);
  let [bytes, connections] = [0, 0];
  const relay = createServer((near) => {
    connections += 1;
    const far = connect(Number(port), hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      from.pipe(to);
      from.on('error', () => to.destroy()).on('close', () => to.destroy());
    }
  });
  relay.listen(0, '127.0.0.1');
  await once(relay, 'listening');
  const address = relay.address();
  if (address === null || typeof address === 'string') throw new Error('the relay has no port');
  return {
    url: `https://127.0.0.1:${address.port}`,
    taken: () => {
      const taken = { bytes, connections };
      [bytes, connections] = [0, 0];
      return taken;
    },
    close: async () => {
      relay.close();
      await once(relay, 'close');
    },
  };
}
