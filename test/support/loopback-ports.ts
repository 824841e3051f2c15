import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below what the kernel hands out by itself (`net.ipv4.ip_local_port_range`, from 32768 on): a port of that range which
 * is free now may be the outgoing connection of anybody, or what a server gets for `port: -1`, before it is listened on.
 */
const FIRST = 10_000;
const PER_WORKER = 2_000;
const WORKERS = 11;

let given = 0;

/** A port of 127.0.0.1 that nobody holds, and that no other test of this run is given. */
export async function freePort(): Promise<number> {
  const worker = Number(process.env['JEST_WORKER_ID'] ?? 0) % WORKERS;
  const port = FIRST + worker * PER_WORKER + ((process.pid + given) % PER_WORKER);
  given += 1;
  return (await isFree(port)) ? port : await freePort();
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const listening = once(server, 'listening').then(
    () => true,
    () => false,
  );
  server.listen(port, '127.0.0.1');
  if (!(await listening)) return false;
  const closed = once(server, 'close');
  server.close();
  await closed;
  return true;
}
