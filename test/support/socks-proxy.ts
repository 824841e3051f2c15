import { connect, createServer } from 'node:net';

/** A SOCKS5 proxy (RFC 1928) that leads to ports of this machine for every host name. */
export type SocksProxy = {
  readonly url: string;
  /** Returns the number of connections made for clients so far. */
  readonly dials: () => number;
  readonly close: () => Promise<void>;
};

const [VERSION, SUCCEEDED, IPV4] = [5, 0, 1];

export async function startSocksProxy(): Promise<SocksProxy> {
  let dials = 0;
  const proxy = createServer((client) => {
    client.on('error', () => client.destroy());
    client.once('data', () => {
      client.write(Buffer.from([VERSION, 0]));
      client.once('data', (asked) => {
        dials += 1;
        const server = connect(asked.readUInt16BE(asked.length - 2), '127.0.0.1', () => {
          client.write(Buffer.from([VERSION, SUCCEEDED, 0, IPV4, 0, 0, 0, 0, 0, 0]));
          server.pipe(client).pipe(server);
        });
        server.on('error', () => client.destroy());
        client.on('close', () => server.destroy());
      });
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const address = proxy.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  return {
    url: `socks5://127.0.0.1:${address.port}`,
    dials: () => dials,
    close: async () => await new Promise<void>((resolve) => void proxy.close(() => resolve())),
  };
}
