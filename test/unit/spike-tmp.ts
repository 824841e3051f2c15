import { connectServer } from '../../src/servers/connection.ts';
import { testAuthority, testLeaf } from '../integration/servers/certificates.ts';
import { openPort } from './support/simulation/server-ports.ts';

const a = await testAuthority('a');
const leaf = await testLeaf(a);
const files = { certificate: leaf.certificate, key: leaf.privateKey, trust: a.trust };
const server: any = {
  id: 'NIM000000000001',
  pod: 'nats-0',
  version: '2.15.2',
  sessions: new Set(),
  configuration: {
    serverName: 'nats-0',
    clusterName: 'nats',
    tls: { ...files, verifies: false },
    users: new Map([['sys', { password: 'p', account: '$SYS' }]]),
  },
};
const parts: any = { clock: { noteActivity() {}, now: () => performance.now() }, network: {}, reload: () => undefined };
const r = await connectServer({
  dial: async (port) => {
    return openPort(parts, server, port);
  },
  trust: a.trust,
  serverName: 'localhost',
  timeoutMs: 2000,
  signal: new AbortController().signal,
  user: 'sys',
  password: 'p',
});
console.log(r);
