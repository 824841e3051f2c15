import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { takeFreeServerPorts } from '../../support/nats-server.ts';

test('the ports of servers are distinct and outside of the ephemeral range of the kernel', async () => {
  const range = await readFile('/proc/sys/net/ipv4/ip_local_port_range', 'utf8');
  const places = await Promise.all(Array.from({ length: 30 }, takeFreeServerPorts));
  const ports = places.flatMap((place) => Object.values(place));
  expect(new Set(ports).size).toBe(90);
  expect(Math.max(...ports)).toBeLessThan(Number(range.split(/\s+/)[0]));
});
