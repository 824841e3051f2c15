import { connect, createSecureContext, TLSSocket } from 'node:tls';
import { readGreeting } from '../../src/servers/server-info.ts';
import { testAuthority, testLeaf } from '../integration/servers/certificates.ts';
import { wire } from './support/simulation/wire.ts';

const a = await testAuthority('a');
const leaf = await testLeaf(a);
async function attempt(label: string, info: boolean, requestCert: boolean, late: boolean) {
  const [s, c] = wire();
  let server: any;
  const wrap = () => {
    server = new TLSSocket(s, {
      isServer: true,
      secureContext: createSecureContext({ cert: leaf.certificate, key: leaf.privateKey, ca: a.trust }),
      requestCert,
      rejectUnauthorized: false,
    });
    server.on('error', (e: any) => console.log('server error', (e as any).code));
    server.on('secure', () => {
      server.on('data', () => {});
    });
  };
  if (info)
    s.write(
      'INFO {"server_id":"NAACKZIVBVV4JHYB","server_name":"n","version":"2.15.2","tls_required":true}\r\n',
      () => {
        if (late) wrap();
      },
    );
  if (!late) wrap();
  if (info) await readGreeting(c);

  const sock = connect({
    socket: c,
    secureContext: createSecureContext({ ca: a.trust, minVersion: 'TLSv1.2', allowPartialTrustChain: true }),
    servername: 'localhost',
    rejectUnauthorized: true,
  });
  const r = await Promise.race([
    new Promise((r) => sock.on('secureConnect', () => r('ok'))),
    new Promise((r) => setTimeout(r, 300, 'hang')),
  ]);
  console.log(label, r);
}
await attempt('plain', false, true, false);
await attempt('plain no cert', false, false, false);
await attempt('info', true, true, false);
await attempt('info late', true, true, true);
