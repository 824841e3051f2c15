import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * The first port, below the range from which the kernel itself assigns ports (`net.ipv4.ip_local_port_range`, from
 * 32768 on). A free port of that range may become an outgoing connection of any process, or the port of a server with
 * `port: -1`, before a test listens on it.
 */
const FIRST = 10_000;
const PER_WORKER = 2_000;
const WORKERS = 11;

let given = 0;

/** Returns a free port of 127.0.0.1 that no other test of this run receives. */
export async function takeFreePort(): Promise<number> {
  const worker = Number(process.env['JEST_WORKER_ID'] ?? 0) % WORKERS;
  const port = FIRST + worker * PER_WORKER + ((process.pid + given) % PER_WORKER);
  given += 1;
  return (await isFree(port)) ? port : await takeFreePort();
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
