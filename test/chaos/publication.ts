import { setTimeout as delay } from 'node:timers/promises';
import { connect, type Msg, type NatsConnection } from '@nats-io/transport-node';

const LIMIT_MS = 5000;

export type Application = { readonly user: string; readonly password: string; readonly trust: string };

/** Publishes a message on each server. Returns every `from → to` for which the other server did not deliver it. */
export async function findMissingDeliveries(
  servers: readonly { readonly name: string; readonly port: number }[],
  { user, password, trust }: Application,
): Promise<readonly string[]> {
  const connections: { readonly name: string; readonly connection: NatsConnection }[] = [];
  try {
    for (const { name, port } of servers) {
      const options = { servers: `localhost:${port}`, user, pass: password, tls: { ca: trust } };
      const connection = await connect({ ...options, reconnect: false, ignoreClusterUpdates: true, timeout: LIMIT_MS });
      connections.push({ name, connection });
    }
    return await findUndelivered(connections);
  } finally {
    await Promise.allSettled(connections.map(async ({ connection }) => await connection.close()));
  }
}

async function findUndelivered(
  connections: readonly { readonly name: string; readonly connection: NatsConnection }[],
): Promise<readonly string[]> {
  const missing = new Set(connections.flatMap(({ name }) => connections.map((to) => `${name} → ${to.name}`)));
  for (const { name, connection } of connections) {
    const callback = (_: unknown, message: Msg): void => {
      missing.delete(`${message.string()} → ${name}`);
    };
    connection.subscribe('chaos.observed', { callback });
    await connection.flush();
  }
  // The other servers learn of a subscription a moment after its own server.
  for (const end = performance.now() + LIMIT_MS; missing.size > 0 && performance.now() < end; await delay(100)) {
    for (const { name, connection } of connections) connection.publish('chaos.observed', name);
  }
  return [...missing];
}
