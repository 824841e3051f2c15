import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Dial } from '../../../src/servers/dial.ts';
import { openTunnel, type Tunnel } from '../../../src/servers/dial.ts';

/** Makes a server that answers everything with its name. */
const answering =
  (name: string): Dial =>
  async () => {
    const stream: Duplex = new Duplex({
      read: () => {},
      write: (_chunk, _encoding, done) => {
        stream.push(name);
        done();
      },
    });
    return stream;
  };
const unreachable: Dial = async () => {
  throw new Error('its pod is gone');
};

describe('a tunnel', () => {
  const open: Tunnel[] = [];

  afterEach(async () => {
    await Promise.all(open.splice(0).map(async (tunnel) => await tunnel.close()));
  });

  const tunnelTo = async (...servers: readonly Dial[]): Promise<Tunnel> => {
    const tunnel = await openTunnel(servers, new AbortController().signal);
    open.push(tunnel);
    return tunnel;
  };
  const connected = async ({ port }: Tunnel): Promise<Socket> => {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return socket;
  };
  const answer = async (tunnel: Tunnel): Promise<string> => {
    const socket = await connected(tunnel);
    socket.write('who');
    const [data] = await once(socket, 'data');
    socket.destroy();
    return String(data);
  };

  test('leads to one server after the other', async () => {
    const tunnel = await tunnelTo(answering('a'), answering('b'));
    expect([await answer(tunnel), await answer(tunnel), await answer(tunnel)]).toEqual(['a', 'b', 'a']);
  });

  test('skips an unreachable server', async () => {
    const tunnel = await tunnelTo(unreachable, answering('b'));
    expect([await answer(tunnel), await answer(tunnel)]).toEqual(['b', 'b']);
  });

  test('ends a connection if no server is reachable', async () => {
    const socket = await connected(await tunnelTo(unreachable, unreachable));
    socket.resume();
    await once(socket, 'close');
  });

  test('ends its connections when it is closed, and accepts no others', async () => {
    const tunnel = await openTunnel([answering('a')], new AbortController().signal);
    const socket = await connected(tunnel);
    socket.write('who');
    await once(socket, 'data');
    const closed = once(socket, 'close');
    await tunnel.close();
    await closed;
    await expect(connected(tunnel)).rejects.toThrow('ECONNREFUSED');
  });
});
